package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.cpu.Phases.Phase;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Phases on their way through a {@link WorkerPool}, one caller's at a time. The tasks of a phase
 * are cut into one share for each thread; a thread first works through its own share, whose data
 * its caches may still hold from the phase before, and then helps with the others.
 *
 * <p>A job may run any number of times, and running it allocates nothing: phases are counted on
 * through all runs, and the counters of shares carry the number of the phase that they belong to.
 */
final class Job {
  private static final int COUNT_BITS = 24;
  private static final long COUNT = (1L << COUNT_BITS) - 1;

  /** Longs between the counters of two threads: two cache lines. */
  private static final int APART = 16;

  private final Phase[] phases;
  private final int threads;

  /** For each share, the phase and how many of its tasks are claimed. */
  private final AtomicLongArray claimed;

  private final AtomicInteger finished = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Phases begun in all runs, for the caller. */
  private long begun;

  /** The number of the phase whose tasks may be claimed; 0 for none. */
  private volatile long open;

  private volatile @Nullable Thread waiting;

  Job(int threads, Phase... phases) {
    this.threads = threads;
    this.phases = phases;
    this.claimed = new AtomicLongArray(threads * APART);
    for (Phase phase : phases) {
      if (phase.tasks() > COUNT) {
        throw new IllegalArgumentException(phase.tasks() + " tasks are too many");
      }
    }
  }

  int phases() {
    return phases.length;
  }

  Phase phase(int index) {
    return phases[index];
  }

  /** Runs the next phase on the calling thread alone. */
  void runAlone(Phase phase) {
    begun++;
    try {
      phase.runAlone();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Opens the next phase to all threads. */
  void begin() {
    begun++;
    finished.set(0);
    open = begun;
  }

  /** Ends a run after so many phases, and rethrows what a task threw. */
  void end(int done) {
    open = 0;
    begun += phases.length - done;
    switch (failure.getAndSet(null)) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** Runs tasks of the current phase until none is left to claim. Whether there were any. */
  boolean help(int thread) {
    long number = open;
    if (number == 0) {
      return false;
    }
    Phase phase = phases[(int) ((number - 1) % phases.length)];
    if (!phase.shared()) {
      return false;
    }
    boolean helped = false;
    for (int i = 0; i < threads; i++) {
      int share = (thread + i) % threads;
      int from = (int) ((long) share * phase.tasks() / threads);
      int size = (int) ((share + 1L) * phase.tasks() / threads) - from;
      for (int task; (task = claim(share, size, number)) >= 0; ) {
        run(phase, from + task);
        helped = true;
      }
    }
    return helped;
  }

  /** The next task of a share in this phase, or -1. */
  private int claim(int share, int size, long number) {
    if (size == 0) {
      return -1;
    }
    int at = share * APART;
    while (true) {
      long state = claimed.get(at);
      long of = state >>> COUNT_BITS;
      int count = of < number ? 0 : (int) (state & COUNT);
      if (of > number || count >= size) {
        return -1;
      }
      if (claimed.compareAndSet(at, state, number << COUNT_BITS | (count + 1))) {
        return count;
      }
    }
  }

  /** After a failure the rest of the tasks are only counted off. */
  private void run(Phase phase, int task) {
    try {
      if (failure.get() == null) {
        phase.task().accept(task);
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
    if (finished.incrementAndGet() == phase.tasks()) {
      LockSupport.unpark(waiting);
    }
  }

  /** Waits until the tasks of the current phase are done: spinning first, then parked. */
  void await(Phase phase, long spinNanos) {
    if (finished.get() == phase.tasks()) {
      return;
    }
    long start = System.nanoTime();
    while (finished.get() < phase.tasks()) {
      if (System.nanoTime() - start < spinNanos) {
        Thread.onSpinWait();
      } else {
        waiting = Thread.currentThread();
        if (finished.get() < phase.tasks()) {
          LockSupport.park(this);
        }
        waiting = null;
      }
    }
  }

  boolean failed() {
    return failure.get() != null;
  }
}
