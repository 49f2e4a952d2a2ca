package io.github.taipan.tensor;

import java.util.List;

/** Steps of an optimiser, which update tensors in place: outputs share storage with inputs. */
public sealed interface Update extends Primitive {
  /**
   * One step of Adam (Kingma and Ba 2015) or, with {@code decoupled} weight decay, AdamW
   * (Loshchilov and Hutter 2019). Inputs parameter p, gradient g, moments m and v, all of one
   * shape, and the step's numbers {@code [learningRate, 1 − β1^t, 1 − β2^t, gradientScale]};
   * outputs p, m and v, updated in place. With g scaled by gradientScale (clipping):
   *
   * <pre>
   * decoupled: p ← p − learningRate · weightDecay · p    otherwise: g ← g + weightDecay · p
   * m ← β1 m + (1 − β1) g      v ← β2 v + (1 − β2) g²
   * p ← p − learningRate · (m / (1 − β1^t)) / (√(v / (1 − β2^t)) + ε)
   * </pre>
   */
  record Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
      implements Update {
    /** The number of values in the last input. */
    public static final int STEP_NUMBERS = 4;

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 5);
      Shape parameter = inputs.getFirst();
      for (Shape shape : inputs.subList(1, 4)) {
        require(shape.equals(parameter), inputs, "gradient and moments have the parameter's shape");
      }
      require(inputs.get(4).equals(Shape.of(STEP_NUMBERS)), inputs, "four numbers of the step");
      return List.of(parameter, parameter, parameter);
    }
  }

  /**
   * An exponential moving average: inputs the average e and the newest value p of one shape; output
   * e ← decay · e + (1 − decay) · p, in place.
   */
  record Average(double decay) implements Update {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 2);
      require(inputs.get(0).equals(inputs.get(1)), inputs, "average and value have one shape");
      return List.of(inputs.getFirst());
    }
  }

  /** The inputs that this step overwrites, in the order of the outputs. */
  default List<Tensor> updated(List<Tensor> inputs) {
    return switch (this) {
      case Adam _ -> List.of(inputs.get(0), inputs.get(2), inputs.get(3));
      case Average _ -> inputs.subList(0, 1);
    };
  }

  @Override
  default long flops(List<Shape> inputs) {
    return (this instanceof Average ? 3L : 14L) * inputs.getFirst().elements();
  }
}
