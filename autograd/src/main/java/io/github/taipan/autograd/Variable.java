package io.github.taipan.autograd;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeException;
import io.github.taipan.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that takes part in differentiation. Applying a primitive to variables executes it at
 * once and, unless {@link NoGradient} holds or no input requires a gradient, records how to go
 * back; {@link #backward} then adds to the {@link #gradient} of each parameter that was used.
 *
 * <p>Any number of threads may compute with the same parameters at once. One result's graph belongs
 * to the thread that walks it.
 */
public final class Variable {
  private final Tensor value;
  private final @Nullable Node node;

  /** A value and its place in the graph; without one it is a constant. */
  Variable(Tensor value, @Nullable Node node) {
    this.value = Objects.requireNonNull(value);
    this.node = node;
  }

  /** A variable without a gradient. */
  public static Variable constant(Tensor value) {
    return new Variable(value, null);
  }

  /** A variable whose gradient is wanted: a weight, or an input under study. */
  public static Variable parameter(Tensor value) {
    return new Variable(value, Node.leaf());
  }

  /**
   * The results of a primitive.
   *
   * @throws io.github.taipan.tensor.ShapeException naming the primitive and the rule that the
   *     shapes break
   * @throws UnsupportedOperationException when an input requires a gradient and the primitive has
   *     no vector-Jacobian product
   */
  public static List<Variable> apply(Primitive primitive, List<Variable> inputs) {
    List<Tensor> values = inputs.stream().map(Variable::value).toList();
    List<Tensor> results = values.getFirst().device().run(primitive, values);
    if (NoGradient.active() || inputs.stream().noneMatch(Variable::requiresGradient)) {
      return results.stream().map(Variable::constant).toList();
    }
    Node.Step step = Gradients.step(primitive, inputs, results.getFirst());
    // A primitive with a vector-Jacobian product has one output.
    return List.of(new Variable(results.getFirst(), Node.of(step)));
  }

  /** The result of a primitive with one output. */
  public static Variable apply(Primitive primitive, Variable... inputs) {
    return apply(primitive, List.of(inputs)).getFirst();
  }

  /** The numbers. */
  public Tensor value() {
    return value;
  }

  /** The shape of the value. */
  public Shape shape() {
    return value.shape();
  }

  /** The device that holds the value. */
  public Device device() {
    return value.device();
  }

  /** Whether this is a parameter or was computed from one. */
  public boolean requiresGradient() {
    return node != null;
  }

  /** The sum of the gradients that reached this parameter; null before, and for other variables. */
  public @Nullable Tensor gradient() {
    return node == null ? null : node.gradient();
  }

  /** Forgets the gradient, so that the next backward pass starts a new sum. */
  public void clearGradient() {
    if (node != null) {
      node.clearGradient();
    }
  }

  /** The same value as a constant: no gradient flows through it. */
  public Variable detach() {
    return constant(value);
  }

  /**
   * Adds the gradients of this one number to all parameters that it depends on; frees the graph.
   */
  public void backward() {
    backward(false);
  }

  /** As {@link #backward()}; with {@code retain} the graph stays for another backward pass. */
  public void backward(boolean retain) {
    if (shape().elements() != 1) {
      throw new ShapeException(
          "backward() starts at one number, the variable has shape %s: give the upstream gradient"
              .formatted(shape()));
    }
    backward(device().full(shape(), 1), retain);
  }

  /** Adds the vector-Jacobian products with this upstream gradient; frees the graph. */
  public void backward(Tensor upstream) {
    backward(upstream, false);
  }

  /** As {@link #backward(Tensor)}; with {@code retain} the graph stays for another pass. */
  public void backward(Tensor upstream, boolean retain) {
    if (!upstream.shape().equals(shape())) {
      throw new ShapeException(
          "backward: the upstream gradient has shape %s, the variable %s"
              .formatted(upstream.shape(), shape()));
    }
    if (node == null) {
      throw new IllegalStateException(
          "backward: nothing here requires a gradient (no parameter was used, or inside"
              + " NoGradient).");
    }
    node.backward(upstream, retain);
  }

  /** The place in the graph; null for a constant. */
  @Nullable Node node() {
    return node;
  }

  @Override
  public String toString() {
    return (requiresGradient() ? "Variable of " : "Constant of ") + value;
  }
}
