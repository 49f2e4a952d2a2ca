package io.github.taipan.tensor;

import java.util.List;

/** Arithmetic on two tensors, element by element, with broadcasting ({@link Shape#broadcast}). */
public sealed interface Binary extends Primitive {
  /** a + b. */
  record Add() implements Binary {}

  /** a − b. */
  record Subtract() implements Binary {}

  /** a · b. */
  record Multiply() implements Binary {}

  /** a / b. */
  record Divide() implements Binary {}

  @Override
  default List<Shape> outputs(List<Shape> inputs) {
    requireInputs(inputs, 2);
    return List.of(broadcast(inputs.get(0), inputs.get(1), inputs));
  }

  @Override
  default long flops(List<Shape> inputs) {
    return outputs(inputs).getFirst().elements();
  }
}
