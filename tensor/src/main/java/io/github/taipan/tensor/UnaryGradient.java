package io.github.taipan.tensor;

import java.util.List;

/**
 * The vector-Jacobian product of a {@link Unary} function f: from x and the upstream gradient g,
 * both of one shape, {@code f'(x) · g}.
 */
public record UnaryGradient(Unary function) implements Primitive {
  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    requireInputs(inputs, 2);
    require(inputs.get(0).equals(inputs.get(1)), inputs, "x and its gradient have one shape");
    return List.of(inputs.getFirst());
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 2 * function.flops(inputs.subList(0, 1)) + inputs.getFirst().elements();
  }

  @Override
  public String name() {
    return function.name() + "Gradient";
  }
}
