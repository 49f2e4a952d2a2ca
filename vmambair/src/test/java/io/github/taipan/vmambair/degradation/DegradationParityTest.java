package io.github.taipan.vmambair.degradation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.tensor.Resampling.Filter;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.vmambair.degradation.Blur.Bell;
import io.github.taipan.vmambair.degradation.Blur.Profile;
import io.github.taipan.vmambair.degradation.Blur.Sinc;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The parts of the chain against BasicSR's, computed in float64. */
class DegradationParityTest {
  private static final double TOLERANCE = 2e-6;
  private static final FixtureFile FIXTURE = FixtureFile.load("op_degrade.safetensors");

  /** Kernels by the names that tell their parameters. */
  private static final Map<String, Blur> BLURS =
      Map.of(
          "k.iso_21_s1.7", Bell.round(Profile.GAUSSIAN, 1, 21, 1.7),
          "k.aniso_15_s2.3_0.6_t0.8", new Bell(Profile.GAUSSIAN, 1, 15, 2.3, 0.6, 0.8),
          "k.geniso_11_s1.2_b0.7", Bell.round(Profile.GENERALISED, 0.7, 11, 1.2),
          "k.genaniso_13_s2.1_0.9_t-1.1_b2.5",
              new Bell(Profile.GENERALISED, 2.5, 13, 2.1, 0.9, -1.1),
          "k.platiso_9_s1.5_b1.4", Bell.round(Profile.PLATEAU, 1.4, 9, 1.5),
          "k.plataniso_17_s2.8_1.1_t2.0_b1.9", new Bell(Profile.PLATEAU, 1.9, 17, 2.8, 1.1, 2.0),
          "k.sinc_7_w1.3", new Sinc(7, 1.3),
          "k.sinc_21_w2.4", new Sinc(21, 2.4),
          "k.sinc_13_w1.9_pad21", new Sinc(13, 1.9));

  @Test
  void kernels() {
    assertEquals(
        FIXTURE.names().stream().filter(name -> name.startsWith("k.")).count(), BLURS.size());
    BLURS.forEach(
        (name, blur) -> check(name, FIXTURE.values(name), padded(blur, FIXTURE.shape(name)[0])));
  }

  /** The kernel with zeros around. */
  private static float[] padded(Blur blur, int size) {
    float[] weights = blur.kernel().weights();
    int border = (size - blur.size()) / 2;
    float[] out = new float[size * size];
    for (int y = 0; y < blur.size(); y++) {
      System.arraycopy(weights, y * blur.size(), out, (y + border) * size + border, blur.size());
    }
    return out;
  }

  @Test
  void filtering() {
    float[] expected = FIXTURE.values("filter2D");
    FloatImage first = image("x", 0);
    Kernel separable = Bell.round(Profile.GAUSSIAN, 1, 21, 1.7).kernel();
    check("filter2D, separable", expected, 0, separable.filter(first));
    check("filter2D", expected, 0, new Kernel.Square(21, separable.weights()).filter(first));
    check("filter2D, sinc", expected, 1, new Sinc(21, 2.4).kernel().filter(image("x", 1)));
  }

  @Test
  void sharpening() {
    check("usm", FIXTURE.values("usm"), 0, Sharpening.REAL_ESRGAN.sharpen(image("smooth", 0)));
  }

  @Test
  void jpeg() {
    float[] qualities = FIXTURE.values("jpeg_q");
    for (int i = 0; i < qualities.length; i++) {
      FloatImage actual = Jpeg.FORMULA.compress(image("x", i), qualities[i]);
      check("jpeg, quality " + qualities[i], FIXTURE.values("jpeg"), i, actual);
    }
    FloatImage smooth = Jpeg.FORMULA.compress(image("smooth", 0), 30);
    check("jpeg, quality 30", FIXTURE.values("jpeg_smooth_q30"), 0, smooth);
  }

  /** By a scale, with coordinates that follow from it, and to a size. */
  @Test
  void resizing() {
    FixtureFile fixture = FixtureFile.load("op_interp.safetensors");
    for (Filter filter : List.of(Filter.AREA, Filter.BILINEAR, Filter.BICUBIC)) {
      for (String way : List.of("scale0.37", "scale0.7333", "scale1.31", "to_7x9", "to_25x31")) {
        String name = filter.toString().toLowerCase(Locale.ROOT) + "_" + way;
        int[] shape = fixture.shape(name + ".x");
        FloatImage x =
            new FloatImage(shape[2], shape[3], withBlue(fixture.values(name + ".x"), shape));
        int[] size = fixture.shape(name + ".out");
        FloatImage actual =
            way.startsWith("scale")
                ? Resizing.by(x, filter, Double.parseDouble(way.substring(5)))
                : Resizing.to(x, filter, size[2], size[3]);
        check(name, withBlue(fixture.values(name + ".out"), size), actual.values());
      }
    }
  }

  /** A tensor {@code [1, 2, height, width]} with a third channel of zeros. */
  private static float[] withBlue(float[] planes, int[] shape) {
    return interleaved(Arrays.copyOf(planes, 3 * shape[2] * shape[3]), 0, shape);
  }

  /** A sample of a tensor {@code [batch, 3, height, width]}. */
  private static FloatImage image(String name, int sample) {
    int[] shape = FIXTURE.shape(name);
    return new FloatImage(shape[2], shape[3], interleaved(FIXTURE.values(name), sample, shape));
  }

  private static float[] interleaved(float[] planes, int sample, int[] shape) {
    int plane = shape[2] * shape[3];
    float[] out = new float[3 * plane];
    for (int i = 0; i < out.length; i++) {
      out[i] = planes[(3 * sample + i % 3) * plane + i / 3];
    }
    return out;
  }

  private static void check(String what, float[] expected, int sample, FloatImage actual) {
    int[] shape = {0, 3, actual.height(), actual.width()};
    check(what, interleaved(expected, sample, shape), actual.values());
  }

  private static void check(String what, float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length, what);
    double largest = 0;
    double scale = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i] - actual[i]));
      scale = Math.max(scale, Math.abs(expected[i]));
    }
    System.out.printf("%s: largest error %.2g of %.2g%n", what, largest, scale);
    assertTrue(largest <= TOLERANCE * scale, what + " differs by " + largest);
  }
}
