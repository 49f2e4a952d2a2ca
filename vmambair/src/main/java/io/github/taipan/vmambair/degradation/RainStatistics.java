package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.Image;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What can be measured of rain where the clean picture is known: by these numbers synthetic rain is
 * fitted to given rain. Bright pixels are left out, since rain is cut off there; rain is taken to
 * be grey, so that of the three channels the least difference is it.
 *
 * @param strength mean of the rain, as a part of white
 * @param deviation its standard deviation
 * @param dry share of pixels without rain
 * @param across correlation with the pixel beside
 * @param acrossTwo with the second pixel beside
 * @param along with the eighth pixel below
 * @param angle of the streaks from the vertical, in degrees, by the structure tensor
 * @param coherence from 0, all directions alike, to 1, one direction
 */
public record RainStatistics(
    double strength,
    double deviation,
    double dry,
    double across,
    double acrossTwo,
    double along,
    double angle,
    double coherence) {
  private static final int DARK = 128;
  private static final double LEVEL = 1 / 255.0;

  /** Those of a picture of at least 16x16 pixels. */
  public static RainStatistics of(Image clean, Image rainy) {
    int height = clean.height();
    int width = clean.width();
    double[] rain = new double[height * width];
    boolean[] dark = new boolean[height * width];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at++) {
        int least = 255;
        int brightest = 0;
        for (int c = 0; c < clean.channels(); c++) {
          least = Math.min(least, rainy.sample(y, x, c) - clean.sample(y, x, c));
          brightest = Math.max(brightest, clean.sample(y, x, c));
        }
        rain[at] = least * LEVEL;
        dark[at] = brightest < DARK;
      }
    }
    Field field = new Field(rain, dark, height, width);
    double strength = field.mean((y, x) -> rain[y * width + x], 0, 0);
    double square = field.mean((y, x) -> rain[y * width + x] * rain[y * width + x], 0, 0);
    double xx = field.mean((y, x) -> field.right(y, x) * field.right(y, x), 1, 1);
    double yy = field.mean((y, x) -> field.down(y, x) * field.down(y, x), 1, 1);
    double xy = field.mean((y, x) -> field.right(y, x) * field.down(y, x), 1, 1);
    return new RainStatistics(
        strength,
        Math.sqrt(square - strength * strength),
        field.mean((y, x) -> rain[y * width + x] < LEVEL ? 1 : 0, 0, 0),
        field.correlation(0, 1),
        field.correlation(0, 2),
        field.correlation(8, 0),
        Math.toDegrees(0.5 * Math.atan2(-2 * xy, xx - yy)),
        Math.hypot(xx - yy, 2 * xy) / (xx + yy));
  }

  /** The mean of one number over several pictures. */
  public static double mean(List<RainStatistics> all, ToDoubleFunction<RainStatistics> number) {
    return all.stream().mapToDouble(number).average().orElse(Double.NaN);
  }

  private interface Value {
    double at(int y, int x);
  }

  private record Field(double[] rain, boolean[] dark, int height, int width) {
    /** Both differences are of the middle of four pixels. */
    double right(int y, int x) {
      return 0.5 * (difference(y, x, 0, 1) + difference(y + 1, x, 0, 1));
    }

    double down(int y, int x) {
      return 0.5 * (difference(y, x, 1, 0) + difference(y, x + 1, 1, 0));
    }

    private double difference(int y, int x, int below, int beside) {
      return rain[(y + below) * width + x + beside] - rain[y * width + x];
    }

    /** Over the pairs of dark pixels that lie so far apart, and their upper left pixel's value. */
    double mean(Value value, int below, int beside) {
      double sum = 0;
      long count = 0;
      for (int y = 0; y < height - below; y++) {
        for (int x = 0; x < width - beside; x++) {
          if (dark[y * width + x] && dark[(y + below) * width + x + beside]) {
            sum += value.at(y, x);
            count++;
          }
        }
      }
      return sum / count;
    }

    double correlation(int below, int beside) {
      Value here = (y, x) -> rain[y * width + x];
      Value there = (y, x) -> rain[(y + below) * width + x + beside];
      double a = mean(here, below, beside);
      double b = mean(there, below, beside);
      Value product = (y, x) -> (here.at(y, x) - a) * (there.at(y, x) - b);
      Value squareA = (y, x) -> (here.at(y, x) - a) * (here.at(y, x) - a);
      Value squareB = (y, x) -> (there.at(y, x) - b) * (there.at(y, x) - b);
      return mean(product, below, beside)
          / Math.sqrt(mean(squareA, below, beside) * mean(squareB, below, beside));
    }
  }
}
