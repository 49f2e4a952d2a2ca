package io.github.taipan.bench.report;

/** Something that is timed. */
@FunctionalInterface
public interface Sample {
  /** Does it, once or several times, and returns the seconds that once took. */
  double seconds();

  /**
   * Samples of an operation that last a given time. The first call warms the operation up for
   * {@link Effort#warmUp()} and finds out how often it fits into {@link Effort#slice()}.
   */
  static Sample of(Runnable operation, Effort effort) {
    return new Sample() {
      private long times;

      @Override
      public double seconds() {
        if (times == 0) {
          long runs = 0;
          long start = System.nanoTime();
          double spent;
          do {
            operation.run();
            runs++;
            spent = (System.nanoTime() - start) * 1e-9;
          } while (spent < effort.warmUp());
          times = Math.max(1, Math.round(effort.slice() * runs / spent));
        }
        long start = System.nanoTime();
        for (long i = 0; i < times; i++) {
          operation.run();
        }
        return (System.nanoTime() - start) * 1e-9 / times;
      }
    };
  }

  /** Only the first so many samples are taken; then the least of them comes again and again. */
  static Sample atMost(int count, Sample sample) {
    return new Sample() {
      private int taken;
      private double least = Double.POSITIVE_INFINITY;

      @Override
      public double seconds() {
        if (taken++ < count) {
          least = Math.min(least, sample.seconds());
        }
        return least;
      }
    };
  }
}
