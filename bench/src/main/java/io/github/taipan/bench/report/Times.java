package io.github.taipan.bench.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one contender took in each round, in seconds (a probe: seconds per operation or byte).
 *
 * @param seconds by round
 */
record Times(double[] seconds) {
  /**
   * Samples every contender once a round, so that whatever slows the machine down for a while slows
   * all of them. One more round comes first, for warming up, and does not count.
   */
  static Map<String, Times> of(int rounds, Map<String, Sample> contenders) {
    Map<String, Times> times = new LinkedHashMap<>();
    contenders.forEach(
        (name, sample) -> {
          sample.seconds();
          times.put(name, new Times(new double[rounds]));
        });
    for (int round = 0; round < rounds; round++) {
      int at = round;
      contenders.forEach((name, sample) -> named(times, name).seconds[at] = sample.seconds());
    }
    return times;
  }

  /** One contender's. */
  static Times named(Map<String, Times> times, String name) {
    return Objects.requireNonNull(times.get(name), name);
  }

  double median() {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double minimum() {
    return Arrays.stream(seconds).min().orElseThrow();
  }

  /** The ratio of the least times: what interrupts one or the other does not count. */
  double over(Times other) {
    return minimum() / other.minimum();
  }
}
