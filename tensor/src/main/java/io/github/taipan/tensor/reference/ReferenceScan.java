package io.github.taipan.tensor.reference;

import static io.github.taipan.tensor.reference.ReferenceDevice.values;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/**
 * The selective scan, literally its recurrence: one image, path and channel after another, with N
 * states that each pixel of the path decays and feeds. The formulas are in {@link Scan}.
 */
final class ReferenceScan {
  private final Scan scan;
  private final int height;
  private final int width;
  private final int channels;
  private final int states;
  private final double[] u;
  private final double[] delta;
  private final double[] a;
  private final double[] b;
  private final double[] c;
  private final double[] d;
  private final double[] bias;

  private ReferenceScan(Scan scan, List<Tensor> inputs) {
    Shape shape = inputs.getFirst().shape();
    this.scan = scan;
    this.height = shape.size(1);
    this.width = shape.size(2);
    this.channels = shape.size(3);
    this.states = inputs.get(2).shape().size(1);
    this.u = values(inputs.get(0));
    this.delta = values(inputs.get(1));
    this.a = values(inputs.get(2));
    this.b = values(inputs.get(3));
    this.c = values(inputs.get(4));
    this.d = values(inputs.get(5));
    this.bias = values(inputs.get(6));
  }

  static void run(Scan scan, List<Tensor> inputs, List<Tensor> outputs) {
    ReferenceScan kernel = new ReferenceScan(scan, inputs);
    for (int image = 0; image < inputs.getFirst().shape().size(0); image++) {
      for (int path = 0; path < scan.paths().size(); path++) {
        for (int channel = 0; channel < kernel.channels; channel++) {
          switch (scan) {
            case Scan.SelectiveScan _ ->
                kernel.forward(image, path, channel, values(outputs.getFirst()));
            case Scan.SelectiveScanGradient _ ->
                kernel.backward(image, path, channel, values(inputs.get(7)), outputs);
            case Scan.ProjectedScan _ -> throw new IllegalArgumentException("two primitives");
          }
        }
      }
    }
  }

  private void forward(int image, int path, int channel, double[] y) {
    int row = path * channels + channel; // of A, D and bias
    double[] h = new double[states];
    for (int l = 0; l < height * width; l++) {
      int pixel = pixel(image, path, l);
      double t = stepSize(pixel, row);
      double ul = u[pixel * channels + channel];
      double sum = d[row] * ul;
      for (int n = 0; n < states; n++) {
        int bc = weight(pixel, path, channel, n);
        h[n] = Math.exp(t * a[row * states + n]) * h[n] + t * b[bc] * ul;
        sum += c[bc] * h[n];
      }
      y[pixel * channels + channel] += sum;
    }
  }

  /**
   * Walks the path once to keep every state h_l, then back with dh, the gradient of h_l: what comes
   * from later pixels, and C_l · dy_l from this one.
   */
  private void backward(int image, int path, int channel, double[] dy, List<Tensor> outputs) {
    double[] du = values(outputs.get(0));
    double[] dDelta = values(outputs.get(1));
    double[] dA = values(outputs.get(2));
    double[] dB = values(outputs.get(3));
    double[] dC = values(outputs.get(4));
    double[] dD = values(outputs.get(5));
    double[] dBias = values(outputs.get(6));
    int length = height * width;
    int row = path * channels + channel;
    double[][] h = new double[length + 1][states]; // h[l + 1] is the state after pixel l
    for (int l = 0; l < length; l++) {
      int pixel = pixel(image, path, l);
      double t = stepSize(pixel, row);
      for (int n = 0; n < states; n++) {
        h[l + 1][n] =
            Math.exp(t * a[row * states + n]) * h[l][n]
                + t * b[weight(pixel, path, channel, n)] * u[pixel * channels + channel];
      }
    }
    double[] dh = new double[states];
    for (int l = length - 1; l >= 0; l--) {
      int pixel = pixel(image, path, l);
      int at = pixel * channels + channel;
      double t = stepSize(pixel, row);
      double dt = 0;
      for (int n = 0; n < states; n++) {
        int bc = weight(pixel, path, channel, n);
        int an = row * states + n;
        double decay = Math.exp(t * a[an]);
        dC[bc] += dy[at] * h[l + 1][n];
        dh[n] += dy[at] * c[bc];
        dB[bc] += dh[n] * t * u[at];
        du[at] += dh[n] * t * b[bc];
        dA[an] += dh[n] * h[l][n] * decay * t;
        dt += dh[n] * (h[l][n] * decay * a[an] + b[bc] * u[at]);
        dh[n] *= decay; // now the gradient of h_{l−1}
      }
      du[at] += dy[at] * d[row];
      dD[row] += dy[at] * u[at];
      double dRaw = dt * stepSizeDerivative(pixel, row);
      dDelta[pixel * scan.paths().size() * channels + row] += dRaw;
      dBias[row] += dRaw;
    }
  }

  /** The pixel, counted through all images, that the path visits at step l. */
  private int pixel(int image, int path, int l) {
    return image * height * width + scan.paths().get(path).pixel(l, height, width);
  }

  /** The step size t before softplus. */
  private double raw(int pixel, int row) {
    return delta[pixel * scan.paths().size() * channels + row] + bias[row];
  }

  private double stepSize(int pixel, int row) {
    double raw = raw(pixel, row);
    return scan.softplus() ? ReferencePointwise.softplus(raw) : raw;
  }

  private double stepSizeDerivative(int pixel, int row) {
    return scan.softplus() ? ReferencePointwise.softplusDerivative(raw(pixel, row)) : 1;
  }

  /** Where the weight of state n lies in B and C. */
  private int weight(int pixel, int path, int channel, int n) {
    int group = channel / (channels / scan.groups());
    return ((pixel * scan.paths().size() + path) * scan.groups() + group) * states + n;
  }
}
