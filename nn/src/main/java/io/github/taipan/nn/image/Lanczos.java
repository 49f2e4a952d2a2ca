package io.github.taipan.nn.image;

import java.util.Arrays;

/**
 * Resizing by a windowed sinc of three lobes, widened when shrinking (antialiasing): what
 * multi-scale training pictures are made with. Weights beyond the border are left out and the
 * others normalised; rows are filtered first, and rounded to 8 bits between the passes, as Pillow's
 * {@code LANCZOS} does.
 */
public final class Lanczos {
  private static final double LOBES = 3;

  private Lanczos() {}

  /** The picture with other sides; each may grow or shrink. */
  public static Image resize(Image image, int height, int width) {
    int channels = image.channels();
    byte[] rows =
        filter(image.samples(), Taps.of(image.width(), width), image.height(), 1, channels);
    byte[] out = filter(rows, Taps.of(image.height(), height), 1, width, channels);
    return Image.wrap(height, width, channels, out);
  }

  /**
   * Filters the middle axis of {@code [outer, taps.inputs, inner, channels]}.
   *
   * @return {@code [outer, taps.outputs, inner, channels]}
   */
  private static byte[] filter(byte[] from, Taps taps, int outer, int inner, int channels) {
    int step = inner * channels;
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(outer, taps.first.length), step)];
    double[] sum = new double[step];
    for (int o = 0, to = 0; o < outer; o++) {
      for (int i = 0; i < taps.first.length; i++, to += step) {
        Arrays.fill(sum, 0.5); // rounds half up
        double[] weights = taps.weights[i];
        for (int t = 0; t < weights.length; t++) {
          int start = (o * taps.inputs + taps.first[i] + t) * step;
          for (int c = 0; c < step; c++) {
            sum[c] += weights[t] * (from[start + c] & 0xFF);
          }
        }
        for (int c = 0; c < step; c++) {
          out[to + c] = (byte) (int) Math.clamp(Math.floor(sum[c]), 0, 255);
        }
      }
    }
    return out;
  }

  /** For each output of an axis the first input that it is made of, and the weights from there. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Taps(int inputs, int[] first, double[][] weights) {
    static Taps of(int inputs, int outputs) {
      double step = (double) inputs / outputs;
      double stretch = Math.max(step, 1);
      int[] first = new int[outputs];
      double[][] weights = new double[outputs][];
      for (int i = 0; i < outputs; i++) {
        double centre = (i + 0.5) * step;
        first[i] = Math.max((int) (centre - LOBES * stretch + 0.5), 0);
        int end = Math.min((int) (centre + LOBES * stretch + 0.5), inputs);
        double[] row = new double[end - first[i]];
        double total = 0;
        for (int t = 0; t < row.length; t++) {
          row[t] = kernel((first[i] + t - centre + 0.5) / stretch);
          total += row[t];
        }
        for (int t = 0; t < row.length; t++) {
          row[t] /= total;
        }
        weights[i] = row;
      }
      return new Taps(inputs, first, weights);
    }

    private static double kernel(double x) {
      return Math.abs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
    }

    private static double sinc(double x) {
      return x == 0 ? 1 : StrictMath.sin(Math.PI * x) / (Math.PI * x);
    }
  }
}
