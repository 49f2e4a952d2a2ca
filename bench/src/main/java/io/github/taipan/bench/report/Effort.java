package io.github.taipan.bench.report;

/**
 * How long to measure.
 *
 * @param rounds samples of each contender
 * @param slice seconds that a sample lasts at least
 * @param warmUp seconds that an operation runs before its first sample
 * @param networkRounds samples of a whole network
 */
public record Effort(int rounds, double slice, double warmUp, int networkRounds) {
  static final Effort FULL = new Effort(15, 0.004, 0.2, 5);
  static final Effort QUICK = new Effort(5, 0.002, 0.1, 2);

  /** For a whole network: one run a sample, after a longer warm-up. */
  Effort network() {
    return new Effort(networkRounds, 0, 10 * warmUp, networkRounds);
  }
}
