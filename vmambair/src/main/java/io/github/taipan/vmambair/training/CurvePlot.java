package io.github.taipan.vmambair.training;

import io.github.taipan.vmambair.training.TrainingLog.Point;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Draws the curves of a run as an SVG picture, one panel under the other: losses and learning rate
 * on logarithmic scales, the validation's PSNR and SSIM, and whatever else the log has.
 */
final class CurvePlot {
  private static final int WIDTH = 760;
  private static final int PANEL = 210;
  private static final int LEFT = 70;
  private static final int MARGIN = 30;
  private static final int POINTS = 600; // about as many as there are pixels
  private static final int TICKS = 4;
  private static final Set<String> LEFT_OUT = Set.of("images_per_second");
  private static final List<String> COLOURS =
      List.of("#b5482a", "#2a6fb5", "#3b8f4a", "#8a4fa8", "#b08a1e", "#4a4a4a");

  private CurvePlot() {}

  private record Series(String name, List<Point> points) {}

  private record Panel(String title, boolean logarithmic, List<Series> series) {
    static Panel of(TrainingLog log, String title, boolean logarithmic, List<String> fields) {
      List<Series> series = new ArrayList<>();
      for (String field : fields) {
        List<Point> points =
            log.series(field).stream().filter(p -> !logarithmic || p.value() > 0).toList();
        if (!points.isEmpty()) {
          series.add(new Series(field, thinned(points)));
        }
      }
      return new Panel(title, logarithmic, series);
    }

    /** Its scale maps values to heights; the logarithm is of base 10. */
    double scale(double value) {
      return logarithmic ? Math.log10(value) : value;
    }

    double unscale(double height) {
      return logarithmic ? Math.pow(10, height) : height;
    }
  }

  /** Means of neighbours where there are more points than can be seen. */
  private static List<Point> thinned(List<Point> points) {
    int group = (points.size() + POINTS - 1) / POINTS;
    List<Point> means = new ArrayList<>();
    for (int i = 0; i < points.size(); i += group) {
      List<Point> some = points.subList(i, Math.min(i + group, points.size()));
      double mean = some.stream().mapToDouble(Point::value).average().orElseThrow();
      means.add(new Point(some.getLast().step(), mean));
    }
    return means;
  }

  static String svg(TrainingLog log) {
    List<String> losses = new ArrayList<>(log.fields());
    losses.removeAll(List.of("rate", "psnr_y", "ssim_y"));
    losses.removeAll(LEFT_OUT);
    List<Panel> panels =
        List.of(
            Panel.of(log, "loss", true, losses),
            Panel.of(log, "learning rate", true, List.of("rate")),
            Panel.of(log, "validation PSNR of Y (dB)", false, List.of("psnr_y")),
            Panel.of(log, "validation SSIM of Y", false, List.of("ssim_y")));
    long last =
        panels.stream()
            .flatMap(panel -> panel.series.stream())
            .mapToLong(series -> series.points.getLast().step())
            .max()
            .orElse(1);
    StringBuilder svg = new StringBuilder();
    append(
        svg,
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" \
        viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="white"/>
        """,
        WIDTH,
        panels.size() * PANEL);
    for (int i = 0; i < panels.size(); i++) {
      draw(svg, panels.get(i), i * PANEL, last);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(StringBuilder svg, Panel panel, int top, long last) {
    int bottom = top + PANEL - MARGIN;
    int height = PANEL - 2 * MARGIN;
    text(svg, LEFT, top + 18, "#222", panel.title);
    if (panel.series.isEmpty()) {
      text(svg, LEFT, top + PANEL / 2, "#999", "nothing yet");
      return;
    }
    // The first steps are so far from the rest that they would flatten it: the scale leaves them
    // out, and they are drawn along its edge.
    DoubleSummaryStatistics settled =
        panel.series.stream()
            .flatMap(s -> s.points.subList(s.points.size() / 20, s.points.size()).stream())
            .mapToDouble(point -> panel.scale(point.value()))
            .summaryStatistics();
    double middle = (settled.getMin() + settled.getMax()) / 2;
    double half =
        Math.max((settled.getMax() - settled.getMin()) / 2, 1e-9 + 1e-3 * Math.abs(middle));
    for (int tick = 0; tick <= TICKS; tick++) {
      int y = bottom - tick * height / TICKS;
      append(svg, "<path d=\"M%d %dH%d\" stroke=\"#e4e4e4\"/>\n", LEFT, y, WIDTH - MARGIN);
      double value = panel.unscale(middle + half * (2.0 * tick / TICKS - 1));
      text(svg, 5, y + 4, "#666", number(value));
    }
    for (int i = 0; i < panel.series.size(); i++) {
      Series series = panel.series.get(i);
      String colour = COLOURS.get(i % COLOURS.size());
      append(svg, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"", colour);
      append(svg, " stroke-linecap=\"round\" points=\"");
      for (Point point : series.points) {
        double share = (panel.scale(point.value()) - middle + half) / (2 * half);
        double x = LEFT + (WIDTH - LEFT - MARGIN) * (double) point.step() / last;
        double y = bottom - Math.clamp(share, 0, 1) * height;
        append(svg, "%.1f,%.1f ", x, y);
        if (series.points.size() == 1) { // a line of no length, whose round ends are a dot
          append(svg, "%.1f,%.1f ", x, y);
        }
      }
      svg.append("\"/>\n");
      String now = series.name + " " + number(series.points.getLast().value());
      int rowsBelow = (panel.series.size() - 1) / 3 - i / 3;
      text(svg, 250 + 165 * (i % 3), top + 18 - 14 * rowsBelow, colour, now);
    }
    text(svg, WIDTH - 110, bottom + 18, "#666", "step " + last);
  }

  private static String number(double value) {
    return String.format(
        Locale.ROOT, value != 0 && Math.abs(value) < 1e-3 ? "%.3g" : "%.4f", value);
  }

  private static void text(StringBuilder svg, int x, int y, String colour, String text) {
    append(svg, "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n", x, y, colour, text);
  }

  private static void append(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
