package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Update;

/** Loops over stretches of neighbouring values: arithmetic, sums, weighted sums and updates. */
interface RowLoops {
  /** {@code y = a op b}, each from its own position, {@code count} values. */
  void binary(
      Binary operator, float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count);

  /** The sum of {@code rows} rows, {@code width} values each, which lie {@code stride} apart. */
  void sumRows(float[] x, int at, int rows, int stride, int width, float[] sums, int sumsAt);

  /** The largest values of at least one row, as {@link #sumRows} takes them. */
  void maxRows(float[] x, int at, int rows, int stride, int width, float[] maxima, int maximaAt);

  /**
   * The weighted sum of {@code taps} stretches of x, {@code stride} apart: {@code y[j] = Σ_k
   * weights[k] · x[at + k · stride + j]}. At least one tap.
   */
  void mix(
      float[] x,
      int at,
      int stride,
      float[] weights,
      int weightsAt,
      int taps,
      float[] y,
      int yAt,
      int count);

  /** {@code y = average + rate · (value − average)}. */
  void average(float rate, float[] average, float[] value, float[] y, int from, int to);

  /** {@link Update.Adam} from and to arrays, which may be the same. */
  void adam(AdamStep step, AdamArrays in, float[] gradient, AdamArrays out, int from, int to);

  /** The parameter and its moments. */
  record AdamArrays(float[] parameter, float[] m, float[] v) {}

  /**
   * The numbers of one step: {@code rate1} and {@code rate2} are 1 − β1 and 1 − β2 (which float32
   * must not subtract), {@code shrink} multiplies the parameter first (decoupled weight decay),
   * {@code decay} times the parameter is added to the scaled gradient (the other kind).
   */
  record AdamStep(
      float rate1,
      float beta2,
      float rate2,
      float epsilon,
      float shrink,
      float decay,
      float learningRate,
      float correction1,
      float correction2,
      float gradientScale) {
    /** From the primitive and its last input. */
    static AdamStep of(Update.Adam adam, float[] numbers) {
      float decay = (float) adam.weightDecay();
      float learningRate = numbers[0];
      return new AdamStep(
          (float) (1 - adam.beta1()),
          (float) adam.beta2(),
          (float) (1 - adam.beta2()),
          (float) adam.epsilon(),
          adam.decoupled() ? (float) (1 - (double) learningRate * adam.weightDecay()) : 1,
          adam.decoupled() ? 0 : decay,
          learningRate,
          numbers[1],
          numbers[2],
          numbers[3]);
    }
  }
}
