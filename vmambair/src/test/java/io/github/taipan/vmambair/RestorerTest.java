package io.github.taipan.vmambair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.model.VmambaIR;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks of width 8 with first values of seed 7, and ones of zeros, which pass the image on. */
class RestorerTest {
  private static final CpuDevice DEVICE = new CpuDevice(2);

  @AfterAll
  static void close() {
    DEVICE.close();
  }

  private static Configuration configuration(Task task) {
    return new Configuration(task, 8, List.of(1, 1, 1, 1), 1, Variant.FULL);
  }

  private static Model model(Task task, Parameters parameters) {
    return new Model("tiny", new VmambaIR(configuration(task), parameters), parameters);
  }

  private static Model random(Task task) {
    return model(task, Parameters.initialized(DEVICE, 7));
  }

  /** A network whose output is its input, enlarged by repetition where it enlarges. */
  private static Model zeros(Task task) {
    return model(task, Parameters.zeros(DEVICE));
  }

  /** Just enough memory for tiles of 64 pixels. */
  private static Restorer inTiles(Model model, int height, int width) {
    int scale = model.network().configuration().task().scale();
    double perPixel = MemoryEstimate.bytesPerPixel(model.network().configuration());
    long blending = 64L * width * scale * scale * 3 * Float.BYTES;
    long pictures = 3L * height * width * (1 + scale * scale);
    long weights = 4 * model.parameters().count();
    Restorer restorer =
        new Restorer(model, (long) (64 * 64 * perPixel) + blending + pictures + weights + 100);
    assertTrue(!restorer.tiling(height, width).isWhole());
    assertEquals(64, restorer.tiling(height, width).tileWidth());
    return restorer;
  }

  private static Image picture(int height, int width, int channels) {
    CounterRandom random = CounterRandom.seeded(7).split("picture");
    byte[] samples = new byte[height * width * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) random.below(256, i);
    }
    return Image.wrap(height, width, channels, samples);
  }

  @ParameterizedTest
  @CsvSource({
    "DERAIN, 97, 97",
    "DERAIN, 200, 65",
    "DERAIN, 130, 161",
    "SR4, 97, 97",
    "REALSR4, 70, 129"
  })
  void tilesOfAnImageThatPassesThroughMakeItWhole(Task task, int height, int width) {
    Model model = zeros(task);
    Image image = picture(height, width, 3);
    Image whole = new Restorer(model).restore(image);
    assertEquals(whole, inTiles(model, height, width).restore(image));
    int scale = task.scale();
    for (int y = 0; y < whole.height(); y++) {
      for (int x = 0; x < whole.width(); x++) {
        assertEquals(image.sample(y / scale, x / scale, 1), whole.sample(y, x, 1));
      }
    }
  }

  @Test
  void aConstantOutputStaysConstantInTiles() {
    Model model = zeros(Task.SR4);
    DEVICE.write(model.parameters().value("tail.1.bias"), new float[] {0.31f, 0.6f, 0.87f});
    Image restored =
        inTiles(model, 97, 130).restore(Image.wrap(97, 130, 3, new byte[97 * 130 * 3]));
    assertEquals(
        new Restorer(model).restore(Image.wrap(97, 130, 3, new byte[97 * 130 * 3])), restored);
    for (int y = 0; y < restored.height(); y++) {
      for (int x = 0; x < restored.width(); x++) {
        assertEquals(Math.rint(0.6f * 255f), restored.sample(y, x, 1));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 9", "5, 3", "8, 8", "2, 17", "13, 16"})
  void anySizeIsMirroredCutAndEnlarged(int height, int width) {
    Image image = picture(height, width, 3);
    int paddedHeight = Tiling.padded(height);
    int paddedWidth = Tiling.padded(width);
    byte[] mirrored = new byte[paddedHeight * paddedWidth * 3];
    for (int y = 0; y < paddedHeight; y++) {
      for (int x = 0; x < paddedWidth; x++) {
        for (int c = 0; c < 3; c++) {
          mirrored[(y * paddedWidth + x) * 3 + c] =
              (byte) image.sample(bounce(y, height), bounce(x, width), c);
        }
      }
    }
    for (Task task : Task.values()) {
      Restorer restorer = new Restorer(random(task));
      int scale = task.scale();
      Image padded = restorer.restore(Image.wrap(paddedHeight, paddedWidth, 3, mirrored));
      Image expected = padded.crop(0, 0, height * scale, width * scale);
      assertEquals(expected, restorer.restore(image), task.label());
    }
  }

  /** A place that walks back and forth between the first and the last. */
  private static int bounce(int steps, int size) {
    int at = 0;
    int direction = 1;
    for (int i = 0; i < steps && size > 1; i++) {
      if (at + direction < 0 || at + direction >= size) {
        direction = -direction;
      }
      at += direction;
    }
    return at;
  }

  @ParameterizedTest
  @EnumSource(Task.class)
  void greyStaysGrey(Task task) {
    Restorer restorer = new Restorer(random(task));
    Image grey = picture(9, 12, 1);
    Image restored = restorer.restore(grey);
    assertTrue(restored.isGrey());
    assertEquals(restorer.restore(grey.toRgb()).toGrey(), restored);
  }

  @ParameterizedTest
  @EnumSource(Task.class)
  void alphaIsKept(Task task) {
    Restorer restorer = new Restorer(random(task));
    Image alpha = picture(9, 12, 1);
    Image colour = picture(9, 12, 3);
    Picture restored = restorer.restore(new Picture(colour, alpha));
    assertEquals(task.scale() == 1 ? alpha : Bicubic.enlarge(alpha, 4), restored.alpha());
    assertEquals(restorer.restore(colour), restored.colour());
    assertEquals(null, restorer.restore(Picture.opaque(colour)).alpha());
  }

  @Test
  void threadsThatShareARestorerGetWhatTheyWouldGetAlone() {
    Restorer restorer = new Restorer(random(Task.SR4));
    List<Image> images =
        IntStream.range(0, 6).mapToObj(i -> picture(16 + 3 * i, 24 - 2 * i, 3)).toList();
    List<Image> alone = images.stream().map(restorer::restore).toList();
    List<CompletableFuture<Image>> together =
        images.stream()
            .map(image -> CompletableFuture.supplyAsync(() -> restorer.restore(image)))
            .toList();
    assertEquals(alone, together.stream().map(CompletableFuture::join).toList());
    assertNotEquals(alone.get(0), alone.get(1));
  }

  @Test
  void tooLittleMemoryIsOneSentence() {
    Restorer restorer = new Restorer(random(Task.SR4), 1_000_000);
    var failure =
        assertThrows(IllegalArgumentException.class, () -> restorer.restore(picture(80, 90, 3)));
    assertEquals(
        "a picture of 90x80 does not fit into the memory, not even in tiles of 64 pixels: allow"
            + " more",
        failure.getMessage());
  }
}
