package io.github.taipan.tests.parity;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.testing.FixtureFile;

/** PyTorch's channels-first maps to ours and back. */
final class Layouts {
  private Layouts() {}

  /** A fixture's NCHW map as an NHWC tensor. */
  static Tensor map(Device device, FixtureFile file, String name) {
    int[] nchw = file.shape(name);
    Shape shape = Shape.of(nchw[0], nchw[2], nchw[3], nchw[1]);
    return device.tensor(shape, reorder(file.values(name), nchw[0], nchw[1], nchw[2] * nchw[3]));
  }

  /** The values of an NHWC tensor in NCHW order; others as they are. */
  static double[] channelsFirst(Tensor tensor) {
    double[] values = tensor.toDoubles();
    Shape shape = tensor.shape();
    if (shape.rank() != 4) {
      return values;
    }
    int batch = shape.size(0);
    int pixels = shape.size(1) * shape.size(2);
    int channels = shape.size(3);
    double[] reordered = new double[values.length];
    for (int b = 0; b < batch; b++) {
      for (int p = 0; p < pixels; p++) {
        for (int c = 0; c < channels; c++) {
          reordered[(b * channels + c) * pixels + p] = values[(b * pixels + p) * channels + c];
        }
      }
    }
    return reordered;
  }

  private static float[] reorder(float[] nchw, int batch, int channels, int pixels) {
    float[] nhwc = new float[nchw.length];
    for (int b = 0; b < batch; b++) {
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < pixels; p++) {
          nhwc[(b * pixels + p) * channels + c] = nchw[(b * channels + c) * pixels + p];
        }
      }
    }
    return nhwc;
  }
}
