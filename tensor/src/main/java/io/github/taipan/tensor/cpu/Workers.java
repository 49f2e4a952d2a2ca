package io.github.taipan.tensor.cpu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool of daemon threads that, with the calling thread, run numbered tasks. Which thread
 * runs which task is left to chance, so the list of tasks must follow from the shapes alone and
 * each task must write outputs of its own: then results do not depend on the number of threads.
 *
 * <p>Several threads may call at once, and tasks may call again: a caller runs tasks of its own job
 * until none is left, and waits only for tasks that another thread is running.
 */
final class Workers implements AutoCloseable {
  private static final long SPIN_NANOS = 50_000;
  private static final long WORTH_SHARING = 100_000;

  /** A part of a range of indices. */
  interface RangeTask {
    void accept(int from, int to);
  }

  private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();
  private final Thread[] pool;
  private final long spinNanos;
  private final AtomicInteger parked = new AtomicInteger();
  private volatile boolean closed;

  /** A pool that runs tasks on so many threads, the caller included. */
  Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("The CPU device needs at least 1 thread, not " + threads);
    }
    spinNanos = threads > Runtime.getRuntime().availableProcessors() ? 0 : SPIN_NANOS;
    pool = new Thread[threads - 1];
    for (int i = 0; i < pool.length; i++) {
      pool[i] = Thread.ofPlatform().daemon().name("taipan-cpu-" + (i + 1)).start(this::work);
    }
  }

  /** The number of threads, the caller included. */
  int threads() {
    return pool.length + 1;
  }

  /**
   * Runs the tasks 0 to {@code tasks} − 1 and returns when all are done; rethrows what one threw.
   */
  void forEach(int tasks, IntConsumer task) {
    if (tasks <= 1 || pool.length == 0 || closed) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    Job job = new Job(task, tasks);
    jobs.add(job);
    wake(Math.min(tasks - 1, pool.length));
    job.help();
    jobs.remove(job);
    job.await(spinNanos);
  }

  /**
   * As {@link #forEach(int, IntConsumer)}; on this thread alone if few operations do not repay it.
   */
  void forEach(int tasks, long operations, IntConsumer task) {
    if (operations < WORTH_SHARING) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
    } else {
      forEach(tasks, task);
    }
  }

  /** Runs a task for each part, {@code grain} long, of the indices 0 to {@code size} − 1. */
  void forRanges(int size, int grain, RangeTask task) {
    int tasks = Math.ceilDiv(size, grain);
    forEach(tasks, i -> task.accept(i * grain, Math.min(size, (i + 1) * grain)));
  }

  @Override
  public void close() {
    closed = true;
    wake(pool.length);
  }

  private void wake(int threads) {
    if (parked.get() == 0) {
      return;
    }
    for (int i = 0; i < threads; i++) {
      LockSupport.unpark(pool[i]);
    }
  }

  private void work() {
    while (!closed) {
      Job job = nextJob();
      if (job != null) {
        job.help();
        jobs.remove(job);
      }
    }
  }

  /** Waits for a job: spinning first, as launches follow each other closely, then parked. */
  private @Nullable Job nextJob() {
    long start = System.nanoTime();
    do {
      Job job = jobs.peek();
      if (job != null) {
        return job;
      }
      Thread.onSpinWait();
    } while (System.nanoTime() - start < spinNanos);
    parked.incrementAndGet();
    if (jobs.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    parked.decrementAndGet();
    return jobs.peek();
  }

  private static final class Job {
    private final IntConsumer task;
    private final int tasks;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Job(IntConsumer task, int tasks) {
      this.task = task;
      this.tasks = tasks;
    }

    /** Claims and runs tasks until none is left. After a failure the rest are only counted off. */
    void help() {
      int index;
      while (next.get() < tasks && (index = next.getAndIncrement()) < tasks) {
        try {
          if (failure.get() == null) {
            task.accept(index);
          }
        } catch (Throwable e) {
          failure.compareAndSet(null, e);
        }
        if (finished.incrementAndGet() == tasks && Thread.currentThread() != caller) {
          LockSupport.unpark(caller);
        }
      }
    }

    void await(long spinNanos) {
      long start = System.nanoTime();
      while (finished.get() < tasks) {
        if (System.nanoTime() - start < spinNanos) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
