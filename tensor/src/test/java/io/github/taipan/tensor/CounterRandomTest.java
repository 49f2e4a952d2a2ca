package io.github.taipan.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CounterRandomTest {
  private static final int DRAWS = 200_000;
  private final CounterRandom random = CounterRandom.seeded(2024);

  /** The known answers of Random123 for philox2x64-10: (key, counter) to output. */
  @Test
  void matchesThePublishedAnswers() {
    assertArrayEquals(
        new long[] {0xca00a0459843d731L, 0x66c24222c9a845b5L}, CounterRandom.philox(0, 0, 0));
    assertArrayEquals(
        new long[] {0x65b021d60cd8310fL, 0x4d02f3222f86df20L}, CounterRandom.philox(-1, -1, -1));
    assertArrayEquals(
        new long[] {0x0a5e742c2997341cL, 0xb0f883d38000de5dL},
        CounterRandom.philox(0xa4093822299f31d0L, 0x243f6a8885a308d3L, 0x13198a2e03707344L));
  }

  @Test
  void uniformIsUniform() {
    double sum = 0;
    double squares = 0;
    int[] bins = new int[10];
    for (int i = 0; i < DRAWS; i++) {
      double u = random.uniform(i);
      assertTrue(u >= 0 && u < 1);
      sum += u;
      squares += u * u;
      bins[(int) (10 * u)]++;
    }
    assertEquals(1 / 2.0, sum / DRAWS, 3e-3);
    assertEquals(1 / 3.0, squares / DRAWS, 3e-3);
    for (int count : bins) {
      assertEquals(DRAWS / 10.0, count, 5 * Math.sqrt(DRAWS * 0.09));
    }
  }

  @Test
  void normalHasTheMomentsOfANormal() {
    double[] moments = new double[5];
    for (int i = 0; i < DRAWS; i++) {
      double x = random.normal(i);
      for (int k = 1; k <= 4; k++) {
        moments[k] += Math.pow(x, k) / DRAWS;
      }
    }
    assertEquals(0, moments[1], 0.01);
    assertEquals(1, moments[2], 0.02);
    assertEquals(0, moments[3], 0.04);
    assertEquals(3, moments[4], 0.15);
  }

  @Test
  void belowCoversItsRangeEvenly() {
    int[] bins = new int[7];
    for (int i = 0; i < DRAWS; i++) {
      bins[random.below(7, i)]++;
    }
    for (int count : bins) {
      assertEquals(DRAWS / 7.0, count, 5 * Math.sqrt(DRAWS / 7.0));
    }
    assertEquals(0, random.below(1, 99));
    assertThrows(IllegalArgumentException.class, () -> random.below(0, 1));
  }

  @Test
  void streamsAndSeedsDiffer() {
    assertNotEquals(random.bits(0), CounterRandom.seeded(2025).bits(0));
    assertNotEquals(random.bits(0), random.split(0).bits(0));
    assertNotEquals(random.split(0).bits(0), random.split(1).bits(0));
    assertNotEquals(random.split("a").bits(0), random.split("b").bits(0));
    assertNotEquals(random.split(1).split(2), random.split(2).split(1));
    assertEquals(random.split("weight"), random.split("weight"));
  }

  @Test
  void aCursorResumesFromItsPosition() {
    CounterRandom.Cursor first = random.split("data").cursor(0);
    first.uniform();
    first.normal();
    CounterRandom.Cursor second = first.random().cursor(first.position());
    assertEquals(first.bits(), second.bits());
    assertEquals(first.below(1000), second.below(1000));
    assertEquals(4, first.position());
  }
}
