package io.github.taipan.nn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.testing.FixtureFile;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BicubicTest {

  /** The whole input shrunk to a quarter, and its corner of the shrunk size enlarged twice. */
  @ParameterizedTest
  @CsvSource({"imresize.x025, 48, 64, 0.25", "imresize.x2, 12, 16, 2"})
  void floatSamplesMatchTheOracle(String name, int height, int width, double scale) {
    FixtureFile file = FixtureFile.load("op_metrics.safetensors");
    float[] input = file.values("imresize.in");
    int line = file.shape("imresize.in")[1] * 3;
    float[] corner = new float[height * width * 3];
    for (int y = 0; y < height; y++) {
      System.arraycopy(input, y * line, corner, y * width * 3, width * 3);
    }
    float[] expected = file.values(name);
    float[] actual = Bicubic.resize(corner, height, width, 3, scale, Border.SYMMETRIC);
    assertEquals(expected.length, actual.length);
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    System.out.printf(
        "%s: %d values, largest error %.2g of %.3g%n", name, actual.length, worst, largest);
    assertTrue(worst <= 2e-6 * largest, "largest error " + worst);
  }

  @ParameterizedTest
  @CsvSource({"set5, 5", "set14, 14"})
  void lowResolutionFilesAreReproducedBitForBit(String set, int count) {
    Path folder = Benchmarks.folder(set);
    int checked = 0;
    for (Path file : Benchmarks.files(folder, "_hr.png")) {
      Path low = Path.of(file.toString().replace("_hr.png", "_lr4.png"));
      Image high = Benchmarks.read(file).cropToMultiple(4);
      assertEquals(Benchmarks.read(low), Bicubic.shrink(high, 4), file.toString());
      checked++;
    }
    System.out.println(set + ": " + checked + " low-resolution files reproduced bit for bit.");
    assertEquals(count, checked);
  }

  @Test
  void aConstantPictureStaysConstant() {
    byte[] samples = new byte[13 * 9 * 3];
    Arrays.fill(samples, (byte) 201);
    Image image = Image.of(13, 9, 3, samples);
    for (Image resized :
        new Image[] {
          Bicubic.shrink(image, 4),
          Bicubic.enlarge(image, 4),
          Bicubic.resize(image, 1 / 3.0, Border.SYMMETRIC)
        }) {
      for (byte sample : resized.samples()) {
        assertEquals((byte) 201, sample);
      }
    }
    assertEquals("Image[4x3x3]", Bicubic.shrink(image, 4).toString());
    assertEquals("Image[52x36x3]", Bicubic.enlarge(image, 4).toString());
  }

  @Test
  void anOvershootIsClamped() {
    byte[] step = {0, 0, 0, 0, -1, -1, -1, -1};
    Image enlarged = Bicubic.enlarge(Image.of(1, 8, 1, step), 4);
    assertEquals(0, enlarged.sample(0, 13, 0));
    assertEquals(255, enlarged.sample(3, 18, 0));
  }

  @Test
  void bordersDiffer() {
    assertEquals(0, Border.REPLICATE.index(-3, 5));
    assertEquals(4, Border.REPLICATE.index(9, 5));
    assertEquals(2, Border.SYMMETRIC.index(-3, 5));
    assertEquals(4, Border.SYMMETRIC.index(5, 5));
    assertEquals(0, Border.SYMMETRIC.index(-11, 5));
    assertEquals(0, Border.SYMMETRIC.index(7, 1));
    assertEquals(3, Border.REFLECT.index(-3, 5));
    assertEquals(3, Border.REFLECT.index(5, 5));
    assertEquals(1, Border.REFLECT.index(15, 5));
    assertEquals(0, Border.REFLECT.index(-7, 1));
  }
}
