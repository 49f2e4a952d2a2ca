package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loops on stretches of rows: a value's bits depend on neither the stretch nor the place. */
class RowStretchesTest {
  private static final long SEED = 33;

  static Stream<Kernels> kernels() {
    return Stream.of(Kernels.vector(), Kernels.scalar("test"));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void depthwiseComputesAnyStretchOfPixels(Kernels kernels) {
    for (int channels : new int[] {16, 48, 83}) {
      Shape map = Shape.of(2, 7, 21, channels);
      Depthwise3x3 depthwise = new Depthwise3x3(kernels.depthwise(), map);
      depthwise.pack(random(9 * channels, 0), false, random(channels, 1));
      float[] x = random(map.elements(), 2);
      float[] whole = new float[map.elements()];
      int pixels = map.elements(0, 3);
      depthwise.pixels(x, whole, 0, 0, pixels);
      for (int step : new int[] {1, 5, 21, 32, 64, 100, 192}) {
        float[] parts = new float[map.elements() + 3];
        for (int from = 0; from < pixels; from += step) {
          int to = Math.min(pixels, from + step);
          depthwise.pixels(x, parts, 3 + from * channels, from, to);
        }
        assertArrayEquals(whole, Arrays.copyOfRange(parts, 3, parts.length), "in " + step + "s");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void layerNormTakesAnyRowsAndWorksInPlace(Kernels kernels) {
    int rows = 37;
    for (int channels : new int[] {5, 48, 127, 384}) {
      float[] x = random(rows * channels, 0);
      float[] weight = random(channels, 1);
      float[] bias = random(channels, 2);
      for (float[] optional : new float[][] {bias, null}) {
        NormalizationLoops loops = kernels.normalization();
        float[] whole = new float[x.length];
        loops.forward(x, 0, weight, optional, 1e-5, whole, 0, rows, channels);
        float[] y = new float[x.length + 7];
        System.arraycopy(x, 0, y, 7, x.length);
        for (int row = 0; row < rows; row += 6) {
          int at = 7 + row * channels;
          int count = Math.min(6, rows - row);
          loops.forward(y, at, weight, optional, 1e-5, y, at, count, channels);
        }
        assertArrayEquals(whole, Arrays.copyOfRange(y, 7, y.length), channels + " channels");
      }
    }
  }

  /** Values that hardly differ, and one that differs from all others. */
  @ParameterizedTest
  @MethodSource("kernels")
  void layerNormKeepsItsPrecisionFarFromZero(Kernels kernels) {
    int channels = 384;
    float[] weight = new float[channels];
    Arrays.fill(weight, 1);
    for (float offset : new float[] {1000, -30, 0}) {
      for (float outlier : new float[] {0, 50}) {
        float[] x = random(channels, 3);
        for (int c = 0; c < channels; c++) {
          x[c] = offset + 0.125f * x[c];
        }
        x[0] += outlier;
        float[] y = new float[channels];
        kernels.normalization().forward(x, 0, weight, new float[channels], 0, y, 0, 1, channels);
        double mean = 0;
        for (float value : x) {
          mean += value / (double) channels;
        }
        double variance = 0;
        for (float value : x) {
          variance += (value - mean) * (value - mean) / channels;
        }
        for (int c = 0; c < channels; c++) {
          assertEquals((x[c] - mean) / Math.sqrt(variance), y[c], 2e-6 * (1 + Math.abs(y[c])));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void functionsWorkAtAnyPlaceAndInPlace(Kernels kernels) {
    int count = 4133;
    float[] x = random(count, 0);
    float[] upstream = random(count, 1);
    List<Unary> functions =
        List.of(
            new Unary.Exp(),
            new Unary.Log(),
            new Unary.Sqrt(),
            new Unary.Sigmoid(),
            new Unary.Silu(),
            new Unary.Gelu(),
            new Unary.Softplus(),
            new Unary.Tanh(),
            new Unary.Abs(),
            new Unary.Affine(2, 1),
            new Unary.LeakyRelu(0.2),
            new Unary.Clamp(-0.5, 0.5));
    for (Unary function : functions) {
      UnaryLoops.Loop loop = kernels.unary().forward(function);
      UnaryLoops.GradientLoop gradient = kernels.unary().gradient(function);
      float[] y = new float[count];
      float[] dx = new float[count];
      loop.apply(x, 0, y, 0, count);
      gradient.apply(x, 0, upstream, 0, dx, 0, count);
      float[] inPlace = shifted(x, 5);
      float[] overX = shifted(x, 5);
      float[] overUpstream = shifted(upstream, 5);
      for (int from = 0; from < count; from += 333) {
        int part = Math.min(333, count - from);
        loop.apply(inPlace, 5 + from, inPlace, 5 + from, part);
        gradient.apply(overX, 5 + from, upstream, from, overX, 5 + from, part);
        gradient.apply(x, from, overUpstream, 5 + from, overUpstream, 5 + from, part);
      }
      assertArrayEquals(shifted(y, 5), inPlace, function.toString());
      assertArrayEquals(shifted(dx, 5), overX, function + " over x");
      assertArrayEquals(shifted(dx, 5), overUpstream, function + " over the gradient");
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void rowsMeetAVector(Kernels kernels) {
    RowLoops loops = kernels.rows();
    int rows = 9;
    for (int width : new int[] {3, 48, 83}) {
      float[] a = random(rows * width, 0);
      float[] b = random(width, 1);
      for (Binary operator :
          List.of(
              new Binary.Add(),
              new Binary.Subtract(),
              new Binary.Multiply(),
              new Binary.Divide())) {
        float[] expected = new float[a.length + 2];
        for (int row = 0; row < rows; row++) {
          loops.binary(operator, a, row * width, b, 0, expected, 2 + row * width, width);
        }
        float[] actual = shifted(a, 2);
        loops.binaryRows(operator, actual, 2, b, 0, actual, 2, rows, width);
        assertArrayEquals(expected, actual, operator + " of " + width);
      }
    }
  }

  private static float[] shifted(float[] values, int by) {
    float[] shifted = new float[values.length + by];
    System.arraycopy(values, 0, shifted, by, values.length);
    return shifted;
  }

  private static float[] random(int count, int stream) {
    CounterRandom random = CounterRandom.seeded(SEED).split(stream);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * random.uniform(i) - 1);
    }
    return values;
  }
}
