package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.tensor.Resampling.Filter;
import io.github.taipan.tensor.ResizeTaps;

/** Resizing pictures as PyTorch's {@code interpolate} does, rows first. */
final class Resizing {
  private static final int CHANNELS = FloatImage.CHANNELS;

  private Resizing() {}

  /** To a size. */
  static FloatImage to(FloatImage image, Filter filter, int height, int width) {
    return height == image.height() && width == image.width()
        ? image
        : resize(
            image,
            ResizeTaps.of(filter, image.height(), height, (double) image.height() / height),
            ResizeTaps.of(filter, image.width(), width, (double) image.width() / width));
  }

  /** By a scale: sides are rounded down, and pixels lie exactly 1/scale apart. */
  static FloatImage by(FloatImage image, Filter filter, double scale) {
    int height = Math.max((int) (image.height() * scale), 1);
    int width = Math.max((int) (image.width() * scale), 1);
    return resize(
        image,
        ResizeTaps.of(filter, image.height(), height, 1 / scale),
        ResizeTaps.of(filter, image.width(), width, 1 / scale));
  }

  private static FloatImage resize(FloatImage image, ResizeTaps rows, ResizeTaps columns) {
    int line = image.width() * CHANNELS;
    int outLine = columns.outputs() * CHANNELS;
    float[] out = new float[rows.outputs() * outLine];
    for (int y = 0; y < rows.outputs(); y++) {
      float[] mixed = new float[line];
      for (int k = 0; k < rows.count(y); k++) {
        int from = (rows.first()[y] + k) * line;
        float weight = (float) rows.weights()[rows.offsets()[y] + k];
        add(mixed, image.values(), from, weight);
      }
      resizeLine(mixed, columns, out, y * outLine);
    }
    return new FloatImage(rows.outputs(), columns.outputs(), out);
  }

  private static void add(float[] sum, float[] x, int from, float weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * x[from + i];
    }
  }

  private static void resizeLine(float[] line, ResizeTaps taps, float[] out, int to) {
    double[] weights = taps.weights();
    for (int x = 0; x < taps.outputs(); x++, to += CHANNELS) {
      double red = 0;
      double green = 0;
      double blue = 0;
      int from = taps.first()[x] * CHANNELS;
      for (int k = taps.offsets()[x]; k < taps.offsets()[x + 1]; k++, from += CHANNELS) {
        red += weights[k] * line[from];
        green += weights[k] * line[from + 1];
        blue += weights[k] * line[from + 2];
      }
      out[to] = (float) red;
      out[to + 1] = (float) green;
      out[to + 2] = (float) blue;
    }
  }
}
