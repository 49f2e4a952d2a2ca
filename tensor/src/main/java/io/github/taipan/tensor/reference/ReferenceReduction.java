package io.github.taipan.tensor.reference;

import static io.github.taipan.tensor.reference.ReferenceDevice.values;

import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Reductions: element i of x belongs to the reduced element that would broadcast to it. */
final class ReferenceReduction {
  private ReferenceReduction() {}

  static void run(Reduction reduction, List<Tensor> inputs, List<Tensor> outputs) {
    double[] x = values(inputs.getFirst());
    double[] y = values(outputs.getFirst());
    Shape shape = inputs.getFirst().shape();
    int[] strides = reduction.reduced(List.of(shape)).broadcastStrides(shape);
    switch (reduction) {
      case Reduction.Sum _ -> {
        for (int i = 0; i < x.length; i++) {
          y[Strides.offset(i, shape, strides)] += x[i];
        }
      }
      case Reduction.Max _ -> {
        Arrays.fill(y, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < x.length; i++) {
          int at = Strides.offset(i, shape, strides);
          y[at] = Math.max(y[at], x[i]);
        }
      }
      case Reduction.MaxGradient _ -> {
        double[] maxima = values(inputs.get(1));
        double[] gradient = values(inputs.get(2));
        int[] winners = new int[maxima.length];
        for (int i = 0; i < x.length; i++) {
          int at = Strides.offset(i, shape, strides);
          winners[at] += x[i] == maxima[at] ? 1 : 0;
        }
        for (int i = 0; i < x.length; i++) {
          int at = Strides.offset(i, shape, strides);
          y[i] = x[i] == maxima[at] ? gradient[at] / winners[at] : 0;
        }
      }
    }
  }
}
