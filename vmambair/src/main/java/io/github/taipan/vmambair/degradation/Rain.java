package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.tensor.CounterRandom;
import java.util.List;
import java.util.Locale;

/**
 * Synthetic rain: layers of bright grey streaks over the picture, and sometimes a veil of haze. The
 * streaks of a layer lie at random, share an angle, a length and a width up to some scatter, and
 * add up where they cross.
 *
 * @param settings how much of what
 */
public record Rain(Settings settings) implements Degradation {
  private static final double SHORTEST = 3;

  /**
   * What a picture's rain is drawn from. The defaults are fitted to ten pairs of Rain100H, whose
   * rain is additive, equal in all three channels, and cut off at white; {@code docs/results.md}
   * has the statistics of both.
   *
   * @param layers least and most layers of streaks
   * @param strength mean of all layers together, as a part of white
   * @param brightness of a layer's streaks, as a part of white
   * @param length of a layer's streaks in pixels
   * @param width of a layer's streaks in pixels
   * @param angle standard deviation of the main layer's angle from the vertical, in degrees
   * @param spread standard deviation of the other layers' angles from the main one's, in degrees,
   *     for a picture
   * @param crossing probability that a layer crosses at an angle of its own, up to 45 degrees
   * @param scatter of the streaks within a layer: relative standard deviation of length and width;
   *     angles scatter by as many tenths of a radian
   * @param gusts how far the density varies over the picture, 0 for not at all, up to 1
   * @param screen probability that rain is blended as on a screen, {@code 1 − (1 − x)(1 − rain)},
   *     rather than added
   * @param haze probability of a veil
   * @param veil how much of the picture a veil hides
   */
  public record Settings(
      Range layers,
      Range strength,
      Range brightness,
      Range length,
      Range width,
      double angle,
      Range spread,
      double crossing,
      double scatter,
      double gusts,
      double screen,
      double haze,
      Range veil) {
    /** Rain like that of Rain100H. */
    public static final Settings RAIN100H =
        new Settings(
            new Range(2, 5),
            new Range(0.03, 0.38),
            new Range(0.05, 0.16),
            new Range(18, 80),
            new Range(1.0, 2.4),
            9,
            new Range(1, 10),
            0.1,
            0.25,
            0.5,
            0,
            0,
            new Range(0.05, 0.3));
  }

  /** Rain like that of Rain100H. */
  public Rain() {
    this(Settings.RAIN100H);
  }

  @Override
  public int scale() {
    return 1;
  }

  /** What is drawn for a whole picture. */
  private record Shower(
      boolean screens,
      double veil,
      double light,
      int layers,
      double strength,
      double angle,
      double spread) {}

  private Shower shower(CounterRandom.Cursor draws) {
    boolean screens = draws.uniform() < settings.screen;
    boolean hazy = draws.uniform() < settings.haze;
    return new Shower(
        screens,
        hazy ? settings.veil.draw(draws) : 0,
        draws.uniform(0.7, 1),
        (int) Math.floor(draws.uniform(settings.layers.low(), settings.layers.high() + 1)),
        settings.strength.draw(draws),
        draws.normal() * settings.angle,
        settings.spread.draw(draws));
  }

  @Override
  public FloatImage degrade(FloatImage truth, CounterRandom random) {
    CounterRandom.Cursor draws = random.cursor(0);
    Shower shower = shower(draws);
    float[] rain = field(truth.height(), truth.width(), shower, draws);
    FloatImage rainy = FloatImage.black(truth.height(), truth.width());
    for (int i = 0; i < rainy.values().length; i++) {
      double x = (1 - shower.veil) * truth.values()[i] + shower.veil * shower.light;
      double drops = rain[i / FloatImage.CHANNELS];
      double wet = shower.screens ? 1 - (1 - x) * (1 - drops) : x + drops;
      rainy.values()[i] = (float) Math.min(1, wet);
    }
    return rainy;
  }

