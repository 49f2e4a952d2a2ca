package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Update;

/** Loops over stretches of neighbouring values: arithmetic, sums, weighted sums and updates. */
interface RowLoops {
  /**
   * {@code y = a op b}, each from its own position, {@code count} values. {@code y} may be {@code
   * a} or {@code b} at the same position.
   */
  void binary(
      Binary operator, float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count);

  /**
   * {@code y[row, j] = a[row, j] op b[j]} for rows of {@code width} values that lie one after the
   * other in a and y. {@code y} may be {@code a} at the same position.
   */
  void binaryRows(
      Binary operator,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] y,
      int yAt,
      int rows,
      int width);

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

  /** Deals groups of four values out: {@code y[to_q + i] = x[at + 4 i + q]} for {@code count} i. */
  void unzip(float[] x, int at, float[] y, int to0, int to1, int to2, int to3, int count);

  /** The reverse of {@link #unzip}: {@code y[to + 4 i + q] = x[at_q + i]}. */
  void zip(float[] x, int at0, int at1, int at2, int at3, float[] y, int to, int count);

  /** {@code y = average + rate · (value − average)}. */
  void average(float rate, float[] average, float[] value, float[] y, int from, int to);

  /**
   * {@link Update.Adam} from and to arrays, which may be the same.
   *
   * @param numbers the primitive's last input
   */
  void adam(
      AdamRates rates,
      float[] numbers,
      AdamArrays in,
      float[] gradient,
      AdamArrays out,
      int from,
      int to);

  /** The parameter and its moments. */
  record AdamArrays(float[] parameter, float[] m, float[] v) {}

  /**
   * The constants of all steps: {@code rate1} and {@code rate2} are 1 − β1 and 1 − β2, which
   * float32 must not subtract.
   */
  record AdamRates(
      float rate1, float beta2, float rate2, float epsilon, double weightDecay, boolean decoupled) {
    static AdamRates of(Update.Adam adam) {
      return new AdamRates(
          (float) (1 - adam.beta1()),
          (float) adam.beta2(),
          (float) (1 - adam.beta2()),
          (float) adam.epsilon(),
          adam.weightDecay(),
          adam.decoupled());
    }

    /** What multiplies the parameter first. */
    float shrink(float learningRate) {
      return decoupled ? (float) (1 - (double) learningRate * weightDecay) : 1;
    }

    /** What times the parameter is added to the scaled gradient. */
    float decay() {
      return decoupled ? 0 : (float) weightDecay;
    }
  }
}
