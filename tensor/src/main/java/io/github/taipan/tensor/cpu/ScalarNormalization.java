package io.github.taipan.tensor.cpu;

import org.jspecify.annotations.Nullable;

/** {@link NormalizationLoops} in plain Java, with sums in double precision. */
final class ScalarNormalization implements NormalizationLoops {
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
    for (int row = 0; row < rows; row++) {
      int start = xAt + row * channels;
      int to = yAt + row * channels;
      double mean = mean(x, start, channels);
      double scale = scale(x, start, channels, mean, epsilon);
      for (int c = 0; c < channels; c++) {
        double normal = (bias == null ? x[start + c] : x[start + c] - mean) * scale;
        y[to + c] = (float) (normal * weight[c] + (bias == null ? 0 : bias[c]));
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
    for (int start = at; start < at + rows * channels; start += channels) {
      double mean = mean(x, start, channels);
      double scale = scale(x, start, channels, mean, epsilon);
      double center = bias ? mean : 0;
      double meanG = 0;
      double meanGN = 0;
      for (int c = 0; c < channels; c++) {
        double g = dy[start + c] * weight[c];
        double normal = (x[start + c] - center) * scale;
        meanG += g / channels;
        meanGN += g * normal / channels;
        dWeight[sumsAt + c] += (float) (dy[start + c] * normal);
        if (bias) {
          dBias[sumsAt + c] += dy[start + c];
        }
      }
      for (int c = 0; c < channels; c++) {
        double g = dy[start + c] * weight[c] - (bias ? meanG : 0);
        dx[start + c] = (float) (scale * (g - (x[start + c] - mean) * scale * meanGN));
      }
    }
  }

  private static double mean(float[] x, int start, int channels) {
    double sum = 0;
    for (int c = 0; c < channels; c++) {
      sum += x[start + c];
    }
    return sum / channels;
  }

  private static double scale(float[] x, int start, int channels, double mean, double epsilon) {
    double sum = 0;
    for (int c = 0; c < channels; c++) {
      sum += (x[start + c] - mean) * (x[start + c] - mean);
    }
    return 1 / Math.sqrt(sum / channels + epsilon);
  }
}