  @Override
  public List<String> describe(CounterRandom random) {
    Shower shower = shower(random.cursor(0));
    return List.of(
        String.format(
            Locale.ROOT,
            "%d layers, strength %.2f%s, angle %.0f°, haze %.2f",
            shower.layers,
            shower.strength,
            shower.screens ? " on a screen" : "",
            shower.angle,
            shower.veil));
  }

  /** The light that the streaks add, {@code [height, width]}. */
  float[] field(int height, int width, CounterRandom random) {
    CounterRandom.Cursor draws = random.cursor(0);
    return field(height, width, shower(draws), draws);
  }

  private float[] field(int height, int width, Shower shower, CounterRandom.Cursor draws) {
    float[] field = new float[height * width];
    int layers = shower.layers;
    // Uneven shares of the strength: two strong layers look otherwise than five alike.
    double[] shares = new double[layers];
    double total = 0;
    for (int i = 0; i < layers; i++) {
      shares[i] = 0.2 + draws.uniform();
      total += shares[i];
    }
    for (int i = 0; i < layers; i++) {
      double angle =
          i == 0
              ? shower.angle
              : draws.uniform() < settings.crossing
                  ? draws.uniform(-45, 45)
                  : shower.angle + draws.normal() * shower.spread;
      double strength = shower.strength * shares[i] / total;
      layer(field, height, width, strength, Math.toRadians(angle), draws);
    }
    return field;
  }

  private void layer(
      float[] field,
      int height,
      int width,
      double strength,
      double angle,
      CounterRandom.Cursor draws) {
    double brightness = settings.brightness.draw(draws);
    double length = settings.length.draw(draws);
    double thickness = settings.width.draw(draws);
    double gustAngle = draws.uniform(0, 2 * Math.PI);
    double gustPhase = draws.uniform(0, 2 * Math.PI);
    double gustLength = draws.uniform(100, 400);
    double scatter = settings.scatter;
    // Streaks may begin outside: they lie in the picture grown by their length on each side.
    double area = (height + 2 * length) * (width + 2 * length);
    long streaks = Math.round(strength * area / (brightness * length * thickness));
    for (long i = 0; i < streaks; i++) {
      double y = draws.uniform(-length, height + length);
      double x = draws.uniform(-length, width + length);
      double along = (x * Math.cos(gustAngle) + y * Math.sin(gustAngle)) * 2 * Math.PI / gustLength;
      double gust = 1 + settings.gusts * Math.sin(along + gustPhase);
      streak(
          field,
          height,
          width,
          y,
          x,
          angle + 0.1 * scatter * draws.normal(),
          Math.max(SHORTEST, length * (1 + scatter * draws.normal())),
          Math.max(0.5, thickness * (1 + scatter * draws.normal())),
          brightness * gust * draws.uniform(0.3, 1.7));
    }
  }

  /** Adds one streak around (y, x), antialiased across. */
  private static void streak(
      float[] field,
      int height,
      int width,
      double y,
      double x,
      double angle,
      double length,
      double thickness,
      double brightness) {
    double slope = Math.tan(angle);
    double half = 0.5 * length * Math.cos(angle);
    double reach = 0.5 * thickness / Math.cos(angle);
    int top = Math.max(0, (int) Math.ceil(y - half));
    int bottom = Math.min(height - 1, (int) Math.floor(y + half));
    for (int row = top; row <= bottom; row++) {
      double centre = x + (row - y) * slope;
      int left = Math.max(0, (int) Math.ceil(centre - reach - 0.5));
      int right = Math.min(width - 1, (int) Math.floor(centre + reach + 0.5));
      for (int column = left; column <= right; column++) {
        double covered = Math.min(reach + 0.5 - Math.abs(column - centre), Math.min(1, 2 * reach));
        field[row * width + column] += (float) (brightness * covered);
      }
    }
  }
}
