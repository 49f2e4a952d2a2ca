package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Rows of pictures with captions under them, small ones enlarged pixel by pixel. */
final class ContactSheet {
  private static final int SIDE = 400;
  private static final int GAP = 8;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  /**
   * A picture of a row.
   *
   * @param scale how many times to enlarge it
   */
  record Cell(Image picture, int scale, List<String> caption) {
    /** At most {@link #SIDE} pixels a side of the middle, enlarged. */
    private Image middle() {
      int most = Math.max(SIDE / scale, 1);
      int height = Math.min(picture.height(), most);
      int width = Math.min(picture.width(), most);
      return picture.crop(
          (picture.height() - height) / 2, (picture.width() - width) / 2, height, width);
    }
  }

  private ContactSheet() {}

  /** Draws the sheet; a row is as high as its largest picture and its longest caption. */
  static Image draw(List<List<Cell>> rows) {
    FontMetrics metrics =
        new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics().getFontMetrics(FONT);
    int line = metrics.getHeight();
    List<List<List<String>>> captions = new ArrayList<>();
    int height = GAP;
    for (List<Cell> row : rows) {
      List<List<String>> wrapped =
          row.stream().map(cell -> wrapped(cell.caption, metrics)).toList();
      captions.add(wrapped);
      height += rowHeight(wrapped, line);
    }
    int columns = rows.stream().mapToInt(List::size).max().orElse(1);
    BufferedImage sheet =
        new BufferedImage(GAP + columns * (SIDE + GAP), height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(FONT);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    int top = GAP;
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < rows.get(i).size(); j++) {
        Cell cell = rows.get(i).get(j);
        Image part = cell.middle();
        int left = GAP + j * (SIDE + GAP);
        graphics.drawImage(
            Picture.opaque(part).toBufferedImage(),
            left,
            top,
            part.width() * cell.scale,
            part.height() * cell.scale,
            null);
        int baseline = top + SIDE + metrics.getAscent();
        for (String text : captions.get(i).get(j)) {
          graphics.drawString(text, left, baseline);
          baseline += line;
        }
      }
      top += rowHeight(captions.get(i), line);
    }
    graphics.dispose();
    return Picture.from(sheet).colour();
  }

  private static int rowHeight(List<List<String>> captions, int line) {
    return SIDE + captions.stream().mapToInt(List::size).max().orElse(0) * line + GAP;
  }

  /** Lines that are broken at blanks where they are too wide. */
  private static List<String> wrapped(List<String> lines, FontMetrics metrics) {
    List<String> wrapped = new ArrayList<>();
    for (String line : lines) {
      String started = "";
      for (String word : line.split(" ")) {
        String longer = started.isEmpty() ? word : started + " " + word;
        if (!started.isEmpty() && metrics.stringWidth(longer) > SIDE) {
          wrapped.add(started);
          started = "    " + word;
        } else {
          started = longer;
        }
      }
      wrapped.add(started);
    }
    return wrapped;
  }
}
