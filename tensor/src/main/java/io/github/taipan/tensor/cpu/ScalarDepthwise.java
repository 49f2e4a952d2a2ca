package io.github.taipan.tensor.cpu;

/** {@link DepthwiseKernel} in plain Java. */
final class ScalarDepthwise implements DepthwiseKernel {
  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public int together() {
    return 1;
  }

  @Override
  public void lines(
      int count,
      float[] above,
      int aboveAt,
      float[] x,
      int middle,
      float[] below,
      int belowAt,
      int width,
      int channels,
      float[] weights,
      float[] y,
      int yAt,
      int yStep,
      int from,
      int to) {
    for (int column = from; column < to; column++) {
      int at = yAt + (column - from) * channels;
      System.arraycopy(weights, 9 * channels, y, at, channels);
      for (int tap = 0; tap < 9; tap++) {
        int seen = column + tap % 3 - 1;
        if (seen >= 0 && seen < width) {
          float[] line = tap < 3 ? above : tap < 6 ? x : below;
          int start = tap < 3 ? aboveAt : tap < 6 ? middle : belowAt;
          addProducts(line, start + seen * channels, weights, tap * channels, y, at, channels);
        }
      }
    }
  }

  @Override
  public void weightGradient(
      float[] above,
      int aboveAt,
      float[] x,
      int middle,
      float[] below,
      int belowAt,
      int width,
      int channels,
      float[] g,
      int gAt,
      float[] sums,
      int sumsAt) {
    for (int column = 0; column < width; column++) {
      int at = gAt + column * channels;
      for (int tap = 0; tap < 9; tap++) {
        int seen = column + tap % 3 - 1;
        if (seen >= 0 && seen < width) {
          float[] line = tap < 3 ? above : tap < 6 ? x : below;
          int start = tap < 3 ? aboveAt : tap < 6 ? middle : belowAt;
          addProducts(
              line, start + seen * channels, g, at, sums, sumsAt + tap * channels, channels);
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
