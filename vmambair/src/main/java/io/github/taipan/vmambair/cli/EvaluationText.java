package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.evaluation.Evaluation;
import io.github.taipan.vmambair.evaluation.Interval;
import io.github.taipan.vmambair.evaluation.Measure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation as tables for people. */
final class EvaluationText {
  private static final int NUMBER = 8;

  private EvaluationText() {}

  /** The heading of a table of pictures, which can be given rows as they come. */
  static TextTable pictures(
      PrintWriter out, List<String> methods, List<Measure> measures, List<String> pictures) {
    List<String> heading = new ArrayList<>(List.of("picture"));
    List<Integer> widths = new ArrayList<>();
    widths.add(pictures.stream().mapToInt(TextTable::width).max().orElse(0));
    for (String method : methods) {
      for (Measure measure : measures) {
        heading.add(method + " " + measure.title());
        widths.add(NUMBER);
      }
    }
    return new TextTable(out, heading, widths);
  }

  /** A picture's row of that table. */
  static List<String> row(Evaluation.Row row, List<Measure> measures) {
    List<String> cells = new ArrayList<>(List.of(row.name()));
    for (List<Double> values : row.values()) {
      for (int i = 0; i < measures.size(); i++) {
        cells.add(number("", measures.get(i), values.get(i)));
      }
    }
    return cells;
  }

  /** Each method's means, and how far they are above the baseline's. */
  static void printMeans(PrintWriter out, Evaluation evaluation) {
    List<Measure> measures = evaluation.measures();
    List<String> methods = evaluation.methods();
    List<List<String>> rows = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("mean of " + evaluation.rows().size()));
    for (Measure measure : measures) {
      heading.addAll(List.of(measure.title(), "over " + methods.getFirst()));
    }
    for (int method = 0; method < methods.size(); method++) {
      List<String> cells = new ArrayList<>(List.of(methods.get(method)));
      for (int i = 0; i < measures.size(); i++) {
        cells.add(interval("", measures.get(i), evaluation.mean(method, i)));
        cells.add(
            method == 0 ? "" : interval("+", measures.get(i), evaluation.difference(method, i)));
      }
      rows.add(cells);
    }
    TextTable.print(out, heading, rows);
  }

  private static String interval(String flag, Measure measure, Interval interval) {
    String mean = number(flag, measure, interval.mean());
    return Double.isFinite(interval.halfWidth())
        ? mean + " +/- " + number("", measure, interval.halfWidth())
        : mean;
  }

  private static String number(String flag, Measure measure, double value) {
    return String.format(Locale.ROOT, "%" + flag + "." + measure.decimals() + "f", value);
  }
}
