package io.github.taipan.vmambair.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Losses;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Protocol;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasureTest {
  @Test
  void everyNameNamesAMeasure() {
    for (String name : Measure.NAMES) {
      assertEquals(name, Measure.named(name, Protocol.roundedY(4)).name());
    }
  }

  /** A distance that counts differing samples stands for those of networks. */
  @Test
  void perceptualOnesTakeWholePicturesInColour() {
    List<Shape> shapes = new ArrayList<>();
    Measure measure =
        new Measure.Perceptual(
            "lpips",
            (x, y) -> {
              shapes.add(x.shape());
              return Functions.reshape(Losses.l1Loss(x, y), 1);
            },
            new ReferenceDevice());
    Image black = Image.of(16, 20, 1, new byte[320]);
    byte[] grey = new byte[960];
    Arrays.fill(grey, (byte) 51);
    assertEquals(0, measure.of(black, black));
    assertEquals(0.2, measure.of(black, Image.of(16, 20, 3, grey)), 1e-7);
    assertEquals(Shape.of(1, 16, 20, 3), shapes.getLast());
    assertFalse(measure.higherIsBetter());
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> measure.of(black.crop(0, 0, 15, 20), black.crop(0, 0, 15, 20)));
    assertEquals("LPIPS needs 16 pixels each way, there are 20x15", failure.getMessage());
    assertThrows(IllegalArgumentException.class, () -> measure.of(black.crop(0, 0, 16, 16), black));
  }

  @Test
  void rgbLeavesOutTheSameBorder() {
    assertEquals(
        new Measure.Ssim(Protocol.rgb(4)), Measure.named("ssim-rgb", Protocol.roundedY(4)));
  }

  @Test
  void othersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Measure.named("niqe", Protocol.y(4)));
    assertThrows(
        IllegalArgumentException.class, () -> Measure.named("ssim-rgb", Protocol.derainingFork(0)));
  }
}
