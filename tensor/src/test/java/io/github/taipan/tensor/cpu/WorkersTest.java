package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void runsEveryTaskOnce(int threads) {
    try (WorkerPool workers = new WorkerPool(threads)) {
      for (int tasks : new int[] {0, 1, 2, 7, 1000}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks + 1);
        workers.forEach(tasks, runs::incrementAndGet);
        assertEquals(tasks, IntStream.range(0, tasks).map(runs::get).sum());
        assertEquals(tasks, IntStream.range(0, tasks).filter(i -> runs.get(i) == 1).count());
      }
    }
  }

  @Test
  void cutsARangeIntoPartsOfTheGrain() {
    try (WorkerPool workers = new WorkerPool(2)) {
      int[] parts = new int[10];
      workers.forRanges(10, 4, (from, to) -> parts[from] = to);
      assertArrayEquals(new int[] {4, 0, 0, 0, 8, 0, 0, 0, 10, 0}, parts);
    }
  }

  @Test
  void tasksMayCallAgainFromSeveralThreads() throws Exception {
    try (WorkerPool workers = new WorkerPool(3);
        ExecutorService callers = Executors.newFixedThreadPool(4)) {
      AtomicInteger runs = new AtomicInteger();
      Callable<Void> call =
          () -> {
            for (int i = 0; i < 50; i++) {
              workers.forEach(5, _ -> workers.forEach(4, _ -> runs.incrementAndGet()));
            }
            return null;
          };
      for (Future<Void> done : callers.invokeAll(java.util.Collections.nCopies(4, call))) {
        done.get();
      }
      assertEquals(4 * 50 * 5 * 4, runs.get());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void rethrowsWhatATaskThrew(int threads) {
    try (WorkerPool workers = new WorkerPool(threads)) {
      Exception e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  workers.forEach(
                      20,
                      i -> {
                        if (i == 7) {
                          throw new IllegalStateException("task 7");
                        }
                      }));
      assertEquals("task 7", e.getMessage());
      AtomicInteger runs = new AtomicInteger();
      workers.forEach(20, _ -> runs.incrementAndGet());
      assertEquals(20, runs.get());
    }
  }
}
