package io.github.taipan.tensor.cpu;

/** {@link DepthwiseKernel} in plain Java. */
final class ScalarDepthwise implements DepthwiseKernel {
  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void row(
      Lines lines, float[] weights, float[] bias, float[] y, int yAt, int from, int to) {
    int channels = lines.channels();
    for (int column = from; column < to; column++) {
      int at = yAt + column * channels;
      System.arraycopy(bias, 0, y, at, channels);
      for (int kx = 0; kx < 3; kx++) {
        int seen = column + kx - 1;
        if (seen < 0 || seen >= lines.width()) {
          continue;
        }
        int x = seen * channels;
        for (int channel = 0; channel < channels; channel++, x++) {
          int weight = kx * channels + channel;
          y[at + channel] +=
              lines.above()[lines.aboveAt() + x] * weights[weight]
                  + lines.middle()[lines.middleAt() + x] * weights[weight + 3 * channels]
                  + lines.below()[lines.belowAt() + x] * weights[weight + 6 * channels];
        }
      }
    }
  }

  @Override
  public void weightGradient(Lines lines, float[] g, int gAt, float[] sums, int from, int to) {
    int channels = lines.channels();
    for (int column = from; column < to; column++) {
      for (int kx = 0; kx < 3; kx++) {
        int output = column + 1 - kx;
        if (output < 0 || output >= lines.width()) {
          continue;
        }
        int x = column * channels;
        for (int channel = 0; channel < channels; channel++, x++) {
          float gradient = g[gAt + output * channels + channel];
          int sum = kx * channels + channel;
          sums[sum] += gradient * lines.above()[lines.aboveAt() + x];
          sums[sum + 3 * channels] += gradient * lines.middle()[lines.middleAt() + x];
          sums[sum + 6 * channels] += gradient * lines.below()[lines.belowAt() + x];
        }
      }
    }
  }
}
