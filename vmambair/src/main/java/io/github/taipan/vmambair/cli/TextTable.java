package io.github.taipan.vmambair.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of aligned columns that Markdown reads as one; the first is flush left. */
final class TextTable {
  private final PrintWriter out;
  private final List<Integer> widths;

  /** A table that begins with its heading, whose rows can be printed as they come. */
  TextTable(PrintWriter out, List<String> heading, List<Integer> widths) {
    this.out = out;
    this.widths =
        IntStream.range(0, widths.size())
            .mapToObj(i -> Math.max(widths.get(i), clean(heading.get(i)).length()))
            .toList();
    row(heading);
    out.println(
        IntStream.range(0, widths.size())
            .mapToObj(i -> "-".repeat(this.widths.get(i) + 1))
            .collect(Collectors.joining(":|", "|:", ":|"))
            .replaceFirst(":\\|", "-|"));
  }

  /** Prints a whole table, the first row being its heading. */
  static void print(PrintWriter out, List<List<String>> rows) {
    List<Integer> widths =
        IntStream.range(0, rows.getFirst().size())
            .mapToObj(i -> rows.stream().mapToInt(r -> clean(r.get(i)).length()).max().orElse(0))
            .toList();
    TextTable table = new TextTable(out, rows.getFirst(), widths);
    rows.stream().skip(1).forEach(table::row);
  }

  void row(List<String> cells) {
    out.println(
        IntStream.range(0, cells.size())
            .mapToObj(
                i ->
                    ("%" + (i == 0 ? "-" : "") + widths.get(i) + "s")
                        .formatted(clean(cells.get(i))))
            .collect(Collectors.joining(" | ", "| ", " |")));
  }

  /** Names come from files, and may hold what would end a cell or a line. */
  private static String clean(String cell) {
    return Failure.line(cell).replace("|", "\\|");
  }
}
