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
  private static final Pass[] BACKWARD = {
    VectorNormalization::statistics,
    VectorNormalization::sums,
    (g, _, _) -> VectorRowStatistics.sumLanes(g.s, SUMS),
    (g, _, _) -> VectorRowStatistics.sumLanes(g.s, SUMS_2),
    VectorNormalization::means,
    VectorNormalization::inputGradient,
    VectorNormalization::biasSums
  };

  private final ScalarNormalization scalar = new ScalarNormalization();

  /** The arguments of {@link #backward} that all its rows share. */
  private record Gradient(
      float[] x,
      float[] weight,
      float[] dy,
      boolean bias,
      float epsilon,
      float[] dx,
      float[] dWeight,
      float[] dBias,
      int sumsAt,
      int channels,
      float[] s) {}

  /** A part of the gradient, separate for the same reason as in {@link VectorRowStatistics}. */
  private interface Pass {
    void run(Gradient gradient, int start, int rows);
  }

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
    for (int row0 = 0; row0 < rows; row0 += TOGETHER) {
      // As in the statistics, rows past the last are the last again. All are loaded before one is
      // stored, so y may be x.
      int row1 = Math.min(row0 + 1, rows - 1);
      int row2 = Math.min(row0 + 2, rows - 1);
      int row3 = Math.min(row0 + 3, rows - 1);
      int at0 = row0 * channels;
      int at1 = row1 * channels;
      int at2 = row2 * channels;
      int at3 = row3 * channels;
      FloatVector mean0 = vector(s[MEAN + row0]);
      FloatVector mean1 = vector(s[MEAN + row1]);
      FloatVector mean2 = vector(s[MEAN + row2]);
      FloatVector mean3 = vector(s[MEAN + row3]);
      FloatVector scale0 = vector(s[SCALE + row0]);
      FloatVector scale1 = vector(s[SCALE + row1]);
      FloatVector scale2 = vector(s[SCALE + row2]);
      FloatVector scale3 = vector(s[SCALE + row3]);
      FloatVector shift0 = vector(s[SHIFT + row0]);
      FloatVector shift1 = vector(s[SHIFT + row1]);
      FloatVector shift2 = vector(s[SHIFT + row2]);
      FloatVector shift3 = vector(s[SHIFT + row3]);
      for (int c = 0; c < whole; c += LANES) {
        int from = xAt + c;
        int to = yAt + c;
        FloatVector w = load(weight, c);
        FloatVector b = load(bias, c);
        FloatVector n0 = load(x, from + at0).sub(mean0).fma(scale0, shift0);
        FloatVector n1 = load(x, from + at1).sub(mean1).fma(scale1, shift1);
        FloatVector n2 = load(x, from + at2).sub(mean2).fma(scale2, shift2);
        FloatVector n3 = load(x, from + at3).sub(mean3).fma(scale3, shift3);
        n0.fma(w, b).intoArray(y, to + at0);
        n1.fma(w, b).intoArray(y, to + at1);
        n2.fma(w, b).intoArray(y, to + at2);
        n3.fma(w, b).intoArray(y, to + at3);
      }
    }
    for (int row = 0; row < rows; row++) {
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
    Gradient gradient =
        new Gradient(x, weight, dy, bias, (float) epsilon, dx, dWeight, dBias, sumsAt, channels, s);
    for (int row = 0; row < rows; row += LANES) {
      for (Pass pass : BACKWARD) {
        pass.run(gradient, at + row * channels, Math.min(LANES, rows - row));
      }
    }
  }

  private static void statistics(Gradient g, int start, int rows) {
    VectorRowStatistics.compute(g.x, start, rows, g.channels, g.epsilon, g.s);
    // What the weight multiplies, n, is centred only if there is a bias.
    for (int i = 0; i < rows; i++) {
      g.s[CENTER + i] = g.bias ? g.s[MEAN + i] : 0;
      g.s[CENTER_SHIFT + i] = g.bias ? g.s[SHIFT + i] : 0;
    }
  }

  /** With g = dy · weight: sums g and g · n over each row's channels and adds dy · n to dWeight. */
  private static void sums(Gradient gradient, int start, int rows) {
    float[] x = gradient.x;
    float[] weight = gradient.weight;
    float[] dy = gradient.dy;
    float[] dWeight = gradient.dWeight;
    float[] s = gradient.s;
    int sumsAt = gradient.sumsAt;
    int channels = gradient.channels;
    int whole = SPECIES.loopBound(channels);
    for (int row = 0; row < rows; row++, start += channels) {
      FloatVector center = vector(s[CENTER + row]);
      FloatVector scale = vector(s[SCALE + row]);
      FloatVector shift = vector(s[CENTER_SHIFT + row]);
      FloatVector sumG = FloatVector.zero(SPECIES);
      FloatVector sumGN = sumG;
      for (int c = 0; c < whole; c += LANES) {
        FloatVector d = load(dy, start + c);
        FloatVector w = load(weight, c);
        FloatVector dn = load(x, start + c).sub(center).fma(scale, shift).mul(d);
        load(dWeight, sumsAt + c).add(dn).intoArray(dWeight, sumsAt + c);
        sumG = d.fma(w, sumG);
        sumGN = dn.fma(w, sumGN);
      }
      sumG.intoArray(s, SUMS + row * LANES);
      sumGN.intoArray(s, SUMS_2 + row * LANES);
      float tailG = 0;
      float tailGN = 0;
      for (int c = whole; c < channels; c++) {
        float normal =
            Math.fma(x[start + c] - s[CENTER + row], s[SCALE + row], s[CENTER_SHIFT + row]);
        float dn = dy[start + c] * normal;
        dWeight[sumsAt + c] += dn;
        tailG += dy[start + c] * weight[c];
        tailGN += dn * weight[c];
      }
      s[TAILS + row] = tailG;
      s[TAILS_2 + row] = tailGN;
    }
  }

  private static void means(Gradient g, int start, int rows) {
    float[] s = g.s;
    load(s, SUMS).add(load(s, TAILS)).mul((g.bias ? 1f : 0) / g.channels).intoArray(s, MEAN_G);
    load(s, SUMS_2).add(load(s, TAILS_2)).div(g.channels).intoArray(s, MEAN_GN);
  }

  /** With z the normalized x: dx = (g − mean(g) − z · mean(g · n)) / σ. */
  private static void inputGradient(Gradient gradient, int start, int rows) {
    float[] x = gradient.x;
    float[] weight = gradient.weight;
    float[] dy = gradient.dy;
    float[] dx = gradient.dx;
    float[] s = gradient.s;
    int channels = gradient.channels;
    int whole = SPECIES.loopBound(channels);
    for (int row = 0; row < rows; row++, start += channels) {
      FloatVector mean = vector(s[MEAN + row]);
      FloatVector scale = vector(s[SCALE + row]);
      FloatVector shift = vector(s[SHIFT + row]);
      FloatVector minusMeanG = vector(-s[MEAN_G + row]);
      FloatVector minusMeanGN = vector(-s[MEAN_GN + row]);
      for (int c = 0; c < whole; c += LANES) {
        FloatVector z = load(x, start + c).sub(mean).fma(scale, shift);
        FloatVector g = load(dy, start + c).fma(load(weight, c), minusMeanG);
        z.fma(minusMeanGN, g).mul(scale).intoArray(dx, start + c);
      }
      for (int c = whole; c < channels; c++) {
        float z = Math.fma(x[start + c] - s[MEAN + row], s[SCALE + row], s[SHIFT + row]);
        float g = dy[start + c] * weight[c] - s[MEAN_G + row];
        dx[start + c] = (g - z * s[MEAN_GN + row]) * s[SCALE + row];
      }
    }
  }

  private static void biasSums(Gradient g, int start, int rows) {
    if (!g.bias) {
      return;
    }
    int whole = SPECIES.loopBound(g.channels);
    for (int row = 0; row < rows; row++, start += g.channels) {
      for (int c = 0; c < whole; c += LANES) {
        int at = g.sumsAt + c;
        load(g.dBias, at).add(load(g.dy, start + c)).intoArray(g.dBias, at);
      }
      for (int c = whole; c < g.channels; c++) {
        g.dBias[g.sumsAt + c] += g.dy[start + c];
      }
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
