package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.cpu.DepthwiseKernel.Lines;
import java.util.Arrays;

/** Depthwise convolutions and their gradients: lanes across channels, tasks of whole rows. */
final class DepthwiseKernels {
  /** Pixels of a row whose inputs stay in the first-level cache while all channels pass. */
  private static final int COLUMNS = 16;

  /** Values that a task should at least compute. */
  private static final int TASK_ELEMENTS = 16_384;

  /** Into how many parts, each with sums of its own, a weight gradient cuts the rows at most. */
  private static final int MOST_PARTS = 16;

  private DepthwiseKernels() {}

  /**
   * Convolves.
   *
   * @param weight {@code [channels, 1, height, width]}
   * @param reversed whether the weight's taps are taken in reverse order
   * @param bias one value per channel, or empty
   * @param result the shape of y
   */
  static void convolve(
      Context context,
      Window window,
      float[] x,
      float[] weight,
      boolean reversed,
      float[] bias,
      float[] y,
      Shape result) {
    int channels = window.channels();
    int taps = window.kernelHeight() * window.kernelWidth();
    float[] weights = Scratch.floats(Scratch.Use.PACKED_B, taps * channels);
    for (int i = 0; i < taps * channels; i++) {
      int tap = i / channels;
      weights[i] = weight[i % channels * taps + (reversed ? taps - 1 - tap : tap)];
    }
    float[] start = bias.length > 0 ? bias : new float[channels];
    boolean unrolled = isUnrolled(context, window);
    float[] zeros = unrolled ? new float[result.elements(2, 4)] : bias;
    int lines = result.elements(0, 2);
    context
        .workers()
        .forRanges(
            lines,
            linesPerTask(result),
            (from, to) -> {
              for (int line = from; line < to; line++) {
                int at = line * result.elements(2, 4);
                if (unrolled) {
                  Lines seen = lines(window, x, zeros, line);
                  for (int i = 0; i < result.size(2); i += COLUMNS) {
                    int end = Math.min(i + COLUMNS, result.size(2));
                    context.kernels().depthwise().row(seen, weights, start, y, at, i, end);
                  }
                } else {
                  anyRow(window, x, weights, start, y, at, line, result);
                }
              }
            });
  }

  private static int linesPerTask(Shape result) {
    return Math.max(1, TASK_ELEMENTS / Math.max(1, result.elements(2, 4)));
  }

  private static boolean isUnrolled(Context context, Window window) {
    return window.kernelHeight() == 3
        && window.kernelWidth() == 3
        && window.stride() == 1
        && window.dilation() == 1
        && window.top() == 1
        && window.left() == 1
        && window.channels() >= context.kernels().depthwise().lanes();
  }

  private static Lines lines(Window window, float[] x, float[] zeros, int line) {
    int height = window.map().size(1);
    int step = window.map().elements(2, 4);
    int row = line % height;
    boolean first = row == 0;
    boolean last = row == height - 1;
    return new Lines(
        first ? zeros : x,
        first ? 0 : (line - 1) * step,
        x,
        line * step,
        last ? zeros : x,
        last ? 0 : (line + 1) * step,
        window.width(),
        window.channels());
  }

  /** One output row, of any window. */
  private static void anyRow(
      Window window,
      float[] x,
      float[] weights,
      float[] bias,
      float[] y,
      int at,
      int line,
      Shape result) {
    int channels = window.channels();
    for (int column = 0; column < result.size(2); column++) {
      int to = at + column * channels;
      System.arraycopy(bias, 0, y, to, channels);
      for (int tap = 0; tap < window.kernelHeight() * window.kernelWidth(); tap++) {
        int from = window.pixel(line / result.size(1), line % result.size(1), column, tap);
        if (from >= 0) {
          addProducts(x, from * channels, weights, tap * channels, y, to, channels);
        }
      }
    }
  }

  private static void addProducts(
      float[] a, int aAt, float[] b, int bAt, float[] sums, int at, int count) {
    for (int i = 0; i < count; i++) {
      sums[at + i] += a[aAt + i] * b[bAt + i];
    }
  }

  /**
   * The gradient of the weight: parts of the rows have sums of their own, which are added in order.
   *
   * @param g the upstream gradient, of shape {@code gradient}
   * @param result {@code [channels, 1, height, width]}
   */
  static void weightGradient(
      Context context, Window window, float[] x, float[] g, Shape gradient, float[] result) {
    int channels = window.channels();
    int taps = window.kernelHeight() * window.kernelWidth();
    boolean unrolled = isUnrolled(context, window);
    int lanes = unrolled ? context.kernels().depthwise().lanes() : 1;
    int stride = Math.ceilDiv(channels, lanes) * lanes;
    int lines = gradient.elements(0, 2);
    int linesPerPart =
        Math.max(linesPerTask(gradient), Math.ceilDiv(lines, MOST_PARTS));
    int parts = Math.ceilDiv(lines, linesPerPart);
    float[] sums = Scratch.floats(Scratch.Use.PARTIAL, parts * taps * stride);
    Arrays.fill(sums, 0, parts * taps * stride, 0);
    float[] zeros = unrolled ? new float[gradient.elements(2, 4)] : g;
    context
        .workers()
        .forEach(
            parts,
            part -> {
              float[] own = new float[taps * stride];
              for (int line = part * linesPerPart;
                  line < Math.min(lines, (part + 1) * linesPerPart);
                  line++) {
                int at = line * gradient.elements(2, 4);
                if (unrolled) {
                  Lines seen = lines(window, x, zeros, line);
                  for (int i = 0; i < gradient.size(2); i += COLUMNS) {
                    int end = Math.min(i + COLUMNS, gradient.size(2));
                    context.kernels().depthwise().weightGradient(seen, g, at, own, i, end);
                  }
                } else {
                  anyRowGradient(window, x, g, at, own, line, gradient);
                }
              }
              System.arraycopy(own, 0, sums, part * taps * stride, own.length);
            });
    int whole = channels / lanes * lanes;
    for (int i = 0; i < taps * channels; i++) {
      int channel = i / taps;
      // The last group of lanes has sums of its own and ends with the last channel.
      int at = i % taps * stride + (channel < whole ? channel : channel + stride - channels);
      float sum = 0;
      for (int part = 0; part < parts; part++) {
        sum += sums[part * taps * stride + at];
      }
      result[i] = sum;
    }
  }

  private static void anyRowGradient(
      Window window, float[] x, float[] g, int at, float[] sums, int line, Shape gradient) {
    int channels = window.channels();
    for (int column = 0; column < gradient.size(2); column++) {
      for (int tap = 0; tap < window.kernelHeight() * window.kernelWidth(); tap++) {
        int from = window.pixel(line / gradient.size(1), line % gradient.size(1), column, tap);
        if (from >= 0) {
          int gAt = at + column * channels;
          addProducts(x, from * channels, g, gAt, sums, tap * channels, channels);
        }
      }
    }
  }
}
