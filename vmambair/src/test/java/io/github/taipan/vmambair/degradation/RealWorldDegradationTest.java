package io.github.taipan.vmambair.degradation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Resampling.Filter;
import io.github.taipan.vmambair.degradation.Blur.Bell;
import io.github.taipan.vmambair.degradation.Blur.Profile;
import io.github.taipan.vmambair.degradation.Blur.Sinc;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RealWorldDegradationTest {
  private static final CounterRandom RANDOM = CounterRandom.seeded(17).split("real world");
  private static final RealWorldDegradation CHAIN = new RealWorldDegradation();

  /** A smooth picture with edges. */
  private static FloatImage scene(int height, int width, int seed) {
    FloatImage image = FloatImage.black(height, width);
    for (int i = 0; i < image.values().length; i++) {
      int y = i / 3 / width;
      int x = i / 3 % width;
      double edge = (x / 16 + y / 24 + seed) % 3 == 0 ? 0.3 : 0;
      image.values()[i] =
          (float) (0.35 + edge + 0.3 * Math.sin(0.07 * x + seed + i % 3) * Math.cos(0.05 * y));
    }
    return image;
  }

  private static List<FloatImage> scenes(int count) {
    return IntStream.range(0, count).mapToObj(i -> scene(96, 128, i)).toList();
  }

  @Test
  void aBatchIsAPureFunctionWhateverTheThreads() {
    List<FloatImage> batch = CHAIN.degrade(scenes(5), RANDOM);
    List<FloatImage> alone;
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      alone = one.submit(() -> CHAIN.degrade(scenes(5), RANDOM)).join();
    }
    for (int i = 0; i < batch.size(); i++) {
      assertArrayEquals(batch.get(i).values(), alone.get(i).values());
      FloatImage single = CHAIN.degrade(scene(96, 128, i), RANDOM, RANDOM.split(i));
      assertArrayEquals(batch.get(i).values(), single.values());
    }
    FloatImage first = CHAIN.degrade(scene(96, 128, 0), RANDOM);
    assertArrayEquals(batch.getFirst().values(), first.values());
    FloatImage other = CHAIN.degrade(scene(96, 128, 0), RANDOM.split(1));
    assertFalse(Arrays.equals(first.values(), other.values()));
  }

  @Test
  void resultsAreAQuarterAsLargeAndOf8Bits() {
    for (int i = 0; i < 40; i++) {
      for (int side : new int[] {16, 64}) {
        FloatImage truth = scene(side, 2 * side, i);
        float[] before = truth.values().clone();
        FloatImage spoilt = CHAIN.degrade(truth, RANDOM.split(i));
        assertEquals(side / 4, spoilt.height());
        assertEquals(side / 2, spoilt.width());
        assertArrayEquals(before, truth.values());
        assertArrayEquals(FloatImage.of(spoilt.toImage()).values(), spoilt.values());
      }
    }
  }

  /** Each frequency lies within five standard deviations of its probability. */
  @Test
  void choicesAreAsFrequentAsTheSettingsSay() {
    frequency("second blur", 0.8, c -> c.second().blur().isPresent());
    frequency("first blur", 1, c -> c.first().blur().isPresent());
    frequency("sinc", 0.1, c -> c.first().blur().get() instanceof Sinc);
    double[] kinds = {0.45, 0.25, 0.12, 0.03, 0.12, 0.03};
    for (int i = 0; i < kinds.length; i++) {
      Profile profile = Profile.values()[i / 2];
      boolean round = i % 2 == 0;
      frequency(
          (round ? "round " : "oblong ") + profile,
          0.9 * kinds[i],
          c ->
              c.first().blur().get() instanceof Bell bell
                  && bell.profile() == profile
                  && bell.isRound() == round);
    }
    frequency("size 7", 1 / 8.0, c -> c.first().blur().get().size() == 7);
    frequency("size 21", 1 / 8.0, c -> c.first().blur().get().size() == 21);
    frequency("up", 0.2, c -> c.first().scale() > 1);
    frequency("down", 0.7, c -> c.first().scale() < 1);
    frequency("second up", 0.3, c -> c.second().scale() > 1);
    frequency("second down", 0.4, c -> c.second().scale() < 1);
    for (Filter filter : List.of(Filter.AREA, Filter.BILINEAR, Filter.BICUBIC)) {
      frequency("first " + filter, 1 / 3.0, c -> c.first().filter() == filter);
      frequency("last " + filter, 1 / 3.0, c -> c.lastFilter() == filter);
    }
    frequency("Gaussian", 0.5, c -> c.first().noise() instanceof Noise.Gaussian);
    frequency("grey", 0.4, c -> c.second().noise().grey());
    frequency("JPEG last", 0.5, Choices::jpegLast);
    frequency("final sinc", 0.8, c -> c.sinc().isPresent());
    frequency("quality below 56", 0.4, c -> c.first().quality() < 56);
  }

  private static Choices choices(long i) {
    CounterRandom random = RANDOM.split("frequencies").split(i);
    return Choices.draw(
        RealWorldSettings.DEFAULT, random.split("batch").cursor(0), random.split("own").cursor(0));
  }

  private static void frequency(String what, double probability, Predicate<Choices> condition) {
    int draws = 10_000;
    long count = IntStream.range(0, draws).mapToObj(i -> choices(i)).filter(condition).count();
    double deviation = Math.sqrt(draws * probability * (1 - probability));
    assertEquals(draws * probability, count, 5 * deviation, what);
  }

  @Test
  void drawsStayWithinTheirRanges() {
    double[] leastScale = {1, 1};
    for (int i = 0; i < 5000; i++) {
      Choices c = choices(i);
      within(c.first().scale(), 0.15, 1.5);
      within(c.second().scale(), 0.3, 1.2);
      within(c.first().quality(), 30, 95);
      leastScale[0] = Math.min(leastScale[0], c.first().scale());
      leastScale[1] = Math.min(leastScale[1], c.second().scale());
      bell(c.first(), 3);
      bell(c.second(), 1.5);
      if (c.first().blur().orElseThrow() instanceof Sinc sinc) {
        within(sinc.cutoff(), Math.PI / (sinc.size() < 13 ? 3 : 5), Math.PI);
      }
      switch (c.second().noise()) {
        case Noise.Gaussian g -> within(g.sigma(), 1, 25);
        case Noise.Poisson p -> within(p.scale(), 0.05, 2.5);
      }
    }
    within(leastScale[0], 0.15, 0.16);
    within(leastScale[1], 0.3, 0.31);
  }

  private static void bell(Choices.Pass pass, double widest) {
    if (pass.blur().orElse(new Sinc(7, 1)) instanceof Bell bell) {
      within(bell.sigmaX(), 0.2, widest);
      within(bell.sigmaY(), 0.2, widest);
      switch (bell.profile()) {
        case GAUSSIAN -> assertEquals(1, bell.beta());
        case GENERALISED -> within(bell.beta(), 0.5, 4);
        case PLATEAU -> within(bell.beta(), 1, 2);
      }
    }
  }

  private static void within(double value, double low, double high) {
    assertTrue(low <= value && value <= high, value + " is not in " + low + " to " + high);
  }

  @Test
  void picturesOfABatchShareWhatTheyShould() {
    CounterRandom batch = RANDOM.split("batch");
    Choices[] c =
        IntStream.range(0, 2)
            .mapToObj(
                i ->
                    Choices.draw(
                        RealWorldSettings.DEFAULT, batch.cursor(0), RANDOM.split(i).cursor(0)))
            .toArray(Choices[]::new);
    assertEquals(c[0].first().scale(), c[1].first().scale());
    assertEquals(c[0].second().filter(), c[1].second().filter());
    assertEquals(c[0].first().noise().getClass(), c[1].first().noise().getClass());
    assertEquals(c[0].lastFilter(), c[1].lastFilter());
    assertNotEquals(c[0].first().quality(), c[1].first().quality());
    assertNotEquals(c[0].first().blur(), c[1].first().blur());
  }

  @Test
  void describesWhatItDraws() {
    List<String> lines = CHAIN.describe(RANDOM);
    assertEquals(3, lines.size());
    assertTrue(
        lines.getFirst().matches("1: .+; x[\\d.]+ \\w+; .+; quality \\d+"), lines.toString());
  }
}
