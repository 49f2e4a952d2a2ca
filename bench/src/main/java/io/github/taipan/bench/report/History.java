package io.github.taipan.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The figures of all reports, one flat JSON object a line. */
final class History {
  private static final Pattern MEMBER =
      Pattern.compile("\"([^\"]+)\":(?:\"([^\"]*)\"|(-?[0-9.]+(?:[eE][-+]?[0-9]+)?))");

  private History() {}

  /**
   * One run.
   *
   * @param labels date, commit, machine and the like
   * @param figures by name
   */
  record Run(Map<String, String> labels, Map<String, Double> figures) {
    String json() {
      String texts =
          labels.entrySet().stream()
              .map(e -> "\"%s\":\"%s\"".formatted(e.getKey(), e.getValue().replace("\"", "'")))
              .collect(Collectors.joining(","));
      String numbers =
          figures.entrySet().stream()
              .filter(e -> Double.isFinite(e.getValue()))
              .map(e -> String.format(Locale.ROOT, "\"%s\":%.4g", e.getKey(), e.getValue()))
              .collect(Collectors.joining(","));
      return "{" + texts + "," + numbers + "}";
    }

    static Run parse(String json) {
      Map<String, String> labels = new LinkedHashMap<>();
      Map<String, Double> figures = new LinkedHashMap<>();
      Matcher matcher = MEMBER.matcher(json);
      while (matcher.find()) {
        if (matcher.group(3) == null) {
          labels.put(matcher.group(1), matcher.group(2));
        } else {
          figures.put(matcher.group(1), Double.parseDouble(matcher.group(3)));
        }
      }
      return new Run(labels, figures);
    }
  }

  /** Adds a run to the file, and returns all runs. */
  static List<Run> append(Path file, Run run) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, run.json() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return Files.readAllLines(file).stream().map(Run::parse).toList();
  }

  /** A picture of some figures over the runs, each in a panel with its own scale from zero. */
  static String svg(List<Run> runs, List<String> figures) {
    int width = 720;
    int panel = 150;
    int left = 50;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            .formatted(width, panel * figures.size()));
    svg.append(" font-family=\"sans-serif\" font-size=\"12\">\n");
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    for (int i = 0; i < figures.size(); i++) {
      String figure = figures.get(i);
      double high =
          runs.stream().mapToDouble(run -> run.figures().getOrDefault(figure, 0.0)).max().orElse(1);
      int bottom = (i + 1) * panel - 20;
      svg.append("<text x=\"%d\" y=\"%d\">%s</text>\n".formatted(left, bottom - 110, figure));
      svg.append("<text x=\"5\" y=\"%d\">%s</text>\n".formatted(bottom - 92, Table.figure(high)));
      svg.append("<text x=\"5\" y=\"%d\">0</text>\n".formatted(bottom));
      StringBuilder line = new StringBuilder();
      for (int r = 0; r < runs.size(); r++) {
        Double value = runs.get(r).figures().get(figure);
        if (value != null) {
          double x = left + (width - left - 20.0) * (r + 0.5) / runs.size();
          double y = bottom - 100 * value / high;
          String at = String.format(Locale.ROOT, "%.1f,%.1f", x, y);
          line.append(at).append(' ');
          svg.append(
              String.format(
                  Locale.ROOT,
                  "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#b5482a\"/>\n",
                  x,
                  y));
        }
      }
      svg.append("<polyline fill=\"none\" stroke=\"#b5482a\" points=\"%s\"/>\n".formatted(line));
    }
    return svg.append("</svg>\n").toString();
  }
}
