package io.github.taipan.vmambair.evaluation;

import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.vmambair.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files of true pictures with the degraded ones that methods get.
 *
 * @param pairs the files, each pair with a name of its own
 * @param shrinks whether degraded pictures are made from the true ones by bicubic interpolation
 *     instead of being read
 * @param scale how many times larger the true pictures are, along each side
 */
public record TestSet(List<ImageFolder.Pair> pairs, boolean shrinks, int scale) {
  /** Two pictures: what a method gets, and what it should give. */
  public record Sample(Image input, Image truth) {}

  /**
   * The pictures of folders.
   *
   * @param truths folder of true pictures
   * @param degraded folder of degraded ones; without it they are shrunk
   * @throws IOException when the folders do not pair
   */
  public static TestSet of(Path truths, @Nullable Path degraded, int scale) throws IOException {
    if (degraded == null && scale == 1) {
      throw new IllegalArgumentException(
          "deraining is evaluated on pairs: give the folder of rainy pictures too (--lq)");
    }
    List<ImageFolder.Pair> pairs =
        degraded != null
            ? ImageFolder.pairs(degraded, truths)
            : ImageFolder.truths(truths).stream()
                .map(file -> new ImageFolder.Pair(ImageFolder.name(file), file, file))
                .toList();
    Map<String, Path> names = new HashMap<>();
    for (ImageFolder.Pair pair : pairs) {
      Path earlier = names.put(pair.name(), pair.truth());
      if (earlier != null) {
        throw new IOException(
            "two pictures have one name: %s and %s".formatted(earlier, pair.truth().getFileName()));
      }
    }
    return new TestSet(pairs, degraded == null, scale);
  }

  /**
   * Reads a pair; of the true picture, what is over a multiple of the scale is cut off.
   *
   * @throws IOException when one cannot be read, or their sizes do not fit
   */
  public Sample read(ImageFolder.Pair pair) throws IOException {
    Image whole = ImageFiles.read(pair.truth()).colour();
    if (whole.height() < scale || whole.width() < scale) {
      throw new IOException(
          "%s is %dx%d: too small to be shrunk %d times"
              .formatted(pair.truth(), whole.width(), whole.height(), scale));
    }
    Image truth = whole.cropToMultiple(scale);
    if (shrinks) {
      return new Sample(Bicubic.shrink(truth, scale), truth);
    }
    Image input = ImageFiles.read(pair.degraded()).colour();
    pair.requireScale(input, truth, scale);
    return new Sample(input, truth);
  }
}
