package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorMath.vector;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * {@link NormalizationLoops} in the Vector API, as many rows at a time as a vector has lanes: each
 * row's lanes are summed together with the others' and its statistics computed beside theirs. The
 * mean is found in two steps, as a float32 mean of the values alone is too coarse where they hardly
 * differ: the first mean is subtracted from all, and what is left of it is the mean of those
 * differences. Rows shorter than a vector go the scalar way, in double precision: their gradients
 * nearly cancel.
 *
 * <p>Passes are called through an interface, which keeps the JIT compiler from making them one
 * piece: past some fifty vector operations it stops inlining and allocates each vector.
 */
final class VectorNormalization implements NormalizationLoops {
  /** Rows of one turn of the inner loops, which wait for no other. */
  private static final int TOGETHER = 4;

  // Where things are in the scratch: vectors whose lanes are to be summed, and one value per row.
  private static final int SUMS = 0;
  private static final int SUMS_2 = LANES * LANES;
  private static final int MEAN = 2 * LANES * LANES;
  private static final int SCALE = MEAN + LANES;
  private static final int SHIFT = SCALE + LANES;
  private static final int CENTER = SHIFT + LANES;
  private static final int CENTER_SHIFT = CENTER + LANES;
  private static final int MEAN_G = CENTER_SHIFT + LANES;
  private static final int MEAN_GN = MEAN_G + LANES;
  private static final int TAILS = MEAN_GN + LANES;
  private static final int TAILS_2 = TAILS + LANES;
  private static final int SIZE = TAILS_2 + LANES;

  private static final Pass LANE_SUMS = (_, _, _, _, _, s) -> sumLanes(s, SUMS);
  private static final Pass LANE_SUMS_2 = (_, _, _, _, _, s) -> sumLanes(s, SUMS_2);

  /** The mean of each row, scale = 1 / √(variance + ε) and shift = -scale · rest of the mean. */
  private static final Pass[] STATISTICS = {
    VectorNormalization::sums,
    LANE_SUMS,
    (_, _, _, channels, _, s) -> means(channels, s),
    VectorNormalization::differences,
    LANE_SUMS,
    LANE_SUMS_2,
    (_, _, _, channels, epsilon, s) -> scales(channels, epsilon, s)
  };

  /** A part of the work on at most as many rows as lanes, the first of which begins at a place. */
  private interface Pass {
    void run(float[] x, int at, int rows, int channels, float epsilon, float[] s);
  }

  private final ScalarNormalization scalar = new ScalarNormalization();

  @Override
  public void forward(
      float[] x,
      int xAt,
      float[] weight,
      float @Nullable [] bias,
      double epsilon,
      float[] y,
      int yAt,
      int rows,
      int channels) {
    if (channels < LANES) {
      scalar.forward(x, xAt, weight, bias, epsilon, y, yAt, rows, channels);
      return;
    }
    float[] s = Scratch.floats(Scratch.Use.TASK_SUMS, SIZE);
    for (int row = 0; row < rows; row += LANES) {
      int count = Math.min(LANES, rows - row);
      int from = xAt + row * channels;
      int to = yAt + row * channels;
      for (Pass pass : STATISTICS) {
        pass.run(x, from, count, channels, (float) epsilon, s);
      }
      if (bias == null) {
        scale(x, from, weight, y, to, count, channels, s);
      } else {
        normalize(x, from, weight, bias, y, to, count, channels, s);
      }
    }
  }

