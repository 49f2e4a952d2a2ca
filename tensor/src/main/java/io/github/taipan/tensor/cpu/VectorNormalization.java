package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * {@link NormalizationLoops} in the Vector API. The mean is found in two steps, as a float32 mean
 * of the values alone is too coarse where they hardly differ: the first mean is subtracted from
 * all, and {@code rest} is the mean of those differences, whose mean square gives the variance.
 * Rows shorter than a vector go the scalar way, in double precision: their gradients nearly cancel.
 */
final class VectorNormalization implements NormalizationLoops {
  private final ScalarNormalization scalar = new ScalarNormalization();

  /** The mean is {@code mean + rest}; {@code scale} is 1 / √(v + ε). */
  private record Statistics(float mean, float rest, float scale) {
    static Statistics of(float[] x, int start, int channels, double epsilon) {
      int whole = SPECIES.loopBound(channels);
      FloatVector sums = FloatVector.zero(SPECIES);
      for (int c = 0; c < whole; c += LANES) {
        sums = sums.add(FloatVector.fromArray(SPECIES, x, start + c));
      }
      float sum = VectorWidth.sum(sums);
      for (int c = whole; c < channels; c++) {
        sum += x[start + c];
      }
      float mean = sum / channels;
      FloatVector differences = FloatVector.zero(SPECIES);
      FloatVector squares = FloatVector.zero(SPECIES);
      for (int c = 0; c < whole; c += LANES) {
        FloatVector difference = FloatVector.fromArray(SPECIES, x, start + c).sub(mean);
        differences = differences.add(difference);
        squares = difference.fma(difference, squares);
      }
      float difference = VectorWidth.sum(differences);
      float square = VectorWidth.sum(squares);
      for (int c = whole; c < channels; c++) {
        float d = x[start + c] - mean;
        difference += d;
        square += d * d;
      }
      float rest = difference / channels;
      double variance = Math.max(0, (double) square / channels - (double) rest * rest);
      return new Statistics(mean, rest, (float) (1 / Math.sqrt(variance + epsilon)));
    }
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
    for (int row = 0; row < rows; row++) {
      int from = xAt + row * channels;
      int to = yAt + row * channels;
      Statistics statistics = Statistics.of(x, from, channels, epsilon);
      if (bias == null) {
        scale(x, from, statistics.scale, weight, y, to, channels);
      } else {
        normalize(x, from, statistics, weight, bias, y, to, channels);
      }
    }
  }

  private static void normalize(
      float[] x,
      int from,
      Statistics statistics,
      float[] weight,
      float[] bias,
      float[] y,
      int to,
      int channels) {
    float scale = statistics.scale;
    float shift = -statistics.rest * scale;
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector difference = FloatVector.fromArray(SPECIES, x, from + c).sub(statistics.mean);
      FloatVector normal =
          difference.fma(
              FloatVector.broadcast(SPECIES, scale), FloatVector.broadcast(SPECIES, shift));
      normal
          .fma(FloatVector.fromArray(SPECIES, weight, c), FloatVector.fromArray(SPECIES, bias, c))
          .intoArray(y, to + c);
    }
    for (int c = whole; c < channels; c++) {
      y[to + c] = ((x[from + c] - statistics.mean) * scale + shift) * weight[c] + bias[c];
    }
  }

  private static void scale(
      float[] x, int from, float scale, float[] weight, float[] y, int to, int channels) {
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector.fromArray(SPECIES, x, from + c)
          .mul(scale)
          .mul(FloatVector.fromArray(SPECIES, weight, c))
          .intoArray(y, to + c);
    }
    for (int c = whole; c < channels; c++) {
      y[to + c] = x[from + c] * scale * weight[c];
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
    for (int start = at; start < at + rows * channels; start += channels) {
      Statistics statistics = Statistics.of(x, start, channels, epsilon);
      if (bias) {
        addRow(dy, start, dBias, sumsAt, channels);
      }
      backward(x, weight, dy, bias, statistics, dx, dWeight, sumsAt, start, channels);
    }
  }

  /**
   * With n what the weight multiplies and g = dy · weight: dx = (g − mean(g) − z · mean(g · n)) /
   * σ.
   */
  private static void backward(
      float[] x,
      float[] weight,
      float[] dy,
      boolean bias,
      Statistics statistics,
      float[] dx,
      float[] dWeight,
      int sumsAt,
      int start,
      int channels) {
    int whole = SPECIES.loopBound(channels);
    float mean = statistics.mean;
    float scale = statistics.scale;
    float shift = -statistics.rest * scale;
    // n = (x − center) · scale + offset
    float center = bias ? mean : 0;
    float offset = bias ? shift : 0;
    FloatVector sumsG = FloatVector.zero(SPECIES);
    FloatVector sumsGN = FloatVector.zero(SPECIES);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector d = FloatVector.fromArray(SPECIES, dy, start + c);
      FloatVector n =
          FloatVector.fromArray(SPECIES, x, start + c)
              .sub(center)
              .fma(FloatVector.broadcast(SPECIES, scale), FloatVector.broadcast(SPECIES, offset));
      FloatVector dn = d.mul(n);
      FloatVector.fromArray(SPECIES, dWeight, sumsAt + c).add(dn).intoArray(dWeight, sumsAt + c);
      sumsG = d.fma(FloatVector.fromArray(SPECIES, weight, c), sumsG);
      sumsGN = dn.fma(FloatVector.fromArray(SPECIES, weight, c), sumsGN);
    }
    float sumG = VectorWidth.sum(sumsG);
    float sumGN = VectorWidth.sum(sumsGN);
    for (int c = whole; c < channels; c++) {
      float dn = dy[start + c] * ((x[start + c] - center) * scale + offset);
      dWeight[sumsAt + c] += dn;
      sumG += dy[start + c] * weight[c];
      sumGN += dn * weight[c];
    }
    float meanG = bias ? sumG / channels : 0;
    float meanGN = sumGN / channels;
    for (int c = 0; c < whole; c += LANES) {
      FloatVector z =
          FloatVector.fromArray(SPECIES, x, start + c)
              .sub(mean)
              .fma(FloatVector.broadcast(SPECIES, scale), FloatVector.broadcast(SPECIES, shift));
      FloatVector g =
          FloatVector.fromArray(SPECIES, dy, start + c)
              .fma(
                  FloatVector.fromArray(SPECIES, weight, c),
                  FloatVector.broadcast(SPECIES, -meanG));
      z.fma(FloatVector.broadcast(SPECIES, -meanGN), g).mul(scale).intoArray(dx, start + c);
    }
    for (int c = whole; c < channels; c++) {
      float z = (x[start + c] - mean) * scale + shift;
      dx[start + c] = (dy[start + c] * weight[c] - meanG - z * meanGN) * scale;
    }
  }

  private static void addRow(float[] x, int start, float[] sums, int sumsAt, int channels) {
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector.fromArray(SPECIES, sums, sumsAt + c)
          .add(FloatVector.fromArray(SPECIES, x, start + c))
          .intoArray(sums, sumsAt + c);
    }
    for (int c = whole; c < channels; c++) {
      sums[sumsAt + c] += x[start + c];
    }
  }
}
