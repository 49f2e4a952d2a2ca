package io.github.taipan.nn.data;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes the batches of the next steps in the background, and hands them out in order. One thread
 * takes; closing stops the workers.
 */
public final class Prefetcher implements AutoCloseable {
  private final BatchSource source;
  private final ExecutorService workers;
  private final Deque<Future<Batch>> ahead = new ArrayDeque<>();
  private long asked;
  private long waitedNanos;

  /**
   * Starts at a step.
   *
   * @param depth batches made ahead, at least 1
   * @param threads workers, at least 1
   */
  public Prefetcher(BatchSource source, long firstStep, int depth, int threads) {
    if (depth < 1) {
      throw new IllegalArgumentException("At least one batch is made ahead, not " + depth + ".");
    }
    this.source = source;
    this.asked = firstStep;
    this.workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("taipan-data-", 0).factory());
    for (int i = 0; i < depth; i++) {
      ask();
    }
  }

  private void ask() {
    long step = asked++;
    ahead.add(workers.submit(() -> source.batch(step)));
  }

  /**
   * The batch of the next step, waiting until it is made.
   *
   * @throws InterruptedException when the thread is interrupted, even if the batch is there
   * @throws RuntimeException whatever the source threw for this step
   */
  public Batch next() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    long start = System.nanoTime();
    try {
      Batch batch = ahead.element().get();
      ahead.remove();
      ask();
      return batch;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      waitedNanos += System.nanoTime() - start;
    }
  }

  /** How long {@link #next} has waited in all: what the data cost the training. */
  public Duration waited() {
    return Duration.ofNanos(waitedNanos);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
