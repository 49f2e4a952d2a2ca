package io.github.taipan.nn.data;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import java.util.List;

/**
 * What a network learns from: degraded pictures and the true ones, of one number and order.
 *
 * @param degraded the network's inputs
 * @param truths what it should give, {@code scale} times larger; rows and columns beyond a multiple
 *     of the scale are never looked at
 * @param scale how many times larger the true pictures are, 1 for deraining
 */
public record ImagePairs(ImageStore degraded, ImageStore truths, int scale) {
  /** Checks that there are pictures and that they fit. */
  public ImagePairs {
    if (truths.size() == 0) {
      throw new IllegalArgumentException("there is no picture to take patches from");
    }
    if (degraded.size() != truths.size()) {
      throw new IllegalArgumentException(
          "%d degraded pictures do not pair with %d true ones"
              .formatted(degraded.size(), truths.size()));
    }
    for (int i = 0; i < truths.size(); i++) {
      if (degraded.height(i) != truths.height(i) / scale
          || degraded.width(i) != truths.width(i) / scale) {
        throw new IllegalArgumentException(
            "a pair does not fit: %s is %dx%d and %s %dx%d, scale %d"
                .formatted(
                    degraded.name(i),
                    degraded.width(i),
                    degraded.height(i),
                    truths.name(i),
                    truths.width(i),
                    truths.height(i),
                    scale));
      }
    }
  }

  /** Given pairs in memory. */
  public static ImagePairs of(List<Image> degraded, List<Image> truths, int scale) {
    return new ImagePairs(ImageStore.of(degraded), ImageStore.of(truths), scale);
  }

  /**
   * Pairs in memory for super-resolution: each picture is shrunk whole by {@link Bicubic#shrink},
   * once, after it was mirrored to a smallest size.
   *
   * @param smallest height and width that a true picture has at least
   */
  public static ImagePairs superResolution(List<Image> truths, int scale, int smallest) {
    List<Image> high =
        truths.stream()
            .map(image -> image.toRgb().padTo(smallest, smallest).cropToMultiple(scale))
            .toList();
    return of(
        high.parallelStream().map(image -> Bicubic.shrink(image, scale)).toList(), high, scale);
  }
}
