package io.github.taipan.nn.image;

/** How much there is to see in a picture. */
public final class Texture {
  private Texture() {}

  /**
   * The mean absolute difference of neighbouring pixels, to the right and below, of the luma, in
   * levels of 255: near 0 for sky and blur, 5 and more for foliage.
   *
   * @param stride looks at every so many-th pixel of each direction: 1 for all, more for a faster
   *     estimate
   */
  public static double of(Image image, int stride) {
    long sum = 0;
    long count = 0;
    for (int y = 0; y + 1 < image.height(); y += stride) {
      for (int x = 0; x + 1 < image.width(); x += stride) {
        int here = luma(image, y, x);
        sum += Math.abs(luma(image, y, x + 1) - here) + Math.abs(luma(image, y + 1, x) - here);
        count += 2;
      }
    }
    return count == 0 ? 0 : sum / (4.0 * count);
  }

  /** Four times a luma that takes green twice. */
  private static int luma(Image image, int y, int x) {
    return image.isGrey()
        ? 4 * image.sample(y, x, 0)
        : image.sample(y, x, 0) + 2 * image.sample(y, x, 1) + image.sample(y, x, 2);
  }
}
