package io.github.taipan.vmambair.evaluation;

import io.github.taipan.nn.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A white picture to draw on. It brings its own letters and writes its own samples: Java2D's need
 * fonts and libraries that a bare server lacks.
 */
final class Canvas {
  /** How much wider a text gets with each character, in pixels. */
  static final int ADVANCE = 12;

  /** From one line of text to the next, in pixels. */
  static final int LINE = 20;

  private static final int MAGNIFICATION = 2;
  private static final int GLYPH_WIDTH = 5;
  private static final int GLYPH_HEIGHT = 8;
  private static final int GLYPHS_A_ROW = 16;

  /** ASCII from the space on, rows of sixteen: # where there is ink. */
  private static final List<String> GLYPHS = glyphs();

  private final int height;
  private final int width;
  private final byte[] samples;

  Canvas(int height, int width) {
    this.height = height;
    this.width = width;
    samples = new byte[Math.multiplyExact(Math.multiplyExact(height, width), 3)];
    Arrays.fill(samples, (byte) 255);
  }

  Image toImage() {
    return Image.of(height, width, 3, samples);
  }

  /** Draws a picture, each of its pixels as a square of so many. */
  void draw(Image image, int top, int left, int zoom) {
    Image rgb = image.toRgb();
    for (int y = 0; y < rgb.height(); y++) {
      for (int x = 0; x < rgb.width(); x++) {
        int colour = rgb.sample(y, x, 0) << 16 | rgb.sample(y, x, 1) << 8 | rgb.sample(y, x, 2);
        fill(top + y * zoom, left + x * zoom, zoom, zoom, colour);
      }
    }
  }

  /** Draws the outline of a rectangle, around it. */
  void frame(int top, int left, int frameHeight, int frameWidth, int thickness, int colour) {
    int wide = frameWidth + 2 * thickness;
    fill(top - thickness, left - thickness, thickness, wide, colour);
    fill(top + frameHeight, left - thickness, thickness, wide, colour);
    fill(top, left - thickness, frameHeight, thickness, colour);
    fill(top, left + frameWidth, frameHeight, thickness, colour);
  }

  /** Writes black text of so many characters at most; what is not ASCII becomes a question mark. */
  void write(String text, int top, int left, int most) {
    String shown = text.length() > most ? text.substring(0, Math.max(0, most - 2)) + ".." : text;
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      glyph(c < ' ' || c > '~' ? '?' : c, top, left + i * ADVANCE);
    }
  }

  private void glyph(char c, int top, int left) {
    int row = (c - ' ') / GLYPHS_A_ROW * GLYPH_HEIGHT;
    int column = (c - ' ') % GLYPHS_A_ROW * (GLYPH_WIDTH + 1);
    for (int y = 0; y < GLYPH_HEIGHT; y++) {
      for (int x = 0; x < GLYPH_WIDTH; x++) {
        if (GLYPHS.get(row + y).charAt(column + x) == '#') {
          int m = MAGNIFICATION;
          fill(top + y * m, left + x * m, m, m, 0);
        }
      }
    }
  }

  /** Fills what of a rectangle lies on the canvas with a colour 0xRRGGBB. */
  private void fill(int top, int left, int fillHeight, int fillWidth, int colour) {
    for (int y = Math.max(0, top); y < Math.min(height, top + fillHeight); y++) {
      for (int x = Math.max(0, left); x < Math.min(width, left + fillWidth); x++) {
        int at = (y * width + x) * 3;
        samples[at] = (byte) (colour >> 16);
        samples[at + 1] = (byte) (colour >> 8);
        samples[at + 2] = (byte) colour;
      }
    }
  }

  private static List<String> glyphs() {
    try (InputStream in = Canvas.class.getResourceAsStream("glyphs.txt")) {
      byte[] text =
          Objects.requireNonNull(in, "glyphs.txt is missing from this build").readAllBytes();
      return new String(text, StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
