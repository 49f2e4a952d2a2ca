package io.github.taipan.nn.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.WritableRaster;
import org.jspecify.annotations.Nullable;

/**
 * What a file or window holds: colours, and perhaps transparency.
 *
 * @param colour one channel for a grey picture, else three; not multiplied by alpha
 * @param alpha one channel of the same size, 0 transparent to 255 opaque, or null for an opaque
 *     picture
 */
public record Picture(Image colour, @Nullable Image alpha) {

  /** Checks that the alpha belongs to the colours. */
  public Picture {
    if (alpha != null
        && (!alpha.isGrey()
            || alpha.height() != colour.height()
            || alpha.width() != colour.width())) {
      throw new IllegalArgumentException("Alpha " + alpha + " does not belong to " + colour + ".");
    }
  }

  /** An opaque picture. */
  public static Picture opaque(Image colour) {
    return new Picture(colour, null);
  }

  /** Flipped or turned. */
  public Picture turn(Dihedral turn) {
    return new Picture(colour.turn(turn), alpha == null ? null : alpha.turn(turn));
  }

  /**
   * Reads any kind of buffered image: palettes, 16 bits (scaled to 8), premultiplied alpha. Grey
   * samples, and those of sRGB, are taken as stored; other colour spaces are converted to sRGB.
   */
  public static Picture from(BufferedImage image) {
    ColorModel model = image.getColorModel();
    int type = model.getColorSpace().getType();
    boolean stored =
        model instanceof ComponentColorModel
            && !(model.hasAlpha() && model.isAlphaPremultiplied())
            && (model.getTransferType() == DataBuffer.TYPE_BYTE
                || model.getTransferType() == DataBuffer.TYPE_USHORT)
            && (type == ColorSpace.TYPE_GRAY || model.getColorSpace().isCS_sRGB());
    if (stored) {
      return fromSamples(image.getRaster(), model);
    }
    boolean grey = model instanceof IndexColorModel palette && isGrey(palette);
    return fromColours(image, grey);
  }

  /** The raster's own samples, scaled to 8 bits. */
  private static Picture fromSamples(Raster raster, ColorModel model) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int channels = model.getNumColorComponents();
    int bands = raster.getNumBands();
    byte[] colour = new byte[height * width * channels];
    byte[] alpha = model.hasAlpha() ? new byte[height * width] : new byte[0];
    int[] line = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, line);
      for (int c = 0; c < channels; c++) {
        int most = (1 << model.getComponentSize(c)) - 1;
        for (int x = 0; x < width; x++) {
          colour[(y * width + x) * channels + c] = scale(line[x * bands + c], most);
        }
      }
      if (model.hasAlpha()) {
        int most = (1 << model.getComponentSize(channels)) - 1;
        for (int x = 0; x < width; x++) {
          alpha[y * width + x] = scale(line[x * bands + channels], most);
        }
      }
    }
    return new Picture(
        Image.wrap(height, width, channels, colour),
        model.hasAlpha() ? Image.wrap(height, width, 1, alpha) : null);
  }

  private static byte scale(int sample, int most) {
    return (byte) (most == 255 ? sample : (sample * 255 + most / 2) / most);
  }

  /** The pixels as Java converts them to sRGB. */
  private static Picture fromColours(BufferedImage image, boolean grey) {
    int height = image.getHeight();
    int width = image.getWidth();
    int channels = grey ? 1 : 3;
    byte[] colour = new byte[height * width * channels];
    byte[] alpha = image.getColorModel().hasAlpha() ? new byte[height * width] : new byte[0];
    int[] line = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, line, 0, width);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        for (int c = 0; c < channels; c++) {
          colour[at * channels + c] = (byte) (line[x] >> (16 - 8 * c));
        }
        if (alpha.length > 0) {
          alpha[at] = (byte) (line[x] >>> 24);
        }
      }
    }
    return new Picture(
        Image.wrap(height, width, channels, colour),
        alpha.length > 0 ? Image.wrap(height, width, 1, alpha) : null);
  }

  private static boolean isGrey(IndexColorModel palette) {
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  /** A buffered image of 8 bits per sample, grey or sRGB, with alpha where the picture has one. */
  public BufferedImage toBufferedImage() {
    int channels = colour.channels();
    int bands = channels + (alpha == null ? 0 : 1);
    BufferedImage image = blank(bands);
    byte[] line = new byte[colour.width() * bands];
    for (int y = 0; y < colour.height(); y++) {
      for (int x = 0; x < colour.width(); x++) {
        for (int c = 0; c < channels; c++) {
          line[x * bands + c] = (byte) colour.sample(y, x, c);
        }
        if (alpha != null) {
          line[x * bands + channels] = (byte) alpha.sample(y, x, 0);
        }
      }
      image.getRaster().setDataElements(0, y, colour.width(), 1, line);
    }
    return image;
  }

  /**
   * For writers: as {@link #toBufferedImage}, but opaque colour is viewed where it lies, not
   * copied.
   */
  public RenderedImage toRenderedImage() {
    if (alpha != null || colour.isGrey()) {
      return toBufferedImage();
    }
    byte[] samples = colour.samples();
    int width = colour.width();
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(samples, samples.length),
            width,
            colour.height(),
            3 * width,
            3,
            new int[] {0, 1, 2},
            null);
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(model, raster, false, null);
  }

  private BufferedImage blank(int bands) {
    int type =
        switch (bands) {
          case 1 -> BufferedImage.TYPE_BYTE_GRAY;
          case 3 -> BufferedImage.TYPE_3BYTE_BGR;
          case 4 -> BufferedImage.TYPE_4BYTE_ABGR;
          default -> BufferedImage.TYPE_CUSTOM; // Java has no type of its own for grey with alpha.
        };
    if (type != BufferedImage.TYPE_CUSTOM) {
      return new BufferedImage(colour.width(), colour.height(), type);
    }
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(colour.width(), colour.height());
    return new BufferedImage(model, raster, false, null);
  }
}
