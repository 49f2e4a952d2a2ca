package io.github.taipan.vmambair.degradation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RainTest {
  private static final CounterRandom RANDOM = CounterRandom.seeded(3);

  private static FloatImage grey(float level, int height, int width) {
    FloatImage image = FloatImage.black(height, width);
    Arrays.fill(image.values(), level);
    return image;
  }

  @Test
  void brightensAllChannelsAlikeUpToWhite() {
    FloatImage truth = grey(0.2f, 60, 70);
    FloatImage rainy = new Rain().degrade(truth, RANDOM);
    for (int i = 0; i < rainy.values().length; i += 3) {
      float rain = rainy.values()[i];
      assertTrue(rain >= 0.2f && rain <= 1, () -> "a sample of " + rain);
      assertEquals(rain, rainy.values()[i + 1]);
      assertEquals(rain, rainy.values()[i + 2]);
    }
    assertArrayEquals(rainy.values(), new Rain().degrade(truth, RANDOM).values(), "the same again");
    FloatImage white = new Rain().degrade(grey(1, 20, 20), RANDOM);
    assertArrayEquals(grey(1, 20, 20).values(), white.values());
  }

  private static Rain.Settings with(Rain.Settings s, Range strength, double haze, double screen) {
    return new Rain.Settings(
        s.layers(),
        strength,
        s.brightness(),
        s.length(),
        s.width(),
        s.angle(),
        s.spread(),
        s.crossing(),
        s.scatter(),
        s.gusts(),
        screen,
        haze,
        s.veil());
  }

  @Test
  void strengthIsTheMean() {
    Range exact = new Range(0.15, 0.15);
    Rain rain = new Rain(with(Rain.Settings.RAIN100H, exact, 0, 0));
    double mean =
        IntStream.range(0, 20)
            .mapToObj(i -> rain.field(200, 200, RANDOM.split(i)))
            .flatMapToDouble(field -> IntStream.range(0, field.length).mapToDouble(k -> field[k]))
            .average()
            .orElseThrow();
    System.out.printf("seed 3, mean of 20 fields of strength 0.15: %.4f%n", mean);
    assertEquals(0.15, mean, 0.01);
  }

  @Test
  void hazeVeilsAndAScreenNeverSaturates() {
    Range none = new Range(0, 0);
    FloatImage truth = grey(0.1f, 24, 24);
    FloatImage hazy =
        new Rain(with(Rain.Settings.RAIN100H, none, 1, 0)).degrade(truth, RANDOM.split(1));
    float level = hazy.values()[0];
    assertTrue(level > 0.13f && level < 0.38f, () -> "a veil of " + level);
    assertArrayEquals(grey(level, 24, 24).values(), hazy.values(), "a veil alone is even");
    FloatImage dry = new Rain(with(Rain.Settings.RAIN100H, none, 0, 0)).degrade(truth, RANDOM);
    assertArrayEquals(truth.values(), dry.values());
    Range light = new Range(0.05, 0.05);
    FloatImage screened =
        new Rain(with(Rain.Settings.RAIN100H, light, 0, 1)).degrade(grey(0.9f, 40, 40), RANDOM);
    FloatImage added =
        new Rain(with(Rain.Settings.RAIN100H, light, 0, 0)).degrade(grey(0.9f, 40, 40), RANDOM);
    for (int i = 0; i < screened.values().length; i++) {
      assertTrue(screened.values()[i] <= added.values()[i] + 1e-6f);
    }
  }

  /**
   * The limits are the ranges of ten pairs of Rain100H, as {@code bench/rain-statistics} prints
   * them ({@code docs/results.md}): the mean of synthetic rain lies well inside.
   */
  @Test
  void itsStatisticsAreThoseOfRain100H() {
    Image clean = grey(0.1f, 200, 200).toImage();
    List<RainStatistics> all =
        IntStream.range(0, 60)
            .mapToObj(i -> new Rain().degrade(FloatImage.of(clean), RANDOM.split(i)).toImage())
            .map(rainy -> RainStatistics.of(clean, rainy))
            .toList();
    between("strength", RainStatistics.mean(all, RainStatistics::strength), 0.12, 0.24);
    between("deviation", RainStatistics.mean(all, RainStatistics::deviation), 0.11, 0.17);
    between("dry", RainStatistics.mean(all, RainStatistics::dry), 0.02, 0.25);
    between("across", RainStatistics.mean(all, RainStatistics::across), 0.45, 0.68);
    between("second across", RainStatistics.mean(all, RainStatistics::acrossTwo), 0.05, 0.28);
    between("along", RainStatistics.mean(all, RainStatistics::along), 0.25, 0.7);
    between("coherence", RainStatistics.mean(all, RainStatistics::coherence), 0.65, 0.94);
  }

  private static void between(String what, double value, double least, double most) {
    System.out.printf("seed 3, %s: %.3f%n", what, value);
    assertTrue(value > least && value < most, () -> what + " is " + value);
  }

  /** Streaks in one direction are measured as what they are. */
  @Test
  void statisticsFindTheAngle() {
    Image clean = grey(0, 64, 64).toImage();
    byte[] samples = new byte[64 * 64 * 3];
    for (int i = 0; i < samples.length; i++) {
      int y = i / 3 / 64;
      int x = i / 3 % 64;
      double wave = Math.cos((x - y * Math.tan(Math.toRadians(15))) * 2 * Math.PI / 16);
      samples[i] = (byte) (int) Math.round(100 + 60 * wave);
    }
    RainStatistics found = RainStatistics.of(clean, Image.wrap(64, 64, 3, samples));
    assertEquals(15, found.angle(), 1);
    assertEquals(1, found.coherence(), 0.05);
    assertEquals(100 / 255.0, found.strength(), 0.02);
    assertEquals(60 / 255.0 / Math.sqrt(2), found.deviation(), 0.01);
  }
}
