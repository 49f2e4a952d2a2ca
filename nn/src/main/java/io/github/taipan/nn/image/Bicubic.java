package io.github.taipan.nn.image;

import java.util.Arrays;

/**
 * Bicubic resizing as MATLAB's {@code imresize} does it: Keys' kernel with a = -0.5, widened when
 * shrinking (antialiasing), weights normalised, vertical pass first. Sizes are {@code ceil(scale *
 * size)}.
 *
 * <p>Eight-bit pictures are rounded, half up, after each pass. With {@link Border#REPLICATE} this
 * gives the low-resolution files of the usual x4 benchmarks bit for bit; {@link Border#SYMMETRIC}
 * is what newer ones were made with.
 */
public final class Bicubic {
  private static final int KERNEL_WIDTH = 4;

  private Bicubic() {}

  /** A picture whose sides are 1/factor, borders replicated. */
  public static Image shrink(Image image, int factor) {
    return resize(image, 1.0 / factor, Border.REPLICATE);
  }

  /** A picture whose sides are factor times as long, borders replicated. */
  public static Image enlarge(Image image, int factor) {
    return resize(image, factor, Border.REPLICATE);
  }

  /** An 8-bit picture, rounded after each pass. */
  public static Image resize(Image image, double scale, Border border) {
    int channels = image.channels();
    byte[] from = image.samples();
    int line = image.width() * channels;
    Taps rows = Taps.of(image.height(), scale, border);
    Taps columns = Taps.of(image.width(), scale, border);
    byte[] out = new byte[length(rows, columns, channels)];
    double[] sum = new double[line];
    double[] outLine = new double[columns.size() * channels];
    for (int y = 0; y < rows.size(); y++) {
      Arrays.fill(sum, 0);
      for (int t = y * rows.taps(); t < (y + 1) * rows.taps(); t++) {
        double weight = rows.weights()[t];
        int start = rows.indices()[t] * line;
        for (int i = 0; i < line; i++) {
          sum[i] += weight * (from[start + i] & 0xFF);
        }
      }
      for (int i = 0; i < line; i++) {
        sum[i] = round(sum[i]);
      }
      columns.apply(sum, channels, outLine);
      for (int i = 0; i < outLine.length; i++) {
        out[y * outLine.length + i] = (byte) round(outLine[i]);
      }
    }
    return Image.wrap(rows.size(), columns.size(), channels, out);
  }

  /**
   * Unrounded samples.
   *
   * @param values {@code [height, width, channels]}
   * @return {@code [ceil(scale * height), ceil(scale * width), channels]}
   */
  public static float[] resize(
      float[] values, int height, int width, int channels, double scale, Border border) {
    int line = width * channels;
    Taps rows = Taps.of(height, scale, border);
    Taps columns = Taps.of(width, scale, border);
    float[] out = new float[length(rows, columns, channels)];
    double[] sum = new double[line];
    double[] outLine = new double[columns.size() * channels];
    for (int y = 0; y < rows.size(); y++) {
      Arrays.fill(sum, 0);
      for (int t = y * rows.taps(); t < (y + 1) * rows.taps(); t++) {
        double weight = rows.weights()[t];
        int start = rows.indices()[t] * line;
        for (int i = 0; i < line; i++) {
          sum[i] += weight * values[start + i];
        }
      }
      columns.apply(sum, channels, outLine);
      for (int i = 0; i < outLine.length; i++) {
        out[y * outLine.length + i] = (float) outLine[i];
      }
    }
    return out;
  }

  private static int length(Taps rows, Taps columns, int channels) {
    return Math.toIntExact((long) rows.size() * columns.size() * channels);
  }

  /** To the nearest of 0 to 255, half up. */
  private static int round(double value) {
    return Math.min((int) Math.max(value + 0.5, 0), 255);
  }

  /**
   * What each output of one axis is made of.
   *
   * @param size number of outputs
   * @param taps inputs per output
   * @param indices {@code [size, taps]} inputs
   * @param weights {@code [size, taps]}, each row summing to one
   */
  private record Taps(int size, int taps, int[] indices, double[] weights) {

    static Taps of(int inputSize, double scale, Border border) {
      int size = Math.toIntExact((long) Math.ceil(inputSize * scale));
      double stretch = Math.min(scale, 1);
      double reach = KERNEL_WIDTH / stretch / 2;
      int taps = (int) Math.ceil(2 * reach) + 2;
      int[] indices = new int[size * taps];
      double[] weights = new double[size * taps];
      for (int i = 0; i < size; i++) {
        double centre = (i + 0.5) / scale - 0.5;
        int first = (int) Math.floor(centre - reach);
        double total = 0;
        for (int t = 0; t < taps; t++) {
          double weight = keys(stretch * (centre - (first + t)));
          indices[i * taps + t] = border.index(first + t, inputSize);
          weights[i * taps + t] = weight;
          total += weight;
        }
        for (int t = 0; t < taps; t++) {
          weights[i * taps + t] /= total;
        }
      }
      return new Taps(size, taps, indices, weights);
    }

    /** Filters one line of pixels. */
    void apply(double[] line, int channels, double[] out) {
      for (int x = 0; x < size; x++) {
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int t = x * taps, end = t + taps; t < end; t++) {
            sum += weights[t] * line[indices[t] * channels + c];
          }
          out[x * channels + c] = sum;
        }
      }
    }

    /** Keys' cubic convolution kernel, a = -0.5. */
    private static double keys(double x) {
      double d = Math.abs(x);
      if (d <= 1) {
        return (1.5 * d - 2.5) * d * d + 1;
      }
      return d <= 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    }
  }
}
