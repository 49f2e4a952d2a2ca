package io.github.taipan.tensor.reference;

import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/**
 * Convolution and its gradients. All three are sums over the same triples: each weight touches, at
 * each output position, one input value and one output value,
 *
 * <pre>
 * y[n, oy, ox, o] += x[n, oy·stride + ky − padding, ox·stride + kx − padding, i of o's group] · w[o, i, ky, kx]
 * </pre>
 *
 * so that {@code dx += dy · w} and {@code dw += dy · x} there.
 */
final class ReferenceConvolution {
  /** What to do with one triple, given the positions in the arrays. */
  private interface Triple {
    void visit(int x, int w, int y);
  }

  private ReferenceConvolution() {}

  static void run(Convolution convolution, List<Tensor> inputs, List<Tensor> outputs) {
    switch (convolution) {
      case Convolution.Conv2d _ -> {
        Grid x = Grid.of(inputs.get(0));
        Grid w = Grid.of(inputs.get(1));
        Grid y = Grid.of(outputs.getFirst());
        if (inputs.size() == 3) {
          double[] bias = ReferenceDevice.values(inputs.get(2));
          for (int i = 0; i < y.values().length; i++) {
            y.values()[i] = bias[i % bias.length];
          }
        }
        forEach(
            convolution,
            x,
            w,
            y,
            (ix, iw, iy) -> y.values()[iy] += x.values()[ix] * w.values()[iw]);
      }
      case Convolution.Conv2dInputGradient _ -> {
        Grid dy = Grid.of(inputs.get(0));
        Grid w = Grid.of(inputs.get(1));
        Grid dx = Grid.of(outputs.getFirst());
        forEach(
            convolution,
            dx,
            w,
            dy,
            (ix, iw, iy) -> dx.values()[ix] += dy.values()[iy] * w.values()[iw]);
      }
      case Convolution.Conv2dWeightGradient _ -> {
        Grid x = Grid.of(inputs.get(0));
        Grid dy = Grid.of(inputs.get(1));
        Grid dw = Grid.of(outputs.getFirst());
        forEach(
            convolution,
            x,
            dw,
            dy,
            (ix, iw, iy) -> dw.values()[iw] += dy.values()[iy] * x.values()[ix]);
      }
    }
  }

  private static void forEach(Convolution convolution, Grid x, Grid w, Grid y, Triple triple) {
    int stride = convolution.stride();
    int padding = convolution.padding();
    int groupOutputs = w.first() / convolution.groups();
    for (int n = 0; n < y.first(); n++) {
      for (int outY = 0; outY < y.second(); outY++) {
        for (int outX = 0; outX < y.third(); outX++) {
          for (int o = 0; o < w.first(); o++) {
            int firstInput = o / groupOutputs * w.second();
            for (int i = 0; i < w.second(); i++) {
              for (int kernelY = 0; kernelY < w.third(); kernelY++) {
                for (int kernelX = 0; kernelX < w.fourth(); kernelX++) {
                  int inY = outY * stride + kernelY - padding;
                  int inX = outX * stride + kernelX - padding;
                  if (inY >= 0 && inY < x.second() && inX >= 0 && inX < x.third()) {
                    triple.visit(
                        x.at(n, inY, inX, firstInput + i),
                        w.at(o, i, kernelY, kernelX),
                        y.at(n, outY, outX, o));
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
