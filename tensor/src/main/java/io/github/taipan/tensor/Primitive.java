package io.github.taipan.tensor;

import java.util.List;

/**
 * One operation that devices implement: its attributes, the shapes it accepts and makes, and what
 * it costs. The set is closed, so the compiler names each place that a new primitive must be
 * handled: a reference kernel, a CPU kernel, a GPU kernel and a vector-Jacobian product.
 */
public sealed interface Primitive
    permits Unary,
        UnaryGradient,
        Binary,
        Reduction,
        MatrixProduct,
        Convolution,
        Normalization,
        Resampling,
        Layout,
        Scan,
        Update,
        Fused {

  /**
   * The shapes of the outputs.
   *
   * @throws ShapeException naming this primitive, the shapes and the rule they break
   */
  List<Shape> outputs(List<Shape> inputs);

  /**
   * Floating-point operations of one execution: a multiply-add counts two, an elementary function
   * (exp, sqrt, division) one.
   */
  long flops(List<Shape> inputs);

  /** Bytes read and written at four bytes a value, each operand counted once. */
  default long bytes(List<Shape> inputs) {
    long elements = 0;
    for (Shape shape : inputs) {
      elements += shape.elements();
    }
    for (Shape shape : outputs(inputs)) {
      elements += shape.elements();
    }
    return 4 * elements;
  }

  /** The primitive's name, as error messages and tables print it. */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Throws a {@link ShapeException} with the primitive, the shapes and the rule, unless it holds.
   */
  default void require(boolean holds, List<Shape> inputs, String rule) {
    if (!holds) {
      throw new ShapeException("%s: %s, got %s".formatted(name(), rule, inputs));
    }
  }

  /** {@link Shape#broadcast} of two shapes, with an error that names this primitive. */
  default Shape broadcast(Shape a, Shape b, List<Shape> inputs) {
    try {
      return Shape.broadcast(a, b);
    } catch (ShapeException e) {
      throw new ShapeException("%s: %s, got %s".formatted(name(), e.getMessage(), inputs));
    }
  }

  /** {@link #require} that there are so many inputs. */
  default void requireInputs(List<Shape> inputs, int count) {
    require(inputs.size() == count, inputs, "takes " + count + " inputs");
  }
}
