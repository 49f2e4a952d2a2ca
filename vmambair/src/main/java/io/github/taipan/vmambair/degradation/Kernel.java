package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.Border;
import io.github.taipan.nn.image.FloatImage;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** The weights of a linear filter: a square of odd side, centred on the pixel. */
sealed interface Kernel {
  /** Rows and columns. */
  int size();

  /** All weights, {@code [size, size]}. */
  float[] weights();

  /**
   * The correlation of each channel with this kernel, the picture mirrored at its borders without
   * its edge pixel (PyTorch's "reflect").
   */
  FloatImage filter(FloatImage image);

  /** Weights of any form, {@code [size, size]}. */
  record Square(int size, float[] weights) implements Kernel {
    @Override
    public FloatImage filter(FloatImage image) {
      int height = image.height();
      int line = image.width() * FloatImage.CHANNELS;
      float[] padded = padded(image, size / 2);
      int paddedLine = padded.length / height;
      float[] out = new float[height * line];
      float[] sum = new float[line];
      for (int y = 0; y < height; y++) {
        Arrays.fill(sum, 0);
        for (int i = 0; i < size; i++) {
          int row = Border.REFLECT.index(y + i - size / 2, height) * paddedLine;
          addTaps(sum, padded, row, FloatImage.CHANNELS, weights, i * size, size);
        }
        System.arraycopy(sum, 0, out, y * line, line);
      }
      return new FloatImage(height, image.width(), out);
    }
  }

  /** A column of weights times the same as a row. */
  record Separable(float[] line) implements Kernel {
    @Override
    public int size() {
      return line.length;
    }

    @Override
    public float[] weights() {
      float[] weights = new float[line.length * line.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = line[i / line.length] * line[i % line.length];
      }
      return weights;
    }

    @Override
    public FloatImage filter(FloatImage image) {
      int height = image.height();
      int length = image.width() * FloatImage.CHANNELS;
      int radius = line.length / 2;
      float[] rows = new float[height * length];
      for (int y = 0; y < height; y++) {
        for (int i = 0; i < line.length; i++) {
          int from = Border.REFLECT.index(y + i - radius, height) * length;
          addTo(rows, y * length, image.values(), from, line[i], length);
        }
      }
      float[] padded = padded(new FloatImage(height, image.width(), rows), radius);
      float[] out = new float[height * length];
      float[] sum = new float[length];
      for (int y = 0; y < height; y++) {
        Arrays.fill(sum, 0);
        int from = y * (padded.length / height);
        addTaps(sum, padded, from, FloatImage.CHANNELS, line, 0, line.length);
        System.arraycopy(sum, 0, out, y * length, length);
      }
      return new FloatImage(height, image.width(), out);
    }
  }

  /** A picture with so many more columns at each side, mirrored. */
  private static float[] padded(FloatImage image, int radius) {
    int width = image.width() + 2 * radius;
    float[] padded = new float[image.height() * width * FloatImage.CHANNELS];
    IntUnaryOperator source = x -> Border.REFLECT.index(x - radius, image.width());
    for (int y = 0; y < image.height(); y++) {
      int to = y * width * FloatImage.CHANNELS;
      int from = y * image.width() * FloatImage.CHANNELS;
      for (int x = 0; x < width; x++) {
        int at = from + source.applyAsInt(x) * FloatImage.CHANNELS;
        System.arraycopy(
            image.values(), at, padded, to + x * FloatImage.CHANNELS, FloatImage.CHANNELS);
      }
    }
    return padded;
  }

  /** {@code sum[i] += Σ_k weights[first + k] · x[from + k·step + i]}. */
  private static void addTaps(
      float[] sum, float[] x, int from, int step, float[] weights, int first, int count) {
    int k = 0;
    // Four taps a pass, since each pass loads and stores the sums.
    for (; k + 4 <= count; k += 4) {
      addFour(sum, x, from + k * step, step, weights, first + k);
    }
    for (; k < count; k++) {
      addTo(sum, 0, x, from + k * step, weights[first + k], sum.length);
    }
  }

  private static void addFour(
      float[] sum, float[] x, int from, int step, float[] weights, int first) {
    float a = weights[first];
    float b = weights[first + 1];
    float c = weights[first + 2];
    float d = weights[first + 3];
    int second = from + step;
    int third = second + step;
    int fourth = third + step;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (a * x[from + i] + b * x[second + i]) + (c * x[third + i] + d * x[fourth + i]);
    }
  }

  private static void addTo(float[] sum, int to, float[] x, int from, float weight, int count) {
    for (int i = 0; i < count; i++) {
      sum[to + i] += weight * x[from + i];
    }
  }
}
