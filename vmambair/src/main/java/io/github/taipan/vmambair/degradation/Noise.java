package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;
import java.util.BitSet;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Noise that is added to a picture, which is then clipped to [0, 1]. Grey noise is the same in all
 * three channels.
 */
sealed interface Noise {
  /** Whether the three channels share it. */
  boolean grey();

  /**
   * A noisy copy.
   *
   * @param seed of the noise
   * @param sharedSeed of what the pictures of a batch have in common
   */
  FloatImage addTo(FloatImage image, long seed, long sharedSeed);

  /**
   * Normal noise; where it is grey, the pictures of a batch share one field.
   *
   * @param sigma its standard deviation, in 1/255
   */
  record Gaussian(double sigma, boolean grey) implements Noise {
    @Override
    public FloatImage addTo(FloatImage image, long seed, long sharedSeed) {
      // A sequence, not a table to look up as elsewhere: a picture's noise has one thread, and
      // SplittableRandom is ten times as fast.
      SplittableRandom random = new SplittableRandom(grey ? sharedSeed : seed);
      double deviation = sigma / 255;
      float[] out = image.values().clone();
      if (grey) {
        for (int i = 0; i < out.length; i += FloatImage.CHANNELS) {
          float noise = (float) (deviation * random.nextGaussian());
          for (int c = i; c < i + FloatImage.CHANNELS; c++) {
            out[c] = clip(out[c] + noise);
          }
        }
      } else {
        for (int i = 0; i < out.length; i++) {
          out[i] = clip(out[i] + (float) (deviation * random.nextGaussian()));
        }
      }
      return new FloatImage(image.height(), image.width(), out);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%sGaussian %.1f", grey ? "grey " : "", sigma);
    }
  }

  /**
   * Shot noise: that of a camera that counts V·x photons, V being the number of levels that occur
   * in the picture, rounded up to a power of two.
   *
   * @param scale how many times stronger
   */
  record Poisson(double scale, boolean grey) implements Noise {
    private static final int LEVELS = 256;

    @Override
    public FloatImage addTo(FloatImage image, long seed, long sharedSeed) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] out = image.values().clone();
      int[] levels = grey ? greyLevels(out) : levels(out);
      @Nullable double[][] tables = new double[LEVELS][];
      int photons = photons(levels);
      int repeats = out.length / levels.length;
      for (int i = 0; i < levels.length; i++) {
        double x = levels[i] / 255.0;
        double[] table = tables[levels[i]];
        if (table == null) {
          table = cumulative(x * photons);
          tables[levels[i]] = table;
        }
        double noise = (double) draw(table, random.nextDouble()) / photons - x;
        for (int c = i * repeats; c < (i + 1) * repeats; c++) {
          out[c] = clip(out[c] + (float) (scale * noise));
        }
      }
      return new FloatImage(image.height(), image.width(), out);
    }

    private static int[] levels(float[] values) {
      int[] levels = new int[values.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = level(values[i]);
      }
      return levels;
    }

    private static int[] greyLevels(float[] values) {
      int[] levels = new int[values.length / FloatImage.CHANNELS];
      for (int i = 0, at = 0; i < levels.length; i++, at += FloatImage.CHANNELS) {
        levels[i] = level(0.2989f * values[at] + 0.587f * values[at + 1] + 0.114f * values[at + 2]);
      }
      return levels;
    }

    private static int level(float value) {
      return (int) Math.rint(Math.clamp(value * 255, 0f, 255f));
    }

    private static int photons(int[] levels) {
      BitSet seen = new BitSet(LEVELS);
      for (int level : levels) {
        seen.set(level);
      }
      int count = seen.cardinality();
      return count == 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
    }

    /** The probabilities of at most 0, 1, 2, ... events, up to one that rounds to 1. */
    private static double[] cumulative(double mean) {
      double[] table = new double[(int) (mean + 10 * Math.sqrt(mean) + 20)];
      double probability = Math.exp(-mean);
      double sum = 0;
      for (int k = 0; k < table.length; k++) {
        sum += probability;
        table[k] = sum;
        probability *= mean / (k + 1);
      }
      return table;
    }

    /** The first count whose cumulative probability exceeds u. */
    private static int draw(double[] table, double u) {
      int low = 0;
      int high = table.length - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (table[middle] > u) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%sPoisson %.2f", grey ? "grey " : "", scale);
    }
  }

  private static float clip(float value) {
    return Math.clamp(value, 0f, 1f);
  }
}
