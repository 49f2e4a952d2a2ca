package io.github.taipan.nn.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PrefetcherTest {
  private static Batch numbered(long step) {
    return new Batch(new float[] {step}, new float[0], 1, 1, 1);
  }

  @Test
  void batchesComeInOrderFromTheFirstStep() throws InterruptedException {
    try (Prefetcher prefetcher = new Prefetcher(PrefetcherTest::numbered, 1000, 3, 2)) {
      for (int step = 1000; step < 1100; step++) {
        assertEquals(step, prefetcher.next().degraded()[0]);
      }
    }
  }

  /** Later batches are made while an earlier one takes its time, and wait for their turn. */
  @Test
  void severalWorkersKeepTheOrder() throws InterruptedException {
    CountDownLatch others = new CountDownLatch(3);
    BatchSource source =
        step -> {
          if (step == 0) {
            await(others);
          } else {
            others.countDown();
          }
          return numbered(step);
        };
    try (Prefetcher prefetcher = new Prefetcher(source, 0, 8, 4)) {
      for (int step = 0; step < 50; step++) {
        assertEquals(step, prefetcher.next().degraded()[0]);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void noMoreThanTheDepthIsMadeAhead() throws InterruptedException {
    Set<Long> asked = ConcurrentHashMap.newKeySet();
    BatchSource source =
        step -> {
          asked.add(step);
          return numbered(step);
        };
    try (Prefetcher prefetcher = new Prefetcher(source, 0, 3, 2)) {
      for (int i = 0; i < 5; i++) {
        prefetcher.next();
      }
      assertTrue(asked.containsAll(Set.of(0L, 1L, 2L, 3L, 4L)));
      assertTrue(asked.stream().allMatch(step -> step < 5 + 3));
    }
  }

  @Test
  void waitingIsMeasured() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    BatchSource source =
        step -> {
          await(release);
          return numbered(step);
        };
    try (Prefetcher prefetcher = new Prefetcher(source, 0, 1, 1)) {
      assertTrue(prefetcher.waited().isZero());
      Thread.ofVirtual().start(release::countDown);
      prefetcher.next();
      assertTrue(prefetcher.waited().isPositive());
    }
  }

  @Test
  void aFailureReachesTheTaker() {
    BatchSource source =
        step -> {
          throw new IllegalArgumentException("step " + step);
        };
    try (Prefetcher prefetcher = new Prefetcher(source, 5, 2, 1)) {
      assertEquals(
          "step 5", assertThrows(IllegalArgumentException.class, prefetcher::next).getMessage());
    }
  }

  @Test
  void closingEndsTheWorkers() throws InterruptedException {
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    BatchSource source =
        step -> {
          workers.add(Thread.currentThread());
          return numbered(step);
        };
    try (Prefetcher prefetcher = new Prefetcher(source, 0, 4, 2)) {
      prefetcher.next();
    }
    for (Thread worker : workers) {
      worker.join(10_000);
      assertEquals(Thread.State.TERMINATED, worker.getState());
    }
    assertTrue(!workers.isEmpty());
  }
}
