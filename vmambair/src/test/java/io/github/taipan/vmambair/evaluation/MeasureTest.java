package io.github.taipan.vmambair.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.taipan.nn.image.Protocol;
import org.junit.jupiter.api.Test;

class MeasureTest {
  @Test
  void everyNameNamesAMeasure() {
    for (String name : Measure.NAMES) {
      assertEquals(name, Measure.named(name, Protocol.roundedY(4)).name());
    }
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
