package io.github.taipan.tensor;

import java.util.List;

/** Functions of one value, applied to each element; input and output have the same shape. */
public sealed interface Unary extends Primitive {
  /** e to the power of x. */
  record Exp() implements Unary {}

  /** The natural logarithm. */
  record Log() implements Unary {}

  /** The square root. */
  record Sqrt() implements Unary {}

  /** 1 / (1 + exp(-x)). */
  record Sigmoid() implements Unary {}

  /** x · sigmoid(x), also called swish. */
  record Silu() implements Unary {}

  /** The exact Gaussian error linear unit: x · (1 + erf(x / √2)) / 2. */
  record Gelu() implements Unary {}

  /** log(1 + exp(x)); x itself above 20, as PyTorch has it. */
  record Softplus() implements Unary {}

  /** The hyperbolic tangent. */
  record Tanh() implements Unary {}

  /** The absolute value; its derivative at 0 is 0. */
  record Abs() implements Unary {}

  /** {@code scale · x + shift}. */
  record Affine(double scale, double shift) implements Unary {}

  /** x where positive, else {@code slope · x}. */
  record LeakyRelu(double slope) implements Unary {}

  /**
   * x limited to [{@code minimum}, {@code maximum}]; the derivative is 1 inside and on the limits.
   */
  record Clamp(double minimum, double maximum) implements Unary {}

  @Override
  default List<Shape> outputs(List<Shape> inputs) {
    requireInputs(inputs, 1);
    return List.of(inputs.getFirst());
  }

  @Override
  default long flops(List<Shape> inputs) {
    return costPerElement() * (long) inputs.getFirst().elements();
  }

  private int costPerElement() {
    return switch (this) {
      case Exp(), Log(), Sqrt(), Tanh(), Abs() -> 1;
      case Affine(double _, double _), LeakyRelu(double _), Clamp(double _, double _) -> 2;
      case Sigmoid(), Softplus() -> 3;
      case Silu(), Gelu() -> 4;
    };
  }
}
