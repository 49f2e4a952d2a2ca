package io.github.taipan.tensor.reference;

import static io.github.taipan.tensor.reference.ReferenceDevice.values;

import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Update;
import java.util.List;

/**
 * Optimiser steps; inputs and outputs may be the same tensors. The formulas are in {@link Update}.
 */
final class ReferenceUpdate {
  private ReferenceUpdate() {}

  static void run(Update update, List<Tensor> inputs, List<Tensor> outputs) {
    switch (update) {
      case Update.Adam adam -> adam(adam, inputs, outputs);
      case Update.Average(double decay) -> {
        double[] average = values(inputs.get(0));
        double[] newest = values(inputs.get(1));
        double[] result = values(outputs.getFirst());
        for (int i = 0; i < result.length; i++) {
          result[i] = decay * average[i] + (1 - decay) * newest[i];
        }
      }
    }
  }

  private static void adam(Update.Adam adam, List<Tensor> inputs, List<Tensor> outputs) {
    double[] step = values(inputs.get(4));
    double learningRate = step[0];
    double correction1 = step[1];
    double correction2 = step[2];
    double gradientScale = step[3];
    double coupled = adam.decoupled() ? 0 : adam.weightDecay();
    double decoupled = adam.decoupled() ? adam.weightDecay() : 0;
    for (int i = 0; i < inputs.getFirst().shape().elements(); i++) {
      double p = values(inputs.get(0))[i];
      double g = gradientScale * values(inputs.get(1))[i] + coupled * p;
      double m = adam.beta1() * values(inputs.get(2))[i] + (1 - adam.beta1()) * g;
      double v = adam.beta2() * values(inputs.get(3))[i] + (1 - adam.beta2()) * g * g;
      p -= learningRate * decoupled * p;
      p -= learningRate * (m / correction1) / (Math.sqrt(v / correction2) + adam.epsilon());
      values(outputs.get(0))[i] = p;
      values(outputs.get(1))[i] = m;
      values(outputs.get(2))[i] = v;
    }
  }
}
