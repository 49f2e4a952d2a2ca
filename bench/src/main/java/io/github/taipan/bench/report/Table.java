package io.github.taipan.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A Markdown table whose first column is text and whose others are figures. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> header) {
    rows.add(List.copyOf(header));
  }

  /** A row with a cell for each column. */
  Table row(List<String> cells) {
    if (cells.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "%d cells in %d columns".formatted(cells.size(), rows.getFirst().size()));
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
      if (i == 0) {
        text.append("|---").append("|---:".repeat(rows.getFirst().size() - 1)).append("|\n");
      }
    }
    return text.toString();
  }

  /** Three significant digits, without an exponent; nothing for what was not measured. */
  static String figure(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    int digits = value == 0 ? 0 : 2 - (int) Math.floor(Math.log10(Math.abs(value)));
    return String.format(Locale.ROOT, "%." + Math.clamp(digits, 0, 9) + "f", value);
  }

  static String percent(double share) {
    return Double.isNaN(share) ? "" : Math.round(100 * share) + " %";
  }

  /** Seconds as milliseconds. */
  static String milliseconds(double seconds) {
    return figure(seconds * 1e3);
  }

  /** Seconds as microseconds. */
  static String microseconds(double seconds) {
    return figure(seconds * 1e6);
  }
}
