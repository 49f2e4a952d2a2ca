package io.github.taipan.vmambair;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Writes a region of a picture as it was, enlarged by bicubic interpolation, and restored. */
public final class Comparison {
  private Comparison() {}

  /** A rectangle of a picture, in its pixels. */
  public record Region(int left, int top, int width, int height) {
    private static final Pattern FORM =
        Pattern.compile("(\\d{1,6}),(\\d{1,6}),(\\d{1,6}),(\\d{1,6})");

    /** Reads {@code left,top,width,height}. */
    public static Region parse(String text) {
      Matcher numbers = FORM.matcher(text);
      if (!numbers.matches()) {
        throw new IllegalArgumentException(
            "a region is LEFT,TOP,WIDTH,HEIGHT in pixels, got \"" + text + "\"");
      }
      int[] n = IntStream.rangeClosed(1, 4).map(i -> Integer.parseInt(numbers.group(i))).toArray();
      return new Region(n[0], n[1], n[2], n[3]);
    }

    /**
     * Checks that the region has pixels and lies inside a picture.
     *
     * @throws IllegalArgumentException naming both, where it does not
     */
    public void requireInside(Image image) {
      if (width < 1
          || height < 1
          || left + width > image.width()
          || top + height > image.height()) {
        throw new IllegalArgumentException(
            "the region %d,%d,%d,%d does not lie inside a picture of %dx%d"
                .formatted(left, top, width, height, image.width(), image.height()));
      }
    }

    /** The region of a picture that is so many times larger than the one it was chosen in. */
    public Image of(Image image, int scale) {
      return image.crop(top * scale, left * scale, height * scale, width * scale);
    }
  }

  /**
   * Writes {@code NAME_nearest.png}, {@code NAME_bicubic.png} and {@code NAME_restored.png} into a
   * folder.
   *
   * @throws IllegalArgumentException when the region is not inside the picture
   */
  public static void write(Image degraded, Image restored, Region region, Path folder, String name)
      throws IOException {
    region.requireInside(degraded);
    int scale = restored.width() / degraded.width();
    Image part = region.of(degraded, 1);
    write(nearest(part, scale), folder.resolve(name + "_nearest.png"));
    Image bicubic = scale > 1 ? Bicubic.enlarge(degraded, scale) : degraded;
    write(region.of(bicubic, scale), folder.resolve(name + "_bicubic.png"));
    write(region.of(restored, scale), folder.resolve(name + "_restored.png"));
  }

  private static void write(Image image, Path file) throws IOException {
    ImageFiles.write(Picture.opaque(image), file);
  }

  private static Image nearest(Image image, int scale) {
    int height = image.height() * scale;
    int width = image.width() * scale;
    int channels = image.channels();
    byte[] samples = new byte[height * width * channels];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          samples[at++] = (byte) image.sample(y / scale, x / scale, c);
        }
      }
    }
    return Image.wrap(height, width, channels, samples);
  }
}
