package io.github.taipan.nn.image;

/** Structural similarity of two planes: an 11x11 Gaussian window of sigma 1.5, in float64. */
final class Ssim {
  private static final int WINDOW = 11;
  private static final double SIGMA = 1.5;
  private static final double C1 = 0.01 * 255 * 0.01 * 255;
  private static final double C2 = 0.03 * 255 * 0.03 * 255;
  private static final double[] GAUSSIAN = gaussian();

  private Ssim() {}

  /**
   * The mean of the similarity map.
   *
   * @param a {@code [height, width]}, 0 to 255
   * @param b {@code [height, width]}, 0 to 255
   * @param replicate whether the map covers the whole plane, its borders replicated, or only the
   *     positions whose window lies inside
   */
  static double mean(float[] a, float[] b, int height, int width, boolean replicate) {
    int margin = replicate ? 0 : WINDOW / 2;
    int rows = height - 2 * margin;
    int columns = width - 2 * margin;
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "structural similarity needs %d pixels each way, there are %dx%d"
              .formatted(WINDOW, width, height));
    }
    double sum = 0;
    double[][] moments = new double[5][width];
    for (int y = 0; y < rows; y++) {
      verticalMoments(a, b, height, width, y + margin, moments);
      for (int x = 0; x < columns; x++) {
        sum += similarity(moments, width, x + margin);
      }
    }
    return sum / ((double) rows * columns);
  }

  /** Weighted column sums around a row: a, b, a², b², ab. */
  private static void verticalMoments(
      float[] a, float[] b, int height, int width, int centre, double[][] moments) {
    for (int x = 0; x < width; x++) {
      double sumA = 0;
      double sumB = 0;
      double sumAa = 0;
      double sumBb = 0;
      double sumAb = 0;
      for (int t = 0; t < WINDOW; t++) {
        int at = Border.REPLICATE.index(centre + t - WINDOW / 2, height) * width + x;
        double weightedA = GAUSSIAN[t] * a[at];
        double weightedB = GAUSSIAN[t] * b[at];
        sumA += weightedA;
        sumB += weightedB;
        sumAa += weightedA * a[at];
        sumBb += weightedB * b[at];
        sumAb += weightedA * b[at];
      }
      moments[0][x] = sumA;
      moments[1][x] = sumB;
      moments[2][x] = sumAa;
      moments[3][x] = sumBb;
      moments[4][x] = sumAb;
    }
  }

  private static double similarity(double[][] moments, int width, int centre) {
    double meanA = 0;
    double meanB = 0;
    double meanAa = 0;
    double meanBb = 0;
    double meanAb = 0;
    for (int t = 0; t < WINDOW; t++) {
      int at = Border.REPLICATE.index(centre + t - WINDOW / 2, width);
      meanA += GAUSSIAN[t] * moments[0][at];
      meanB += GAUSSIAN[t] * moments[1][at];
      meanAa += GAUSSIAN[t] * moments[2][at];
      meanBb += GAUSSIAN[t] * moments[3][at];
      meanAb += GAUSSIAN[t] * moments[4][at];
    }
    double squareA = meanA * meanA;
    double squareB = meanB * meanB;
    double product = meanA * meanB;
    return (2 * product + C1)
        * (2 * (meanAb - product) + C2)
        / ((squareA + squareB + C1) * (meanAa - squareA + meanBb - squareB + C2));
  }

  private static double[] gaussian() {
    double[] weights = new double[WINDOW];
    double total = 0;
    for (int t = 0; t < WINDOW; t++) {
      double distance = t - WINDOW / 2;
      weights[t] = Math.exp(-distance * distance / (2 * SIGMA * SIGMA));
      total += weights[t];
    }
    for (int t = 0; t < WINDOW; t++) {
      weights[t] /= total;
    }
    return weights;
  }
}
