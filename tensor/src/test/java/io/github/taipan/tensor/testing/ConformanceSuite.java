package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Update;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Runs every case on a device and compares it with the reference device. */
public final class ConformanceSuite {
  /** A case and the largest error of its outputs, relative to the largest value of each. */
  public record Result(ConformanceCase tested, double error) {
    /** Whether the error is within the case's tolerance. */
    public boolean passed() {
      return error <= tested.tolerance().limit();
    }

    @Override
    public String toString() {
      return "%s: error %.3g".formatted(tested.name(), error);
    }
  }

  /** The reference's outputs, which several devices are compared with. */
  private static final Map<ConformanceCase, List<double[]>> EXPECTED = new ConcurrentHashMap<>();

  private ConformanceSuite() {}

  /**
   * Runs all cases, prints a line per family, and fails with the failed cases, if any.
   *
   * @throws AssertionError naming them
   */
  public static void check(Device device) {
    List<Result> results = run(device, ConformanceCases.all());
    System.out.print(summary(device, results));
    List<Result> failed = results.stream().filter(result -> !result.passed()).toList();
    if (!failed.isEmpty()) {
      throw new AssertionError(
          "%d of %d cases differ from the reference on %s:%n%s"
              .formatted(
                  failed.size(),
                  results.size(),
                  device.description(),
                  failed.stream().map(Result::toString).collect(Collectors.joining("\n"))));
    }
  }

  /** Runs the cases. */
  public static List<Result> run(Device device, List<ConformanceCase> cases) {
    return cases.stream().map(tested -> new Result(tested, error(tested, device))).toList();
  }

  /** The outputs of a case where they are written over other values, as in buffers used again. */
  public static List<Tensor> executeOverOldValues(ConformanceCase tested, Device device) {
    List<Tensor> inputs = tested.inputs(device);
    List<Tensor> outputs =
        tested.primitive() instanceof Update update
            ? update.updated(inputs)
            : tested.primitive().outputs(tested.shapes()).stream()
                .map(shape -> device.full(shape, 123))
                .toList();
    device.execute(tested.primitive(), inputs, outputs);
    return outputs;
  }

  /** The largest relative error of a case's outputs. */
  private static double error(ConformanceCase tested, Device device) {
    List<double[]> expected = EXPECTED.computeIfAbsent(tested, ConformanceSuite::expected);
    List<Tensor> actual = device.run(tested.primitive(), tested.inputs(device));
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      worst = Math.max(worst, error(expected.get(i), actual.get(i).toDoubles()));
    }
    return worst;
  }

  private static List<double[]> expected(ConformanceCase tested) {
    try (Device reference = new ReferenceDevice()) {
      return reference.run(tested.primitive(), tested.inputs(reference)).stream()
          .map(Tensor::toDoubles)
          .toList();
    }
  }

  /** The largest difference, relative to the largest expected value; a lone NaN counts infinite. */
  public static double error(double[] expected, double[] actual) {
    if (expected.length != actual.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      if (Double.compare(expected[i], actual[i]) != 0) {
        double d = Math.abs(expected[i] - actual[i]);
        difference = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(difference, d);
      }
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return difference == 0 ? 0 : difference / (largest == 0 ? 1 : largest);
  }

  /** The number of cases and the largest error of each family, one line each. */
  public static String summary(Device device, List<Result> results) {
    Map<String, List<Result>> families =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> result.tested().family(), LinkedHashMap::new, Collectors.toList()));
    StringBuilder lines = new StringBuilder();
    lines.append("%d cases on %s%n".formatted(results.size(), device.description()));
    families.forEach(
        (family, members) ->
            lines.append(
                "  %-16s %4d cases, largest error %.2g%n"
                    .formatted(
                        family,
                        members.size(),
                        members.stream().mapToDouble(Result::error).max().orElseThrow())));
    return lines.toString();
  }
}
