package io.github.taipan.tensor;

import io.github.taipan.tensor.Resampling.Filter;
import java.util.Arrays;

/**
 * What a {@link Resampling.Resize} does along one axis: a sparse matrix whose row i holds the
 * weights of the input positions that output position i mixes, always neighbours of each other. Row
 * i is
 *
 * <pre>
 * y[i] = Σ_k weights[offsets[i] + k] · x[first[i] + k]      for 0 ≤ k &lt; offsets[i + 1] − offsets[i]
 * </pre>
 *
 * <p>All positions lie within the input: where a filter reaches over the border, the weights of the
 * missing positions are added to that of the edge. The numbers are PyTorch's ({@code interpolate}
 * with align-corners off), computed in float64.
 *
 * @param inputs the number of input positions
 * @param first the first input position of each output position
 * @param offsets where each output position's weights start, and at the end their number
 * @param weights the weights of all output positions
 */
public record ResizeTaps(int inputs, int[] first, int[] offsets, double[] weights) {

  /** The taps along an axis of {@code in} positions resized to {@code out}, {@code step} apart. */
  public static ResizeTaps of(Filter filter, int in, int out, double step) {
    int[] first = new int[out];
    double[][] rows = new double[out][];
    for (int i = 0; i < out; i++) {
      switch (filter) {
        case NEAREST -> {
          // In float32 as PyTorch has it: another rounding would choose another pixel.
          first[i] = Math.min((int) Math.floor(i * (float) step), in - 1);
          rows[i] = new double[] {1};
        }
        case BILINEAR -> {
          double at = Math.max((i + 0.5) * step - 0.5, 0);
          first[i] = Math.min((int) at, in - 1);
          double part = Math.min(at - first[i], 1);
          rows[i] = first[i] < in - 1 ? new double[] {1 - part, part} : new double[] {1};
        }
        case BICUBIC -> {
          double at = (i + 0.5) * step - 0.5;
          int left = Math.min((int) Math.floor(at), in - 1);
          double part = Math.min(at - left, 1);
          first[i] = Math.clamp(left - 1, 0, in - 1);
          rows[i] = new double[Math.clamp(left + 2, 0, in - 1) - first[i] + 1];
          for (int j = left - 1; j <= left + 2; j++) {
            rows[i][Math.clamp(j, 0, in - 1) - first[i]] += cubic(j - left - part, -0.75);
          }
        }
        case BICUBIC_ANTIALIAS -> {
          double stretch = Math.max(step, 1);
          double centre = (i + 0.5) * step;
          first[i] = (int) Math.max(centre - 2 * stretch + 0.5, 0);
          rows[i] = new double[(int) Math.min(centre + 2 * stretch + 0.5, in) - first[i]];
          double sum = 0;
          for (int k = 0; k < rows[i].length; k++) {
            rows[i][k] = cubic((first[i] + k + 0.5 - centre) / stretch, -0.5);
            sum += rows[i][k];
          }
          for (int k = 0; k < rows[i].length; k++) {
            rows[i][k] /= sum;
          }
        }
        case AREA -> {
          first[i] = (int) ((long) i * in / out);
          int count = (int) Math.ceilDiv((i + 1L) * in, out) - first[i];
          rows[i] = new double[count];
          Arrays.fill(rows[i], 1.0 / count);
        }
      }
    }
    return join(in, first, rows);
  }

  /** The taps of means over {@code kernel} positions, the windows {@code stride} apart. */
  public static ResizeTaps average(int kernel, int stride, int in, int out) {
    int[] first = new int[out];
    double[][] rows = new double[out][kernel];
    for (int i = 0; i < out; i++) {
      first[i] = i * stride;
      Arrays.fill(rows[i], 1.0 / kernel);
    }
    return join(in, first, rows);
  }

  /** The number of output positions. */
  public int outputs() {
    return first.length;
  }

  /**
   * The transposed map, which carries gradients back: its row j holds the weights with which input
   * position j went into the outputs, and is empty if it went into none.
   */
  public ResizeTaps transpose() {
    int[] from = new int[inputs];
    int[] to = new int[inputs];
    for (int i = outputs() - 1; i >= 0; i--) {
      for (int j = first[i]; j < first[i] + count(i); j++) {
        from[j] = i;
        to[j] = Math.max(to[j], i + 1);
      }
    }
    double[][] rows = new double[inputs][];
    for (int j = 0; j < inputs; j++) {
      rows[j] = new double[to[j] - from[j]];
      for (int i = from[j]; i < to[j]; i++) {
        int k = j - first[i];
        rows[j][i - from[j]] = k >= 0 && k < count(i) ? weights[offsets[i] + k] : 0;
      }
    }
    return join(outputs(), from, rows);
  }

  /** The number of input positions that output position i mixes. */
  public int count(int i) {
    return offsets[i + 1] - offsets[i];
  }

  private static ResizeTaps join(int inputs, int[] first, double[][] rows) {
    int[] offsets = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      offsets[i + 1] = offsets[i] + rows[i].length;
    }
    double[] weights = new double[offsets[rows.length]];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, weights, offsets[i], rows[i].length);
    }
    return new ResizeTaps(inputs, first, offsets, weights);
  }

  /** Keys' cubic convolution kernel with parameter a, at distance x (Keys 1981, equation 4). */
  private static double cubic(double x, double a) {
    double d = Math.abs(x);
    if (d <= 1) {
      return ((a + 2) * d - (a + 3)) * d * d + 1;
    }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }
}
