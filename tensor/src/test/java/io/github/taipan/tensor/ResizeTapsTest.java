package io.github.taipan.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Resampling.Filter;
import io.github.taipan.tensor.testing.FixtureFile;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The taps against PyTorch's maps, and their transpose against its gradients. */
class ResizeTapsTest {
  private static final FixtureFile FIXTURE = FixtureFile.load("op_interp.safetensors");

  @Test
  void theTapsResizeLikePyTorch() {
    double worst = 0;
    int cases = 0;
    for (String name : FIXTURE.names()) {
      if (name.endsWith(".x")) {
        worst = Math.max(worst, check(name.substring(0, name.length() - 2)));
        cases++;
      }
    }
    System.out.printf("resize taps: %d cases, largest relative error %.2g%n", cases, worst);
    assertEquals(20, cases);
    assertTrue(worst <= 1e-5, "largest relative error " + worst);
  }

  @Test
  void aPositionThatNothingUsesHasNoWeights() {
    ResizeTaps halved = ResizeTaps.of(Filter.NEAREST, 4, 2, 2).transpose();
    assertArrayEquals(new int[] {0, 1, 1, 2, 2}, halved.offsets());
    assertArrayEquals(new double[] {1, 1}, halved.weights());
  }

  @Test
  void weightsOfEveryFilterSumToOne() {
    for (Filter filter : Filter.values()) {
      for (int in = 1; in < 12; in++) {
        for (int out = 1; out < 30; out++) {
          ResizeTaps taps = ResizeTaps.of(filter, in, out, (double) in / out);
          for (int i = 0; i < out; i++) {
            assertTrue(taps.first()[i] >= 0 && taps.first()[i] + taps.count(i) <= in);
            double sum = 0;
            for (int k = taps.offsets()[i]; k < taps.offsets()[i + 1]; k++) {
              sum += taps.weights()[k];
            }
            assertEquals(1, sum, 1e-12);
          }
        }
      }
    }
  }

  private static double check(String name) {
    int[] x = FIXTURE.shape(name + ".x");
    int[] y = FIXTURE.shape(name + ".out");
    Filter filter =
        name.endsWith("antialias")
            ? Filter.BICUBIC_ANTIALIAS
            : Filter.valueOf(name.substring(0, name.indexOf('_')).toUpperCase(Locale.ROOT));
    int mark = name.indexOf("_scale");
    double scale = mark < 0 ? 0 : Double.parseDouble(name.substring(mark + 6));
    ResizeTaps rows =
        ResizeTaps.of(filter, x[2], y[2], scale == 0 ? (double) x[2] / y[2] : 1 / scale);
    ResizeTaps columns =
        ResizeTaps.of(filter, x[3], y[3], scale == 0 ? (double) x[3] / y[3] : 1 / scale);
    return Math.max(
        error(apply(rows, columns, FIXTURE.values(name + ".x")), FIXTURE.values(name + ".out")),
        error(
            apply(rows.transpose(), columns.transpose(), FIXTURE.values(name + ".dout")),
            FIXTURE.values(name + ".d_x")));
  }

  /** Resizes each plane of an NCHW map. */
  private static double[] apply(ResizeTaps rows, ResizeTaps columns, float[] x) {
    int planes = x.length / rows.inputs() / columns.inputs();
    double[] y = new double[planes * rows.outputs() * columns.outputs()];
    for (int at = 0; at < y.length; at++) {
      int column = at % columns.outputs();
      int row = at / columns.outputs() % rows.outputs();
      int plane = at / columns.outputs() / rows.outputs();
      for (int i = 0; i < rows.count(row); i++) {
        for (int j = 0; j < columns.count(column); j++) {
          int from = (plane * rows.inputs() + rows.first()[row] + i) * columns.inputs();
          y[at] +=
              rows.weights()[rows.offsets()[row] + i]
                  * columns.weights()[columns.offsets()[column] + j]
                  * x[from + columns.first()[column] + j];
        }
      }
    }
    return y;
  }

  private static double error(double[] values, float[] expected) {
    assertEquals(expected.length, values.length);
    double error = 0;
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      error = Math.max(error, Math.abs(values[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return error / largest;
  }
}
