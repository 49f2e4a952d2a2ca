package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;
import java.util.Arrays;

/**
 * The arithmetic of baseline JPEG with 2×2 chroma subsampling, as Real-ESRGAN's DiffJPEG has it:
 * tables scaled by a real factor and not rounded, a picture padded with black to multiples of 16,
 * chroma averaged on the way in and repeated on the way out. Tables: ITU-T T.81, annex K.1.
 */
final class JpegFormula {
  private static final int BLOCK = 8;
  private static final int MACRO = 16;
  private static final int CHANNELS = FloatImage.CHANNELS;

  /** By [vertical frequency, horizontal frequency]: DiffJPEG has the standard's transposed. */
  private static final int[] LUMA = {
    16, 12, 14, 14, 18, 24, 49, 72, //
    11, 12, 13, 17, 22, 35, 64, 92, //
    10, 14, 16, 22, 37, 55, 78, 95, //
    16, 19, 24, 29, 56, 64, 87, 98, //
    24, 26, 40, 51, 68, 81, 103, 112, //
    40, 58, 57, 87, 109, 104, 121, 100, //
    51, 60, 69, 80, 103, 113, 120, 103, //
    61, 55, 56, 62, 77, 92, 101, 99
  };

  private static final int[] CHROMA = {
    17, 18, 24, 47, 99, 99, 99, 99, //
    18, 21, 26, 66, 99, 99, 99, 99, //
    24, 26, 56, 99, 99, 99, 99, 99, //
    47, 66, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99
  };

  /** The orthonormal cosine transform: [frequency, position]. */
  private static final double[] COSINES = cosines();

  private JpegFormula() {}

  private static double[] cosines() {
    double[] cosines = new double[BLOCK * BLOCK];
    for (int i = 0; i < cosines.length; i++) {
      int frequency = i / BLOCK;
      double norm = frequency == 0 ? Math.sqrt(0.125) : 0.5;
      cosines[i] = norm * Math.cos((2 * (i % BLOCK) + 1) * frequency * Math.PI / MACRO);
    }
    return cosines;
  }

  /** A compressed and decompressed copy, clamped to [0, 1]. */
  static FloatImage compress(FloatImage image, double quality) {
    double factor = (quality < 50 ? 5000 / quality : 200 - 2 * quality) / 100;
    int height = Math.ceilDiv(image.height(), MACRO) * MACRO;
    int width = Math.ceilDiv(image.width(), MACRO) * MACRO;
    double[] luma = new double[height * width];
    double[] blue = new double[height * width / 4];
    double[] red = new double[height * width / 4];
    split(image, width, luma, blue, red);
    quantise(luma, width, LUMA, factor);
    quantise(blue, width / 2, CHROMA, factor);
    quantise(red, width / 2, CHROMA, factor);
    return join(image.height(), image.width(), width, luma, blue, red);
  }

  /** To luma − 128 and the two chromas, each mean of 2×2 pixels, in 0 to 255. */
  private static void split(
      FloatImage image, int width, double[] luma, double[] blue, double[] red) {
    Arrays.fill(luma, -128); // the padding is black
    float[] x = image.values();
    for (int y = 0, at = 0; y < image.height(); y++) {
      int halfRow = y / 2 * (width / 2);
      for (int column = 0; column < image.width(); column++, at += CHANNELS) {
        double r = 255.0 * x[at];
        double g = 255.0 * x[at + 1];
        double b = 255.0 * x[at + 2];
        luma[y * width + column] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
        blue[halfRow + column / 2] += 0.25 * (-0.168736 * r - 0.331264 * g + 0.5 * b);
        red[halfRow + column / 2] += 0.25 * (0.5 * r - 0.418688 * g - 0.081312 * b);
      }
    }
  }

  private static FloatImage join(
      int height, int width, int paddedWidth, double[] luma, double[] blue, double[] red) {
    FloatImage out = FloatImage.black(height, width);
    float[] x = out.values();
    for (int y = 0, at = 0; y < height; y++) {
      for (int column = 0; column < width; column++, at += CHANNELS) {
        int half = y / 2 * (paddedWidth / 2) + column / 2;
        double l = luma[y * paddedWidth + column] + 128;
        x[at] = sample(l + 1.402 * red[half]);
        x[at + 1] = sample(l - 0.344136 * blue[half] - 0.714136 * red[half]);
        x[at + 2] = sample(l + 1.772 * blue[half]);
      }
    }
    return out;
  }

  private static float sample(double value) {
    return (float) (Math.clamp(value, 0.0, 255.0) / 255);
  }

  /** Rounds the frequencies of each block to multiples of the table times the factor. */
  private static void quantise(double[] plane, int width, int[] table, double factor) {
    double[] block = new double[BLOCK * BLOCK];
    double[] other = new double[BLOCK * BLOCK];
    for (int corner = 0; corner < plane.length; corner += BLOCK * width) {
      for (int left = corner; left < corner + width; left += BLOCK) {
        for (int y = 0; y < BLOCK; y++) {
          System.arraycopy(plane, left + y * width, block, y * BLOCK, BLOCK);
        }
        forward(block, other); // transposes, so the other axis has its turn next
        forward(other, block);
        for (int i = 0; i < block.length; i++) {
          double step = table[i] * factor;
          block[i] = Math.rint(block[i] / step) * step;
        }
        inverse(block, other);
        inverse(other, block);
        for (int y = 0; y < BLOCK; y++) {
          System.arraycopy(block, y * BLOCK, plane, left + y * width, BLOCK);
        }
      }
    }
  }

  /** {@code to[u, y] = Σ_x cos[u, x]·from[y, x]}. */
  private static void forward(double[] from, double[] to) {
    for (int y = 0; y < BLOCK; y++) {
      for (int u = 0; u < BLOCK; u++) {
        double sum = 0;
        for (int x = 0; x < BLOCK; x++) {
          sum += COSINES[u * BLOCK + x] * from[y * BLOCK + x];
        }
        to[u * BLOCK + y] = sum;
      }
    }
  }

  /** {@code to[x, v] = Σ_u cos[u, x]·from[v, u]}. */
  private static void inverse(double[] from, double[] to) {
    for (int v = 0; v < BLOCK; v++) {
      for (int x = 0; x < BLOCK; x++) {
        double sum = 0;
        for (int u = 0; u < BLOCK; u++) {
          sum += COSINES[u * BLOCK + x] * from[v * BLOCK + u];
        }
        to[x * BLOCK + v] = sum;
      }
    }
  }
}
