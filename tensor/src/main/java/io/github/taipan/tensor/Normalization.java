package io.github.taipan.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Layer norm over the innermost axis, the channels. With a bias it is the usual one, {@code (x − μ)
 * / √(v + ε) · weight + bias}; without, the mean enters the (biased) variance v only: {@code x /
 * √(v + ε) · weight} (the "BiasFree" variant of Restormer, Zamir et al. 2022).
 */
public sealed interface Normalization extends Primitive {
  /** The constant ε under the root. */
  double epsilon();

  /** Inputs x {@code [..., channels]}, weight {@code [channels]}, optionally bias; output as x. */
  record LayerNorm(double epsilon) implements Normalization {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      require(inputs.size() == 2 || inputs.size() == 3, inputs, "takes x, weight and maybe a bias");
      Shape x = inputs.getFirst();
      require(x.rank() > 0, inputs, "x has a channel axis");
      Shape channels = Shape.of(x.size(-1));
      for (Shape parameter : inputs.subList(1, inputs.size())) {
        require(parameter.equals(channels), inputs, "parameters have one value per channel");
      }
      return List.of(x);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 8L * inputs.getFirst().elements();
    }
  }

  /**
   * The vector-Jacobian product: inputs x, weight and the upstream gradient; outputs the gradients
   * of x, of weight and, when {@code bias}, of the bias.
   */
  record LayerNormGradient(double epsilon, boolean bias) implements Normalization {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 3);
      Shape x = inputs.getFirst();
      Shape weight = inputs.get(1);
      require(x.equals(inputs.get(2)), inputs, "x and its gradient have one shape");
      require(weight.equals(Shape.of(x.size(-1))), inputs, "weight has one value per channel");
      List<Shape> shapes = new ArrayList<>(List.of(x, weight));
      if (bias) {
        shapes.add(weight);
      }
      return shapes;
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 16L * inputs.getFirst().elements();
    }
  }
}
