package io.github.taipan.tests.parity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects errors by kind, prints how many were checked and the largest, and lists what failed. */
final class Deviations {
  private record Deviation(double value, String name) {}

  private final String title;
  private final Map<String, List<Deviation>> kinds = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();

  Deviations(String title) {
    this.title = title;
  }

  /** The largest difference, divided by the largest expected magnitude. */
  static double relativeToMaximum(float[] expected, double[] actual) {
    return maximumDifference(expected, actual) / maximum(expected);
  }

  static double maximumDifference(float[] expected, double[] actual) {
    requireLength(expected, actual);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(expected[i] - actual[i]);
      if (!(difference <= largest)) {
        largest = difference; // keeps a NaN
      }
    }
    return largest;
  }

  static double maximum(float[] values) {
    double largest = Double.MIN_NORMAL;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  static double distance(float[] expected, double[] actual) {
    requireLength(expected, actual);
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += (expected[i] - actual[i]) * (expected[i] - actual[i]);
    }
    return Math.sqrt(squares);
  }

  static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  static double norm(float[] values) {
    return distance(values, new double[values.length]);
  }

  private static void requireLength(float[] expected, double[] actual) {
    if (expected.length != actual.length) {
      throw new AssertionError(expected.length + " values expected, got " + actual.length);
    }
  }

  void check(String kind, String name, double error, double tolerance) {
    kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(new Deviation(error, name));
    if (!(error <= tolerance)) {
      failures.add("%s of %s: error %.3g over %.3g".formatted(kind, name, error, tolerance));
    }
  }

  double median(String kind) {
    List<Double> values = new ArrayList<>(kinds.get(kind).stream().map(Deviation::value).toList());
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  /** Prints the summary and fails when any check did. */
  void report() {
    kinds.forEach(
        (kind, errors) -> {
          Deviation worst =
              errors.stream().reduce((a, b) -> b.value > a.value ? b : a).orElseThrow();
          System.out.printf(
              "%s: %d x %s, largest error %.3g (%s), median %.3g%n",
              title, errors.size(), kind, worst.value, worst.name, median(kind));
        });
    if (!failures.isEmpty()) {
      throw new AssertionError(
          title + ": " + failures.size() + " failed\n" + String.join("\n", failures));
    }
  }
}
