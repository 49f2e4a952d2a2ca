package io.github.taipan.vmambair.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of aligned columns that Markdown reads as one; the first is flush left. */
final class TextTable {
  private final PrintWriter out;
  private final List<String> heading;
  private final List<Integer> widths;
  private boolean begun;

  /**
   * A table whose rows can be printed as they come.
   *
   * @param widths of the columns at least, in characters
   */
  TextTable(PrintWriter out, List<String> heading, List<Integer> widths) {
    this.out = out;
    this.heading = heading;
    this.widths =
        IntStream.range(0, widths.size())
            .mapToObj(i -> Math.max(widths.get(i), width(heading.get(i))))
            .toList();
  }

  /** Prints a whole table. */
  static void print(PrintWriter out, List<String> heading, List<List<String>> rows) {
    List<Integer> widths =
        IntStream.range(0, heading.size())
            .mapToObj(i -> rows.stream().mapToInt(r -> width(r.get(i))).max().orElse(0))
            .toList();
    TextTable table = new TextTable(out, heading, widths);
    rows.forEach(table::row);
  }

  /** Prints a row, and before the first one the heading. */
  void row(List<String> cells) {
    if (!begun) {
      begun = true;
      line(heading);
      out.println(
          IntStream.range(0, widths.size())
              .mapToObj(i -> "-".repeat(widths.get(i) + 1))
              .map(dashes -> dashes + ":|")
              .collect(Collectors.joining("", "|", ""))
              .replaceFirst("(-+):", ":$1"));
    }
    line(cells);
  }

  private void line(List<String> cells) {
    out.println(
        IntStream.range(0, cells.size())
            .mapToObj(
                i ->
                    ("%" + (i == 0 ? "-" : "") + widths.get(i) + "s")
                        .formatted(clean(cells.get(i))))
            .collect(Collectors.joining(" | ", "| ", " |")));
  }

  /** How many characters a cell takes. */
  static int width(String cell) {
    return clean(cell).length();
  }

  /** Names come from files, and may hold what would end a cell or a line. */
  private static String clean(String cell) {
    return Failure.line(cell).replace("|", "\\|");
  }
}
