package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;

/**
 * A depthwise convolution with a 3x3 kernel, step 1 and padding 1, prepared for maps of one shape:
 * computes any stretch of its pixels. Allocates nothing after construction.
 */
final class Depthwise3x3 {
  private static final int TAPS = 9;

  private final DepthwiseKernel kernel;
  private final int height;
  private final int width;
  private final int channels;
  private final float[] weights;
  private final float[] zeros;

  /**
   * @param map {@code [batch, height, width, channels]}, with at least {@link
   *     DepthwiseKernel#lanes} channels
   */
  Depthwise3x3(DepthwiseKernel kernel, Shape map) {
    this.kernel = kernel;
    this.height = map.size(1);
    this.width = map.size(2);
    this.channels = map.size(3);
    this.weights = new float[(TAPS + 1) * channels];
    this.zeros = new float[width * channels];
  }

  /**
   * Takes the weights, before the first pixel and again when they have changed.
   *
   * @param weight {@code [channels, 1, 3, 3]}
   * @param reversed whether the weight's taps are taken in reverse order
   * @param bias one value per channel, or empty
   */
  void pack(float[] weight, boolean reversed, float[] bias) {
    pack(weight, TAPS, channels, reversed, bias, weights);
  }

  /**
   * Brings weights {@code [channels, 1, taps]} and a bias into the order {@code [taps + 1,
   * channels]}.
   */
  static void pack(
      float[] weight, int taps, int channels, boolean reversed, float[] bias, float[] packed) {
    for (int tap = 0; tap < taps; tap++) {
      int from = reversed ? taps - 1 - tap : tap;
      for (int channel = 0; channel < channels; channel++) {
        packed[tap * channels + channel] = weight[channel * taps + from];
      }
    }
    for (int channel = 0; channel < channels; channel++) {
      packed[taps * channels + channel] = bias.length > 0 ? bias[channel] : 0;
    }
  }

  /**
   * Computes the pixels {@code from} to {@code to} − 1, counted row-major over batch, height and
   * width.
   *
   * @param x the whole map
   * @param yAt where pixel {@code from} is in y
   */
  void pixels(float[] x, float[] y, int yAt, int from, int to) {
    int step = width * channels;
    int together = kernel.together();
    for (int pixel = from; pixel < to; ) {
      int line = pixel / width;
      int column = pixel % width;
      int row = line % height;
      boolean several = column == 0 && to - pixel >= together * width && row + together <= height;
      int count = several ? together : 1;
      int end = Math.min(width, column + to - pixel);
      int at = line * step;
      boolean first = row == 0;
      boolean last = row + count == height;
      kernel.lines(
          count,
          first ? zeros : x,
          first ? 0 : at - step,
          x,
          at,
          last ? zeros : x,
          last ? 0 : at + count * step,
          width,
          channels,
          weights,
          y,
          yAt + (pixel - from) * channels,
          step,
          column,
          end);
      pixel += count * (end - column);
    }
  }

  /**
   * Adds what the lines {@code from} to {@code to} − 1 of the upstream gradient contribute to the
   * sums of {@link DepthwiseKernel#weightGradient}.
   */
  void weightGradient(float[] x, float[] g, int from, int to, float[] sums, int sumsAt) {
    int step = width * channels;
    for (int line = from; line < to; line++) {
      int at = line * step;
      boolean first = line % height == 0;
      boolean last = line % height == height - 1;
      kernel.weightGradient(
          first ? zeros : x,
          first ? 0 : at - step,
          x,
          at,
          last ? zeros : x,
          last ? 0 : at + step,
          width,
          channels,
          g,
          at,
          sums,
          sumsAt);
    }
  }
}
