package io.github.taipan.tensor;

import java.util.List;

/** Reductions over some axes. The reduced axes stay, with size 1. */
public sealed interface Reduction extends Primitive {
  /** The axes reduced, each counted from the front. */
  List<Integer> axes();

  /** The sum over the axes. */
  record Sum(List<Integer> axes) implements Reduction {}

  /** The largest value over the axes. */
  record Max(List<Integer> axes) implements Reduction {}

  /**
   * The vector-Jacobian product of {@link Max}: inputs x, its maxima m and the upstream gradient g
   * of m's shape; g goes in equal parts to all the elements of x that equal the maximum.
   */
  record MaxGradient(List<Integer> axes) implements Reduction {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 3);
      Shape reduced = reduced(inputs);
      require(
          reduced.equals(inputs.get(1)) && reduced.equals(inputs.get(2)),
          inputs,
          "maxima and gradient have the reduced shape " + reduced);
      return List.of(inputs.getFirst());
    }
  }

  @Override
  default List<Shape> outputs(List<Shape> inputs) {
    requireInputs(inputs, 1);
    return List.of(reduced(inputs));
  }

  @Override
  default long flops(List<Shape> inputs) {
    return inputs.getFirst().elements();
  }

  /** The input shape with the reduced axes set to 1. */
  default Shape reduced(List<Shape> inputs) {
    Shape shape = inputs.getFirst();
    for (int axis : axes()) {
      require(axis >= 0 && axis < shape.rank(), inputs, "has axis " + axis);
      shape = shape.with(axis, 1);
    }
    return shape;
  }
}
