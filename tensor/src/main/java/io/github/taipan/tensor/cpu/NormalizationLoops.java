package io.github.taipan.tensor.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Layer norm and its gradient over the rows {@code from} to {@code to}, one value per channel each.
 */
interface NormalizationLoops {
  void forward(
      float[] x,
      float[] weight,
      float @Nullable [] bias,
      double epsilon,
      float[] y,
      int from,
      int to);

  /**
   * Writes dx and adds to the gradients of weight and bias, from {@code sumsAt} on. Without {@code
   * bias} the mean enters the variance only, and {@code dBias} is left alone.
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
      int from,
      int to);
}
