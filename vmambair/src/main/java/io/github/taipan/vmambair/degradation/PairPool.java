package io.github.taipan.vmambair.degradation;

import io.github.taipan.tensor.CounterRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The order in which Real-ESRGAN's training pair pool hands out pairs, so that one batch mixes what
 * many steps have degraded (the pictures of one step share some choices).
 *
 * <p>Until the pool is full, the fresh pairs of a step are used as they are and put into it.
 * Afterwards each step takes a batch of pairs at random and puts its fresh ones in their place.
 * Every pair thus leaves the pool once, so none need be kept: a pair is made when it is taken.
 * Which one lies in a slot follows from when that slot was last emptied, some steps back, and so
 * the order is a pure function of the step.
 *
 * @param capacity pairs in the pool, a multiple of the batch, or 0 for no pool
 * @param batch pairs that a step takes
 * @param random where slots are drawn from
 */
record PairPool(int capacity, int batch, CounterRandom random) {
  PairPool {
    if (batch < 1 || capacity < 0 || capacity % batch != 0) {
      throw new IllegalArgumentException(
          "a pool is a multiple of the batch, unlike %d of %d".formatted(capacity, batch));
    }
  }

  /** A fresh pair: the index-th of a step. */
  record Fresh(long step, int index) {}

  /** The fresh pairs, of this step or earlier ones, that a step trains on. */
  Fresh[] taken(long step) {
    boolean full = capacity > 0 && step >= capacity / batch;
    int[] slots = full ? slots(step) : new int[0];
    return IntStream.range(0, batch)
        .mapToObj(i -> full ? content(slots[i], step) : new Fresh(step, i))
        .toArray(Fresh[]::new);
  }

  /** What lies in a slot when a step begins. */
  private Fresh content(int slot, long step) {
    for (long earlier = step - 1; earlier >= capacity / batch; earlier--) {
      int[] filled = slots(earlier);
      for (int i = 0; i < batch; i++) {
        if (filled[i] == slot) {
          return new Fresh(earlier, i);
        }
      }
    }
    return new Fresh(slot / batch, slot % batch); // never emptied: as it was first filled
  }

  /** The slots that a step empties and fills again: the first ones of a shuffled pool. */
  private int[] slots(long step) {
    CounterRandom draws = random.split(step);
    int[] slots = IntStream.range(0, capacity).toArray();
    for (int i = 0; i < batch; i++) {
      int other = i + draws.below(capacity - i, i);
      int slot = slots[other];
      slots[other] = slots[i];
      slots[i] = slot;
    }
    return Arrays.copyOf(slots, batch);
  }
}
