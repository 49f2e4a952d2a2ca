package io.github.taipan.tensor.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Layer norm and its gradient over rows of channels that lie one after the other, each array from
 * its own position.
 */
interface NormalizationLoops {
  /**
   * {@code y = (x − mean) / √(variance + epsilon) · weight + bias} for each row. {@code y} may be
   * {@code x} at the same position.
   *
   * @param bias one value per channel, or null; then the mean enters the variance only
   */
  void forward(
      float[] x,
      int xAt,
      float[] weight,
      float @Nullable [] bias,
      double epsilon,
      float[] y,
      int yAt,
      int rows,
      int channels);

  /**
   * Writes dx and adds to the gradients of weight and bias, from {@code sumsAt} on. Without {@code
   * bias} the mean enters the variance only, and {@code dBias} is left alone.
   *
   * @param at where the first row is in x, dy and dx
   */
  void backward(
      float[] x,
      float[] weight,
      float[] dy,
      boolean bias,
      double epsilon,
      float[] dx,
      float[] dWeight,
      float[] dBias,
      int sumsAt,
      int at,
      int rows,
      int channels);
}
