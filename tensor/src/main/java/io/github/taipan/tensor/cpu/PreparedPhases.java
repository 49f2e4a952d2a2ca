package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Prepared;
import io.github.taipan.tensor.cpu.Phases.Phase;

/** The phases of prepared launches, as one job of the pool. */
final class PreparedPhases implements Prepared {
  private final WorkerPool pool;
  private final Job job;

  /** After how many phases each launch ends. */
  private final int[] ends;

  PreparedPhases(WorkerPool pool, Phase[] phases, int[] ends) {
    this.pool = pool;
    this.job = pool.job(phases);
    this.ends = ends;
  }

  @Override
  public void run() {
    pool.run(job, null);
  }

  @Override
  public void time(long[] nanos) {
    long[] ofPhases = new long[job.phases()];
    pool.run(job, ofPhases);
    for (int launch = 0, phase = 0; launch < ends.length; launch++) {
      while (phase < ends[launch]) {
        nanos[launch] += ofPhases[phase++];
      }
    }
  }
}
