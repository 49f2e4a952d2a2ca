package io.github.taipan.nn.optim;

import java.util.List;

/** A learning rate by iteration, counted from 1. */
@FunctionalInterface
public interface LearningRate {
  /** The rate in force at an iteration. */
  double at(long iteration);

  /** Always the same. */
  static LearningRate constant(double rate) {
    return iteration -> rate;
  }

  /**
   * Multiplied by {@code factor} once each milestone lies behind. As in PyTorch's MultiStepLR,
   * stepped from the second iteration on, iteration {@code milestone + 1} is the first with the new
   * rate.
   */
  static LearningRate multiStep(double rate, double factor, List<Long> milestones) {
    return iteration ->
        rate * Math.pow(factor, (double) milestones.stream().filter(m -> m < iteration).count());
  }

  /** {@code rate · factor^(iteration div every)}. */
  static LearningRate decay(double rate, double factor, long every) {
    return iteration -> {
      long times = iteration / every;
      return rate * Math.pow(factor, (double) times);
    };
  }

  /** Half a cosine from {@code rate} down to {@code floor} over so many iterations. */
  static LearningRate cosine(double rate, double floor, long period) {
    return cosineCycles(rate, List.of(new Cycle(period, 1, floor)));
  }

  /**
   * One cycle of a cosine schedule.
   *
   * @param period its length in iterations
   * @param weight the factor of its amplitude
   * @param floor the rate at its end, which may lie above the base rate
   */
  record Cycle(long period, double weight, double floor) {}

  /**
   * Cosine annealing with restarts (the cyclic variant that deraining recipes use): within a cycle
   * {@code floor + weight · ½ (rate − floor)(1 + cos(π n / period))}, n counting from the cycle's
   * start. The last iteration of a cycle still belongs to it.
   *
   * @throws IllegalArgumentException after the end of the last cycle
   */
  static LearningRate cosineCycles(double rate, List<Cycle> cycles) {
    return iteration -> {
      long step = iteration - 1;
      long start = 0;
      for (Cycle cycle : cycles) {
        if (step <= start + cycle.period) {
          double phase = Math.PI * (double) (step - start) / cycle.period;
          double half = cycle.weight * 0.5 * (rate - cycle.floor);
          return cycle.floor + half * (1 + Math.cos(phase));
        }
        start += cycle.period;
      }
      throw new IllegalArgumentException(
          "the cosine cycles end after iteration %d, asked for %d".formatted(start + 1, iteration));
    };
  }
}
