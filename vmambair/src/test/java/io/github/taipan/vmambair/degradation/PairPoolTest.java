package io.github.taipan.vmambair.degradation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.vmambair.degradation.PairPool.Fresh;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairPoolTest {
  private static final PairPool POOL = new PairPool(180, 9, CounterRandom.seeded(5));

  @Test
  void freshPairsAreUsedUntilThePoolIsFull() {
    for (long step : new long[] {0, 7, 19}) {
      Fresh[] taken = POOL.taken(step);
      for (int i = 0; i < taken.length; i++) {
        assertEquals(new Fresh(step, i), taken[i]);
      }
    }
  }

  /** After the filling each pair leaves the pool once at most, and no pair before it came. */
  @Test
  void everyPairLeavesOnce() {
    Map<Fresh, Long> left = new HashMap<>();
    double age = 0;
    int steps = 2000;
    for (long step = 20; step < 20 + steps; step++) {
      for (Fresh fresh : POOL.taken(step)) {
        assertEquals(null, left.put(fresh, step), fresh + " left twice");
        assertTrue(fresh.step() < step);
        age += (double) (step - fresh.step()) / steps / 9;
      }
    }
    // A slot is emptied with probability 9/180, so a pair stays for 20 steps in the mean.
    assertEquals(20, age, 1.5);
    // What has not left yet is as much as the pool holds.
    long came = 9 * (20 + steps);
    assertEquals(180, came - left.size());
  }

  /** The same as a pool that is really kept. */
  @Test
  void agreesWithAPoolThatIsKept() {
    PairPool pool = new PairPool(6, 2, CounterRandom.seeded(6));
    Fresh[] last = pool.taken(400);
    pool.taken(3);
    assertArrayEquals(last, pool.taken(400));
    Map<Fresh, Integer> present = new HashMap<>();
    for (long step = 0; step < 400; step++) {
      if (step >= 3) {
        for (Fresh fresh : pool.taken(step)) {
          assertEquals(1, present.remove(fresh));
        }
      }
      for (int i = 0; i < 2; i++) {
        present.put(new Fresh(step, i), 1);
      }
      assertTrue(present.size() <= 6);
    }
  }

  @Test
  void withoutAPoolAllPairsAreFresh() {
    assertEquals(new Fresh(99, 1), new PairPool(0, 2, CounterRandom.seeded(1)).taken(99)[1]);
  }
}
