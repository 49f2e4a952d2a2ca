package io.github.taipan.vmambair.training;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.vmambair.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The first few validation pictures as files in the folder of a run, to be looked at:
 *
 * <pre>
 * validation/1.png           at the last validation: input enlarged | restored | truth
 * validation/00004000/1.png  at that of step 4000: the middle of the restored one
 * </pre>
 */
public final class ValidationPictures {
  /** Where in a run's folder they lie. */
  static final String FOLDER = "validation";

  private static final int MOST = 4;
  private static final int SIDE = 320; // of a picture in a strip, at most
  private static final int SMALL_SIDE = 160;
  private static final int GAP = 6;

  private ValidationPictures() {}

  /**
   * Writes the pictures of a validation.
   *
   * @param folder of the run
   * @param restored as {@link ValidationSet#restore} gives them, at least the first few
   */
  public static void write(Path folder, long step, ValidationSet validation, List<Image> restored)
      throws IOException {
    Path strips = folder.resolve(FOLDER);
    Path middles = strips.resolve(String.format(Locale.ROOT, "%08d", step));
    Files.createDirectories(middles);
    for (int i = 0; i < Math.min(MOST, validation.pairs().size()); i++) {
      ValidationSet.Pair pair = validation.pairs().get(i);
      String name = (i + 1) + ".png";
      Image result = restored.get(i).toRgb();
      int scale = result.height() / pair.degraded().height();
      Image strip =
          strip(
              middle(pair.degraded().toRgb(), SIDE / scale, scale),
              middle(result, SIDE / scale * scale, 1),
              middle(pair.truth().toRgb(), SIDE / scale * scale, 1));
      ImageFiles.write(Picture.opaque(strip), strips.resolve(name));
      ImageFiles.write(Picture.opaque(middle(result, SMALL_SIDE, 1)), middles.resolve(name));
    }
  }

  /** The middle of a picture, at most so many pixels a side, each then shown as a square. */
  private static Image middle(Image image, int most, int scale) {
    int height = Math.min(image.height(), most);
    int width = Math.min(image.width(), most);
    Image crop =
        image.crop((image.height() - height) / 2, (image.width() - width) / 2, height, width);
    byte[] samples = new byte[height * scale * width * scale * 3];
    for (int i = 0; i < samples.length; i++) {
      int pixel = i / 3;
      int row = pixel / (width * scale) / scale;
      samples[i] = (byte) crop.sample(row, pixel % (width * scale) / scale, i % 3);
    }
    return Image.wrap(height * scale, width * scale, 3, samples);
  }

  /** Pictures side by side on white. */
  private static Image strip(Image... images) {
    int height = Stream.of(images).mapToInt(Image::height).max().orElseThrow();
    int width = Stream.of(images).mapToInt(Image::width).sum() + GAP * (images.length - 1);
    byte[] samples = new byte[height * width * 3];
    Arrays.fill(samples, (byte) 255);
    int left = 0;
    for (Image image : images) {
      byte[] from = image.toBytes();
      int line = image.width() * 3;
      for (int y = 0; y < image.height(); y++) {
        System.arraycopy(from, y * line, samples, (y * width + left) * 3, line);
      }
      left += image.width() + GAP;
    }
    return Image.wrap(height, width, 3, samples);
  }
}