  private static void sumLanes(float[] s, int at) {
    VectorWidth.sums(s, at).intoArray(s, at);
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
    int row = 0;
    for (; row + TOGETHER <= rows; row += TOGETHER) {
      int at0 = start + row * channels;
      int at1 = at0 + channels;
      int at2 = at1 + channels;
      int at3 = at2 + channels;
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
    for (; row < rows; row++) {
      int at = start + row * channels;
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int c = 0; c < whole; c += LANES) {
        sum = sum.add(load(x, at + c));
      }
      sum.intoArray(s, SUMS + row * LANES);
    }
    for (row = 0; row < rows; row++) {
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
    int row = 0;
    for (; row + TOGETHER <= rows; row += TOGETHER) {
      int at0 = start + row * channels;
      int at1 = at0 + channels;
      int at2 = at1 + channels;
      int at3 = at2 + channels;
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
    for (; row < rows; row++) {
      int at = start + row * channels;
      FloatVector mean = vector(s[MEAN + row]);
      FloatVector sum = FloatVector.zero(SPECIES);
      FloatVector square = sum;
      for (int c = 0; c < whole; c += LANES) {
        FloatVector d = load(x, at + c).sub(mean);
        sum = sum.add(d);
        square = d.fma(d, square);
      }
      sum.intoArray(s, SUMS + row * LANES);
      square.intoArray(s, SUMS_2 + row * LANES);
    }
    for (row = 0; row < rows; row++) {
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

  private static void normalize(
      float[] x,
      int xAt,
      float[] weight,
      float[] bias,
      float[] y,
      int yAt,
      int rows,
      int channels,
      float[] s) {
    int whole = SPECIES.loopBound(channels);
    int row = 0;
    for (; row + TOGETHER <= rows; row += TOGETHER) {
      int from = xAt + row * channels;
      int to = yAt + row * channels;
      FloatVector mean0 = vector(s[MEAN + row]);
      FloatVector mean1 = vector(s[MEAN + row + 1]);
      FloatVector mean2 = vector(s[MEAN + row + 2]);
      FloatVector mean3 = vector(s[MEAN + row + 3]);
      FloatVector scale0 = vector(s[SCALE + row]);
      FloatVector scale1 = vector(s[SCALE + row + 1]);
      FloatVector scale2 = vector(s[SCALE + row + 2]);
      FloatVector scale3 = vector(s[SCALE + row + 3]);
      FloatVector shift0 = vector(s[SHIFT + row]);
      FloatVector shift1 = vector(s[SHIFT + row + 1]);
      FloatVector shift2 = vector(s[SHIFT + row + 2]);
      FloatVector shift3 = vector(s[SHIFT + row + 3]);
      for (int c = 0; c < whole; c += LANES) {
        int at = from + c;
        FloatVector w = load(weight, c);
        FloatVector b = load(bias, c);
        FloatVector n0 = load(x, at).sub(mean0).fma(scale0, shift0);
        FloatVector n1 = load(x, at + channels).sub(mean1).fma(scale1, shift1);
        FloatVector n2 = load(x, at + 2 * channels).sub(mean2).fma(scale2, shift2);
        FloatVector n3 = load(x, at + 3 * channels).sub(mean3).fma(scale3, shift3);
        n0.fma(w, b).intoArray(y, to + c);
        n1.fma(w, b).intoArray(y, to + c + channels);
        n2.fma(w, b).intoArray(y, to + c + 2 * channels);
        n3.fma(w, b).intoArray(y, to + c + 3 * channels);
      }
    }
    for (; row < rows; row++) {
      int from = xAt + row * channels;
      int to = yAt + row * channels;
      FloatVector mean = vector(s[MEAN + row]);
      FloatVector scale = vector(s[SCALE + row]);
      FloatVector shift = vector(s[SHIFT + row]);
      for (int c = 0; c < whole; c += LANES) {
        FloatVector normal = load(x, from + c).sub(mean).fma(scale, shift);
        normal.fma(load(weight, c), load(bias, c)).intoArray(y, to + c);
      }
    }
    for (row = 0; row < rows; row++) {
      for (int c = whole; c < channels; c++) {
        int at = row * channels + c;
        float difference = x[xAt + at] - s[MEAN + row];
        float normal = Math.fma(difference, s[SCALE + row], s[SHIFT + row]);
        y[yAt + at] = Math.fma(normal, weight[c], bias[c]);
      }
    }
  }

  private static void scale(
      float[] x, int xAt, float[] weight, float[] y, int yAt, int rows, int channels, float[] s) {
    int whole = SPECIES.loopBound(channels);
    for (int row = 0; row < rows; row++) {
      int from = xAt + row * channels;
      int to = yAt + row * channels;
      float scale = s[SCALE + row];
      for (int c = 0; c < whole; c += LANES) {
        load(x, from + c).mul(scale).mul(load(weight, c)).intoArray(y, to + c);
      }
      for (int c = whole; c < channels; c++) {
        y[to + c] = x[from + c] * scale * weight[c];
      }
    }
  }

  @Override
  public void backward(
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
      int channels) {
    if (channels < LANES) {
      scalar.backward(x, weight, dy, bias, epsilon, dx, dWeight, dBias, sumsAt, at, rows, channels);
      return;
    }
    float[] s = Scratch.floats(Scratch.Use.TASK_SUMS, SIZE);
    for (int row = 0; row < rows; row += LANES) {
      int count = Math.min(LANES, rows - row);
      int from = at + row * channels;
      for (Pass pass : STATISTICS) {
        pass.run(x, from, count, channels, (float) epsilon, s);
      }
      // What the weight multiplies, n, is centred only if there is a bias.
      for (int i = 0; i < count; i++) {
        s[CENTER + i] = bias ? s[MEAN + i] : 0;
        s[CENTER_SHIFT + i] = bias ? s[SHIFT + i] : 0;
      }
      for (int i = 0; i < count; i++) {
        sums(x, weight, dy, dWeight, sumsAt, from + i * channels, channels, s, i);
      }
      LANE_SUMS.run(x, from, count, channels, 0, s);
      LANE_SUMS_2.run(x, from, count, channels, 0, s);
      load(s, SUMS).add(load(s, TAILS)).mul((bias ? 1f : 0) / channels).intoArray(s, MEAN_G);
      load(s, SUMS_2).add(load(s, TAILS_2)).div(channels).intoArray(s, MEAN_GN);
      for (int i = 0; i < count; i++) {
        inputGradient(x, weight, dy, dx, from + i * channels, channels, s, i);
        if (bias) {
          addRow(dy, from + i * channels, dBias, sumsAt, channels);
        }
      }
    }
  }

  /** With g = dy · weight: sums g and g · n over one row's channels and adds dy · n to dWeight. */
  private static void sums(
      float[] x,
      float[] weight,
      float[] dy,
      float[] dWeight,
      int sumsAt,
      int start,
      int channels,
      float[] s,
      int row) {
    int whole = SPECIES.loopBound(channels);
    float mean = s[CENTER + row];
    float scale = s[SCALE + row];
    float shift = s[CENTER_SHIFT + row];
    FloatVector sumsG = FloatVector.zero(SPECIES);
    FloatVector sumsGN = sumsG;
    for (int c = 0; c < whole; c += LANES) {
      FloatVector d = load(dy, start + c);
      FloatVector w = load(weight, c);
      FloatVector n = load(x, start + c).sub(mean).fma(vector(scale), vector(shift));
      FloatVector dn = d.mul(n);
      load(dWeight, sumsAt + c).add(dn).intoArray(dWeight, sumsAt + c);
      sumsG = d.fma(w, sumsG);
      sumsGN = dn.fma(w, sumsGN);
    }
    sumsG.intoArray(s, SUMS + row * LANES);
    sumsGN.intoArray(s, SUMS_2 + row * LANES);
    float sumG = 0;
    float sumGN = 0;
    for (int c = whole; c < channels; c++) {
      float dn = dy[start + c] * Math.fma(x[start + c] - mean, scale, shift);
      dWeight[sumsAt + c] += dn;
      sumG += dy[start + c] * weight[c];
      sumGN += dn * weight[c];
    }
    s[TAILS + row] = sumG;
    s[TAILS_2 + row] = sumGN;
  }

  /** With z the normalized x: dx = (g − mean(g) − z · mean(g · n)) / σ, one row. */
  private static void inputGradient(
      float[] x,
      float[] weight,
      float[] dy,
      float[] dx,
      int start,
      int channels,
      float[] s,
      int row) {
    int whole = SPECIES.loopBound(channels);
    float mean = s[MEAN + row];
    float scale = s[SCALE + row];
    float shift = s[SHIFT + row];
    float meanG = s[MEAN_G + row];
    float meanGN = s[MEAN_GN + row];
    for (int c = 0; c < whole; c += LANES) {
      FloatVector z = load(x, start + c).sub(mean).fma(vector(scale), vector(shift));
      FloatVector g = load(dy, start + c).fma(load(weight, c), vector(-meanG));
      z.fma(vector(-meanGN), g).mul(scale).intoArray(dx, start + c);
    }
    for (int c = whole; c < channels; c++) {
      float z = Math.fma(x[start + c] - mean, scale, shift);
      dx[start + c] = (dy[start + c] * weight[c] - meanG - z * meanGN) * scale;
    }
  }

  private static void addRow(float[] x, int start, float[] sums, int sumsAt, int channels) {
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      load(sums, sumsAt + c).add(load(x, start + c)).intoArray(sums, sumsAt + c);
    }
    for (int c = whole; c < channels; c++) {
      sums[sumsAt + c] += x[start + c];
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
