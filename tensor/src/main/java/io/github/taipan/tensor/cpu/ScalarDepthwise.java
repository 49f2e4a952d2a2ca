package io.github.taipan.tensor.cpu;

/** {@link DepthwiseKernel} in plain Java. */
final class ScalarDepthwise implements DepthwiseKernel {
  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void line(Lines lines, float[] weights, float[] bias, float[] y, int yAt) {
    int channels = lines.channels();
    for (int column = 0; column < lines.width(); column++) {
      int at = yAt + column * channels;
      System.arraycopy(bias, 0, y, at, channels);
      for (int tap = 0; tap < 9; tap++) {
        int seen = column + tap % 3 - 1;
        if (seen >= 0 && seen < lines.width()) {
          int from = lines.starts()[tap / 3] + seen * channels;
          addProducts(lines.arrays()[tap / 3], from, weights, tap * channels, y, at, channels);
        }
      }
    }
  }

  @Override
  public void weightGradient(Lines lines, float[] g, int gAt, float[] sums, int sumsAt) {
    int channels = lines.channels();
    for (int column = 0; column < lines.width(); column++) {
      int at = gAt + column * channels;
      for (int tap = 0; tap < 9; tap++) {
        int seen = column + tap % 3 - 1;
        if (seen >= 0 && seen < lines.width()) {
          int from = lines.starts()[tap / 3] + seen * channels;
          addProducts(
              lines.arrays()[tap / 3], from, g, at, sums, sumsAt + tap * channels, channels);
        }
      }
    }
  }

  /** Adds products of elements to sums. */
  static void addProducts(float[] a, int aAt, float[] b, int bAt, float[] sums, int at, int count) {
    for (int i = 0; i < count; i++) {
      sums[at + i] += a[aAt + i] * b[bAt + i];
    }
  }
}
