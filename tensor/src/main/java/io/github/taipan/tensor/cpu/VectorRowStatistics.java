package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorMath.vector;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The mean and variance of as many rows as a vector has lanes: each row's lanes are summed together
 * with the others' and its statistics computed beside theirs. The mean is found in two steps, as a
 * float32 mean of the values alone is too coarse where they hardly differ: the first mean is
 * subtracted from all, and what is left of it is the mean of those differences. Everything is kept
 * in an array of {@link #SIZE} values, at the places that the constants give.
 *
 * <p>Passes are called through an interface, which keeps the JIT compiler from making them one
 * piece: past some fifty vector operations it stops inlining and allocates each vector.
 */
final class VectorRowStatistics {
  /** Rows of one turn of the inner loops, which wait for no other. */
  static final int TOGETHER = 4;

  /** Vectors, one a row, whose lanes are to be summed, and the sums afterwards: twice. */
  static final int SUMS = 0;

  static final int SUMS_2 = LANES * LANES;

  /** The first mean of each row. */
  static final int MEAN = 2 * LANES * LANES;

  /** 1 / √(variance + ε). */
  static final int SCALE = MEAN + LANES;

  /** -scale · what is left of the mean: the row is normalized by (x - mean) · scale + shift. */
  static final int SHIFT = SCALE + LANES;

  /** What the weight multiplies is (x - center) · scale + this shift, for the gradient. */
  static final int CENTER = SHIFT + LANES;

  static final int CENTER_SHIFT = CENTER + LANES;
  static final int MEAN_G = CENTER_SHIFT + LANES;
  static final int MEAN_GN = MEAN_G + LANES;

  /** The sums of what is left of each row past its last whole vector: twice. */
  static final int TAILS = MEAN_GN + LANES;

  static final int TAILS_2 = TAILS + LANES;
  static final int SIZE = TAILS_2 + LANES;

  private static final Pass[] PASSES = {
    VectorRowStatistics::sums,
    (_, _, _, _, _, s) -> sumLanes(s, SUMS),
    (_, _, _, channels, _, s) -> means(channels, s),
    VectorRowStatistics::differences,
    (_, _, _, _, _, s) -> sumLanes(s, SUMS),
    (_, _, _, _, _, s) -> sumLanes(s, SUMS_2),
    (_, _, _, channels, epsilon, s) -> scales(channels, epsilon, s)
  };

  private interface Pass {
    void run(float[] x, int start, int rows, int channels, float epsilon, float[] s);
  }

  private VectorRowStatistics() {}

  /** Finds the mean, scale and shift of at most as many rows as lanes; the first is at a place. */
  static void compute(float[] x, int start, int rows, int channels, float epsilon, float[] s) {
    for (Pass pass : PASSES) {
      pass.run(x, start, rows, channels, epsilon, s);
    }
  }

  /** Sums the lanes of one set of vectors. */
  static void sumLanes(float[] s, int at) {
    VectorWidth.sums(s, at);
  }

  private static void means(int channels, float[] s) {
    load(s, SUMS).add(load(s, TAILS)).div(channels).intoArray(s, MEAN);
  }

  private static void scales(int channels, float epsilon, float[] s) {
    FloatVector rest = load(s, SUMS).add(load(s, TAILS)).div(channels);
    FloatVector square = load(s, SUMS_2).add(load(s, TAILS_2)).div(channels);
    FloatVector variance = VectorMath.limitBelow(square.sub(rest.mul(rest)), 0);
    FloatVector scale = vector(1).div(variance.add(epsilon).sqrt());
    scale.intoArray(s, SCALE);
    rest.mul(scale).neg().intoArray(s, SHIFT);
  }

  private static void sums(float[] x, int start, int rows, int channels, float epsilon, float[] s) {
    int whole = SPECIES.loopBound(channels);
    int last = start + (rows - 1) * channels;
    for (int row = 0; row < rows; row += TOGETHER) {
      // Rows past the last are the last again: no loop of its own for the rest, which C2 would
      // compile with vectors as objects.
      int at0 = start + row * channels;
      int at1 = Math.min(at0 + channels, last);
      int at2 = Math.min(at1 + channels, last);
      int at3 = Math.min(at2 + channels, last);
      FloatVector sum0 = FloatVector.zero(SPECIES);
      FloatVector sum1 = sum0;
      FloatVector sum2 = sum0;
      FloatVector sum3 = sum0;
      for (int c = 0; c < whole; c += LANES) {
        sum0 = sum0.add(load(x, at0 + c));
        sum1 = sum1.add(load(x, at1 + c));
        sum2 = sum2.add(load(x, at2 + c));
        sum3 = sum3.add(load(x, at3 + c));
      }
      int to = SUMS + row * LANES;
      sum0.intoArray(s, to);
      sum1.intoArray(s, to + LANES);
      sum2.intoArray(s, to + 2 * LANES);
      sum3.intoArray(s, to + 3 * LANES);
    }
    for (int row = 0; row < rows; row++) {
      float sum = 0;
      for (int c = whole; c < channels; c++) {
        sum += x[start + row * channels + c];
      }
      s[TAILS + row] = sum;
    }
  }

  /** The sums of the differences from the means and of their squares. */
  private static void differences(
      float[] x, int start, int rows, int channels, float epsilon, float[] s) {
    int whole = SPECIES.loopBound(channels);
    int last = start + (rows - 1) * channels;
    for (int row = 0; row < rows; row += TOGETHER) {
      int at0 = start + row * channels;
      int at1 = Math.min(at0 + channels, last);
      int at2 = Math.min(at1 + channels, last);
      int at3 = Math.min(at2 + channels, last);
      FloatVector mean0 = vector(s[MEAN + row]);
      FloatVector mean1 = vector(s[MEAN + row + 1]);
      FloatVector mean2 = vector(s[MEAN + row + 2]);
      FloatVector mean3 = vector(s[MEAN + row + 3]);
      FloatVector sum0 = FloatVector.zero(SPECIES);
      FloatVector sum1 = sum0;
      FloatVector sum2 = sum0;
      FloatVector sum3 = sum0;
      FloatVector square0 = sum0;
      FloatVector square1 = sum0;
      FloatVector square2 = sum0;
      FloatVector square3 = sum0;
      for (int c = 0; c < whole; c += LANES) {
        FloatVector d0 = load(x, at0 + c).sub(mean0);
        FloatVector d1 = load(x, at1 + c).sub(mean1);
        FloatVector d2 = load(x, at2 + c).sub(mean2);
        FloatVector d3 = load(x, at3 + c).sub(mean3);
        sum0 = sum0.add(d0);
        sum1 = sum1.add(d1);
        sum2 = sum2.add(d2);
        sum3 = sum3.add(d3);
        square0 = d0.fma(d0, square0);
        square1 = d1.fma(d1, square1);
        square2 = d2.fma(d2, square2);
        square3 = d3.fma(d3, square3);
      }
      int to = row * LANES;
      sum0.intoArray(s, SUMS + to);
      sum1.intoArray(s, SUMS + to + LANES);
      sum2.intoArray(s, SUMS + to + 2 * LANES);
      sum3.intoArray(s, SUMS + to + 3 * LANES);
      square0.intoArray(s, SUMS_2 + to);
      square1.intoArray(s, SUMS_2 + to + LANES);
      square2.intoArray(s, SUMS_2 + to + 2 * LANES);
      square3.intoArray(s, SUMS_2 + to + 3 * LANES);
    }
    for (int row = 0; row < rows; row++) {
      float sum = 0;
      float square = 0;
      for (int c = whole; c < channels; c++) {
        float d = x[start + row * channels + c] - s[MEAN + row];
        sum += d;
        square += d * d;
      }
      s[TAILS + row] = sum;
      s[TAILS_2 + row] = square;
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
