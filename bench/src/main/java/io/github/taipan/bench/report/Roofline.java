package io.github.taipan.bench.report;

import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The least time that a launch can take on this machine: the larger of its arithmetic at the speed
 * of the multiply-add probe and its bytes at the speed of a copy with the same working set.
 *
 * <p>Arithmetic is {@link Primitive#flops}, except for scans, whose exponentials are no one
 * operation: they count {@link #operations instructions}, each as long as a multiply-add.
 *
 * @param perFlop seconds per floating-point operation
 * @param perByte seconds per byte by working set in bytes
 */
record Roofline(double perFlop, NavigableMap<Long, Double> perByte) {
  /**
   * Vector instructions of a state step forward: t·A and its split into whole and fractional part
   * 4, a polynomial of degree 5, scaling by 2ⁿ 2, the input B·(t·u) 1, the recurrence 1, the output
   * 1.
   */
  static final int FORWARD = 14;

  /**
   * Of a state step backward: 13 to compute the states again; the upstream gradient C·q joined to
   * the carried one 1, the carry 1, the gradients of the input, B and C 3, those of the step and of
   * A 3 (the product of carry and state, and one multiply-add each), the sums over the channels of
   * B and C's 2.
   */
  static final int BACKWARD = 23;

  /**
   * Of a step whatever its states: softplus, the products with u and D; its derivative backward.
   */
  static final int STEP = 24;

  /** Working sets from 16 KiB to 256 MiB, as an undisturbed machine copies them. */
  static Roofline measure(Probes probes, int rounds, double seconds) {
    Map<String, Sample> samples = new LinkedHashMap<>();
    samples.put("fma", probes.fma());
    for (long bytes = 1 << 14; bytes <= 1 << 28; bytes *= 4) {
      samples.put(Long.toString(bytes), probes.copy(bytes, seconds));
    }
    Map<String, Times> times = Times.of(rounds, samples);
    NavigableMap<Long, Double> perByte = new TreeMap<>();
    times.forEach(
        (name, time) -> {
          if (!name.equals("fma")) {
            perByte.put(Long.parseLong(name), time.minimum());
          }
        });
    return new Roofline(Times.named(times, "fma").minimum(), perByte);
  }

  /** The arithmetic of a launch in floating-point operations. */
  static double operations(Primitive primitive, List<Shape> inputs) {
    return switch (primitive) {
      case Scan.SelectiveScanGradient scan ->
          2.0 * scan.steps(inputs) * (BACKWARD * scan.states(inputs) + 2 * STEP);
      case Scan.ProjectedScan scan ->
          forward(scan, inputs) + scan.projection().flops(inputs.subList(1, 3));
      case Scan scan -> forward(scan, inputs);
      default -> primitive.flops(inputs);
    };
  }

  private static double forward(Scan scan, List<Shape> inputs) {
    return 2.0 * scan.steps(inputs) * (FORWARD * scan.states(inputs) + STEP);
  }

  /** The bound of one launch in seconds. */
  double seconds(double operations, long bytes) {
    return Math.max(operations * perFlop, bytes * copySeconds(bytes));
  }

  /** The bound of launches one after the other. */
  double seconds(List<Launch> launches) {
    return launches.stream()
        .mapToDouble(
            launch -> seconds(operations(launch.primitive(), launch.inputShapes()), launch.bytes()))
        .sum();
  }

  /** Seconds per byte, interpolated between the measured working sets by their logarithms. */
  double copySeconds(long bytes) {
    Map.Entry<Long, Double> below = perByte.floorEntry(bytes);
    Map.Entry<Long, Double> above = perByte.ceilingEntry(bytes);
    if (below == null || above == null) {
      return (below == null ? perByte.firstEntry() : perByte.lastEntry()).getValue();
    }
    if (below.getKey().equals(above.getKey())) {
      return below.getValue();
    }
    double from = Math.log(below.getKey());
    double share = (Math.log(bytes) - from) / (Math.log(above.getKey()) - from);
    return below.getValue() + share * (above.getValue() - below.getValue());
  }
}
