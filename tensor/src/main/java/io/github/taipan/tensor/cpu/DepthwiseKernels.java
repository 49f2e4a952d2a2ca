package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Depthwise convolutions and their gradients: lanes across channels, tasks of whole rows. */
final class DepthwiseKernels {
  /** Values that a task should at least compute. */
  private static final int TASK_ELEMENTS = 16_384;

  /** Into how many parts, each with sums of its own, a weight gradient cuts the rows at most. */
  private static final int MOST_PARTS = 16;

  /** Pixels that each of these parts has at least, or adding its sums would cost too much. */
  private static final int PART_PIXELS = 64;

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
    int lines = result.elements(0, 2);
    int grain = Math.max(1, TASK_ELEMENTS / Math.max(1, result.elements(2, 4)));
    int channels = window.channels();
    int line = result.size(2) * channels;
    if (isUnrolled(context, window)) {
      DepthwiseKernel kernel = context.kernels().depthwise();
      Depthwise3x3 map = new Depthwise3x3(kernel, window.map());
      int together = kernel.together();
      context.workers().forEach(1, 0, _ -> map.pack(weight, reversed, bias));
      context
          .workers()
          .forRanges(
              lines,
              Math.ceilDiv(grain, together) * together,
              (from, to) ->
                  map.pixels(x, y, from * line, from * window.width(), to * window.width()));
      return;
    }
    int taps = window.kernelHeight() * window.kernelWidth();
    float[] packed = context.workers().scratch(Scratch.Use.PACKED_B, (taps + 1) * channels);
    context
        .workers()
        .forEach(1, 0, _ -> Depthwise3x3.pack(weight, taps, channels, reversed, bias, packed));
    context
        .workers()
        .forRanges(
            lines,
            grain,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                anyRow(window, x, packed, y, i * line, i, result);
              }
            });
  }

  /** A 3x3 convolution with weights and maybe bias, for the tasks of a fused launch. */
  static Depthwise3x3 packed(Context context, Shape map, List<Tensor> parameters) {
    DepthwiseKernel loops = context.kernels().depthwise();
    DepthwiseKernel kernel = map.size(3) < loops.lanes() ? new ScalarDepthwise() : loops;
    Depthwise3x3 convolution = new Depthwise3x3(kernel, map);
    float[] weight = CpuDevice.values(parameters.getFirst());
    float[] bias = parameters.size() > 1 ? CpuDevice.values(parameters.get(1)) : new float[0];
    Workers packing = context.constantsOf(parameters) == null ? context.workers() : context.pool();
    packing.forEach(1, 0, _ -> convolution.pack(weight, false, bias));
    return convolution;
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

  /** One output row, of any window. */
  private static void anyRow(
      Window window, float[] x, float[] weights, float[] y, int at, int line, Shape result) {
    int channels = window.channels();
    int taps = window.kernelHeight() * window.kernelWidth();
    for (int column = 0; column < result.size(2); column++) {
      int to = at + column * channels;
      System.arraycopy(weights, taps * channels, y, to, channels);
      for (int tap = 0; tap < taps; tap++) {
        int from = window.pixel(line / result.size(1), line % result.size(1), column, tap);
        if (from >= 0) {
          ScalarDepthwise.addProducts(x, from * channels, weights, tap * channels, y, to, channels);
        }
      }
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
        Math.max(Math.ceilDiv(PART_PIXELS, gradient.size(2)), Math.ceilDiv(lines, MOST_PARTS));
    int parts = Math.ceilDiv(lines, linesPerPart);
    if (parts == 0) {
      context.workers().forEach(1, 0, _ -> Arrays.fill(result, 0, taps * channels, 0));
      return;
    }
    int size = taps * stride;
    float[] sums = context.workers().scratch(Scratch.Use.PARTIAL, parts * size);
    DepthwiseKernel kernel = context.kernels().depthwise();
    Depthwise3x3 map = unrolled ? new Depthwise3x3(kernel, window.map()) : null;
    context
        .workers()
        .forEach(
            parts,
            gradient.elements() * (long) taps,
            part -> {
              Arrays.fill(sums, part * size, (part + 1) * size, 0);
              int from = part * linesPerPart;
              int end = Math.min(lines, from + linesPerPart);
              if (map != null) {
                map.weightGradient(x, g, from, end, sums, part * size);
                return;
              }
              for (int line = from; line < end; line++) {
                int at = line * gradient.elements(2, 4);
                anyRowGradient(window, x, g, at, sums, part * size, line, gradient);
              }
            });
    int whole = channels / lanes * lanes;
    context
        .workers()
        .forEach(
            1,
            0,
            _ -> {
              for (int part = 1; part < parts; part++) {
                for (int i = 0; i < size; i++) {
                  sums[i] += sums[part * size + i];
                }
              }
              for (int channel = 0; channel < channels; channel++) {
                // The last group of lanes has sums of its own and ends with the last channel.
                int at = channel < whole ? channel : channel + stride - channels;
                for (int tap = 0; tap < taps; tap++) {
                  result[channel * taps + tap] = sums[tap * stride + at];
                }
              }
            });
  }

  private static void anyRowGradient(
      Window window,
      float[] x,
      float[] g,
      int at,
      float[] sums,
      int sumsAt,
      int line,
      Shape gradient) {
    int channels = window.channels();
    for (int column = 0; column < gradient.size(2); column++) {
      for (int tap = 0; tap < window.kernelHeight() * window.kernelWidth(); tap++) {
        int from = window.pixel(line / gradient.size(1), line % gradient.size(1), column, tap);
        if (from >= 0) {
          int gAt = at + column * channels;
          ScalarDepthwise.addProducts(
              x, from * channels, g, gAt, sums, sumsAt + tap * channels, channels);
        }
      }
    }
  }
}
