package io.github.taipan.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import org.junit.jupiter.api.Test;

/** Seed 5. */
class MixupTest {
  private static final int STEPS = 4000;

  /** Two samples of one pixel each, whose channels are 0 and 1. */
  private static final BatchSource SOURCE =
      step -> new Batch(new float[] {0, 0, 0, 1, 1, 1}, new float[] {0, 0, 0, 1, 1, 1}, 2, 1, 1);

  @Test
  void mixesByOneShareOfTheRightDistribution() {
    for (double beta : new double[] {0.5, 1.2, 4}) {
      Mixup mixup = new Mixup(SOURCE, beta, CounterRandom.seeded(5));
      int swapped = 0;
      double sum = 0;
      double squares = 0;
      for (long step = 0; step < STEPS; step++) {
        Batch batch = mixup.batch(step);
        assertArrayEquals(batch.degraded(), batch.truth());
        double other = batch.truth()[0];
        assertEquals(1, other + batch.truth()[3], 1e-6, "what one loses the other gets");
        if (other > 0) {
          swapped++;
          sum += other;
          squares += other * other;
        }
      }
      double mean = sum / swapped;
      double variance = squares / swapped - mean * mean;
      System.out.printf(
          "beta %.1f: %d of %d mixed, mean %.3f, variance %.4f%n",
          beta, swapped, STEPS, mean, variance);
      // Half of the batches are mixed, and half of the permutations of two change nothing.
      assertEquals(STEPS / 4.0, swapped, 4 * Math.sqrt(STEPS * 0.25 * 0.75));
      assertEquals(0.5, mean, 0.04);
      assertEquals(1 / (4 * (2 * beta + 1)), variance, 0.01);
    }
  }

  @Test
  void aStepIsTheSameAgain() {
    Mixup mixup = new Mixup(SOURCE, 1.2, CounterRandom.seeded(5));
    for (long step = 0; step < 20; step++) {
      assertArrayEquals(mixup.batch(step).truth(), mixup.batch(step).truth());
    }
    var failure =
        assertThrows(
            IllegalArgumentException.class, () -> new Mixup(SOURCE, 0, CounterRandom.seeded(5)));
    assertTrue(failure.getMessage().contains("beta"));
  }
}
