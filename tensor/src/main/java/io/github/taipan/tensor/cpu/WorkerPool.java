package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.cpu.Phases.Phase;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool of daemon threads that, with the calling thread, run tasks as they come.
 *
 * <p>Several threads may call at once, and tasks may call again: a caller runs tasks of its own job
 * until none is left, and waits only for tasks that another thread is running.
 */
final class WorkerPool implements Workers, AutoCloseable {
  private static final long SPIN_NANOS = 200_000;

  private final Thread[] pool;
  private final long spinNanos;
  private final AtomicInteger parked = new AtomicInteger();
  private volatile Job[] jobs = {};
  private volatile boolean closed;

  /** A pool that runs tasks on so many threads, the caller included. */
  WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("The CPU device needs at least 1 thread, not " + threads);
    }
    spinNanos = threads > Runtime.getRuntime().availableProcessors() ? 0 : SPIN_NANOS;
    pool = new Thread[threads - 1];
    for (int i = 0; i < pool.length; i++) {
      int number = i + 1;
      pool[i] = Thread.ofPlatform().daemon().name("taipan-cpu-" + number).start(() -> work(number));
    }
  }

  /** The number of threads, the caller included. */
  int threads() {
    return pool.length + 1;
  }

  /** A job of some phases that {@link #run} can run again and again. */
  Job job(Phase... phases) {
    return new Job(threads(), phases);
  }

  /** Runs the tasks and returns when all are done; rethrows what one threw. */
  @Override
  public void forEach(int tasks, long operations, IntConsumer task) {
    Phase phase = Phase.of(tasks, operations, task);
    if (phase.shared() && pool.length > 0 && !closed) {
      run(job(phase), null);
    } else {
      phase.runAlone();
    }
  }

  /**
   * Runs a job's phases one after the other; rethrows what a task threw.
   *
   * @param nanos where the time of each phase is added, if anywhere
   */
  void run(Job job, long @Nullable [] nanos) {
    add(job);
    int done = 0;
    try {
      while (done < job.phases() && !job.failed()) {
        long start = nanos == null ? 0 : System.nanoTime();
        runPhase(job, job.phase(done));
        if (nanos != null) {
          nanos[done] += System.nanoTime() - start;
        }
        done++;
      }
    } finally {
      remove(job);
      job.end(done);
    }
  }

  private void runPhase(Job job, Phase phase) {
    if (!phase.shared() || pool.length == 0) {
      job.runAlone(phase);
      return;
    }
    job.begin();
    if (parked.get() > 0) {
      wake(Math.min(phase.tasks() - 1, pool.length));
    }
    job.help(0);
    job.await(phase, spinNanos);
  }

  @Override
  public void close() {
    closed = true;
    wake(pool.length);
  }

  private synchronized void add(Job job) {
    Job[] more = Arrays.copyOf(jobs, jobs.length + 1);
    more[jobs.length] = job;
    jobs = more;
  }

  private synchronized void remove(Job job) {
    Job[] fewer = new Job[jobs.length - 1];
    int count = 0;
    for (Job other : jobs) {
      if (other != job) {
        fewer[count++] = other;
      }
    }
    jobs = fewer;
  }

  private void wake(int threads) {
    for (int i = 0; i < threads; i++) {
      LockSupport.unpark(pool[i]);
    }
  }

  /**
   * Helps where there is work; else spins first, as phases follow each other closely, and parks.
   */
  private void work(int thread) {
    long idleSince = System.nanoTime();
    while (!closed) {
      if (help(thread)) {
        idleSince = System.nanoTime();
      } else if (System.nanoTime() - idleSince < spinNanos) {
        Thread.onSpinWait();
      } else {
        parked.incrementAndGet();
        if (!help(thread) && !closed) {
          LockSupport.park(this);
        }
        parked.decrementAndGet();
        idleSince = System.nanoTime();
      }
    }
  }

  private boolean help(int thread) {
    boolean helped = false;
    for (Job job : jobs) {
      helped |= job.help(thread);
    }
    return helped;
  }
}
