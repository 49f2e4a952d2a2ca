package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorMath.vector;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.CENTER;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.CENTER_SHIFT;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.MEAN;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.MEAN_G;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.MEAN_GN;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.SCALE;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.SHIFT;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.SIZE;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.SUMS;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.SUMS_2;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.TAILS;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.TAILS_2;
import static io.github.taipan.tensor.cpu.VectorRowStatistics.TOGETHER;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * {@link NormalizationLoops} in the Vector API, as many rows at a time as a vector has lanes
 * ({@link VectorRowStatistics}). Rows shorter than a vector go the scalar way, in double precision:
 * their gradients nearly cancel.
 */
final class VectorNormalization implements NormalizationLoops {
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
      VectorRowStatistics.compute(x, from, count, channels, (float) epsilon, s);
      if (bias == null) {
        scale(x, from, weight, y, to, count, channels, s);
      } else {
        normalize(x, from, weight, bias, y, to, count, channels, s);
      }
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
      VectorRowStatistics.compute(x, from, count, channels, (float) epsilon, s);
      // What the weight multiplies, n, is centred only if there is a bias.
      for (int i = 0; i < count; i++) {
        s[CENTER + i] = bias ? s[MEAN + i] : 0;
        s[CENTER_SHIFT + i] = bias ? s[SHIFT + i] : 0;
      }
      for (int i = 0; i < count; i++) {
        sums(x, weight, dy, dWeight, sumsAt, from + i * channels, channels, s, i);
      }
      VectorRowStatistics.sumLanes(s);
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
