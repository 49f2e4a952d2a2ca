package io.github.taipan.vmambair.training;

import io.github.taipan.vmambair.training.TrainingLog.Point;
import java.util.List;
import java.util.Locale;

/** Draws the curves of a run as an SVG picture: the loss above, the validation's PSNR below. */
final class CurvePlot {
  private static final int WIDTH = 720;
  private static final int PANEL = 220;
  private static final int LEFT = 70;
  private static final int MARGIN = 30;

  private CurvePlot() {}

  static String svg(TrainingLog log) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""
            + WIDTH
            + "\" height=\""
            + 2 * PANEL
            + "\"");
    svg.append(" font-family=\"sans-serif\" font-size=\"12\">\n");
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    panel(svg, "L1 loss", log.series("loss"), 0, "#b5482a");
    panel(svg, "validation PSNR of Y (dB)", log.series("psnr_y"), PANEL, "#2a6fb5");
    return svg.append("</svg>\n").toString();
  }

  private static void panel(
      StringBuilder svg, String title, List<Point> points, int top, String colour) {
    int bottom = top + PANEL - MARGIN;
    svg.append(text(LEFT, top + 18, title));
    if (points.isEmpty()) {
      return;
    }
    // The first steps fall so far that they would flatten the rest: the scale leaves them out.
    List<Point> settled = points.subList(points.size() / 20, points.size());
    double low = settled.stream().mapToDouble(Point::value).min().orElseThrow();
    double high =
        Math.max(low + 1e-9, settled.stream().mapToDouble(Point::value).max().orElseThrow());
    long last = points.getLast().step();
    StringBuilder line = new StringBuilder();
    for (Point point : points) {
      double x = LEFT + (WIDTH - LEFT - MARGIN) * (double) point.step() / last;
      double share = Math.clamp((point.value() - low) / (high - low), 0, 1);
      double y = bottom - share * (PANEL - 2 * MARGIN);
      line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    svg.append(
        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>\n"
            .formatted(colour, line));
    svg.append(text(5, bottom, String.format(Locale.ROOT, "%.4f", low)));
    svg.append(text(5, top + MARGIN + 4, String.format(Locale.ROOT, "%.4f", high)));
    svg.append(text(WIDTH - 110, bottom + 18, "step " + last));
  }

  private static String text(int x, int y, String text) {
    return "<text x=\"" + x + "\" y=\"" + y + "\">" + text + "</text>\n";
  }
}
