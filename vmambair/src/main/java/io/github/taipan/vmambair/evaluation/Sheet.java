package io.github.taipan.vmambair.evaluation;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Border;
import io.github.taipan.nn.image.Image;
import io.github.taipan.vmambair.Comparison.Region;
import io.github.taipan.vmambair.evaluation.Evaluation.Compared;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One picture for the eye: the truth whole, with a box, and what is inside the box from each method
 * and from the truth, enlarged without interpolation, with names and measures.
 */
public final class Sheet {
  /** The sides of a box that is found, in pixels of the truth. */
  public static final int WINDOW = 64;

  private static final int PANEL = 256;
  private static final int WIDEST_OVERVIEW = 2 * PANEL;
  private static final int GAP = 12;
  private static final int SHORTEST_CAPTION = 15; // characters, as in "PSNR-RGB 30.341"
  private static final int RED = 0xE00000;

  private Sheet() {}

  /**
   * The square of {@link #WINDOW} pixels (less in a smaller picture) where the methods' squared
   * error, together, is lowest against the baseline's: where they help most.
   *
   * @param results {@code [method]}, the baseline first
   */
  public static Region window(List<Image> results, Image truth) {
    int height = Math.min(WINDOW, truth.height());
    int width = Math.min(WINDOW, truth.width());
    long[] columns = new long[truth.width()]; // sums over the rows that the window covers
    long most = Long.MIN_VALUE;
    Region best = new Region(0, 0, width, height);
    for (int y = 0; y < truth.height(); y++) {
      addGains(results, truth, y, 1, columns);
      if (y >= height) {
        addGains(results, truth, y - height, -1, columns);
      }
      long gain = 0;
      for (int x = 0; x < truth.width(); x++) {
        gain += columns[x] - (x >= width ? columns[x - width] : 0);
        if (y >= height - 1 && x >= width - 1 && gain > most) {
          most = gain;
          best = new Region(x - width + 1, y - height + 1, width, height);
        }
      }
    }
    return best;
  }

  /** Adds one row's gains, the baseline's squared error less each method's, to the columns. */
  private static void addGains(List<Image> results, Image truth, int y, int sign, long[] columns) {
    for (int x = 0; x < columns.length; x++) {
      long baseline = error(results.getFirst(), truth, y, x);
      for (Image result : results.subList(1, results.size())) {
        columns[x] += sign * (baseline - error(result, truth, y, x));
      }
    }
  }

  private static int error(Image image, Image truth, int y, int x) {
    int sum = 0;
    for (int c = 0; c < truth.channels(); c++) {
      int difference = image.sample(y, x, image.isGrey() ? 0 : c) - truth.sample(y, x, c);
      sum += difference * difference;
    }
    return sum;
  }

  /**
   * Draws a sheet.
   *
   * @param methods their names
   * @param measure the first of the row's, which the captions give for the whole picture
   * @param region what is enlarged, in pixels of the truth
   */
  public static Image draw(Compared picture, List<String> methods, Measure measure, Region region) {
    Image truth = picture.truth();
    region.requireInside(truth);
    int zoom = Math.max(1, PANEL / Math.max(region.width(), region.height()));
    int panelHeight = region.height() * zoom;
    int panelWidth = Math.max(region.width() * zoom, SHORTEST_CAPTION * Canvas.ADVANCE);
    double shrinking = shrinking(truth, Math.max(PANEL, panelHeight));
    Image overview = shrinking < 1 ? Bicubic.resize(truth, shrinking, Border.REPLICATE) : truth;
    int left = GAP + Math.max(overview.width(), SHORTEST_CAPTION * Canvas.ADVANCE) + GAP;
    int caption = GAP + Math.max(overview.height(), panelHeight) + GAP / 2;
    int panels = methods.size() + 1;
    Canvas canvas = new Canvas(caption + 2 * Canvas.LINE, left + panels * (panelWidth + GAP));

    canvas.draw(overview, GAP, GAP, 1);
    canvas.frame(
        GAP + (int) (region.top() * shrinking),
        GAP + (int) (region.left() * shrinking),
        (int) Math.ceil(region.height() * shrinking),
        (int) Math.ceil(region.width() * shrinking),
        2,
        RED);
    int room = (left - GAP) / Canvas.ADVANCE;
    canvas.write(picture.row().name(), caption, GAP, room);
    canvas.write(
        "%dx%d".formatted(truth.width(), truth.height()), caption + Canvas.LINE, GAP, room);

    List<Image> images = new ArrayList<>(picture.results());
    images.add(truth);
    for (int i = 0; i < panels; i++, left += panelWidth + GAP) {
      boolean method = i < methods.size();
      canvas.draw(region.of(images.get(i), 1), GAP, left, zoom);
      int most = panelWidth / Canvas.ADVANCE;
      canvas.write(method ? methods.get(i) : "truth", caption, left, most);
      String below = method ? value(measure, picture.row().value(i, 0)) : text(region);
      canvas.write(below, caption + Canvas.LINE, left, most);
    }
    return canvas.toImage();
  }

  /** What the truth is shrunk by to lie beside panels of this height. */
  private static double shrinking(Image truth, int height) {
    return Math.min(
        1, Math.min((double) height / truth.height(), (double) WIDEST_OVERVIEW / truth.width()));
  }

  private static String value(Measure measure, double value) {
    String digits = "%." + measure.decimals() + "f";
    return measure.title() + " " + String.format(Locale.ROOT, digits, value);
  }

  private static String text(Region region) {
    return "%d,%d,%d,%d".formatted(region.left(), region.top(), region.width(), region.height());
  }
}
