package io.github.taipan.autograd;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeException;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares backward passes with finite differences, in float64. The result is weighted with a fixed
 * random upstream gradient; then, for each input, slopes are measured by central differences of
 * fourth order along some single elements (all of a small input) and along one random direction
 * over all elements. The function must be smooth that near to the inputs.
 */
public final class GradientCheck {
  /** How far an element moves, relative to the input's largest value; half of what is visited. */
  public static final double STEP = 1e-5;

  /** The largest difference allowed, relative to the length of the input's gradient. */
  public static final double TOLERANCE = 1e-6;

  private static final double SMALLEST_LENGTH = 1e-4; // below, finite differences see only rounding
  private static final int ELEMENTS = 16;
  private static final CounterRandom RANDOM = CounterRandom.seeded(2025);

  private final Function<List<Variable>, Variable> function;
  private final List<Tensor> inputs;
  private final double[] upstream;

  private GradientCheck(
      Function<List<Variable>, Variable> function, List<Tensor> inputs, double[] upstream) {
    this.function = function;
    this.inputs = inputs;
    this.upstream = upstream;
  }

  /**
   * Checks the gradients of all inputs.
   *
   * @param inputs tensors on a {@link ReferenceDevice}
   * @return the largest difference, relative to the length of the input's gradient
   * @throws AssertionError naming the input and the element whose gradient is wrong
   */
  public static double check(Function<List<Variable>, Variable> function, List<Tensor> inputs) {
    Device device = inputs.getFirst().device();
    if (!(device instanceof ReferenceDevice)) {
      throw new IllegalArgumentException(
          "Finite differences need float64: use the reference device, not " + device.name() + ".");
    }
    List<Variable> parameters = inputs.stream().map(Variable::parameter).toList();
    Variable result = function.apply(parameters);
    CounterRandom.Cursor weights = RANDOM.split("upstream").cursor(0);
    double[] upstream = new double[result.shape().elements()];
    Arrays.setAll(upstream, _ -> weights.uniform(-1, 1));
    result.backward(device.tensor(result.shape(), upstream));
    GradientCheck check = new GradientCheck(function, inputs, upstream);
    double largest = 0;
    for (int i = 0; i < inputs.size(); i++) {
      largest = Math.max(largest, check.input(i, parameters.get(i).gradient()));
    }
    return largest;
  }

  private double input(int input, @Nullable Tensor tensor) {
    Shape shape = inputs.get(input).shape();
    if (tensor != null && !tensor.shape().equals(shape)) {
      throw new ShapeException(
          "input %d has shape %s, its gradient %s".formatted(input, shape, tensor.shape()));
    }
    int size = shape.elements();
    double[] gradient = tensor == null ? new double[size] : tensor.toDoubles();
    CounterRandom.Cursor random = RANDOM.split(input).cursor(0);
    double[] signs = new double[size];
    Arrays.setAll(signs, _ -> random.bits() < 0 ? -1 : 1);
    double largest = compare(input, "along a random direction", gradient, signs);
    for (int k = 0; k < Math.min(size, ELEMENTS); k++) {
      double[] unit = new double[size];
      int element = size <= ELEMENTS ? k : random.below(size);
      unit[element] = 1;
      largest = Math.max(largest, compare(input, "at element " + element, gradient, unit));
    }
    return largest;
  }

  private double compare(int input, String where, double[] gradient, double[] direction) {
    double length = Math.sqrt(dot(gradient, gradient));
    double computed = dot(gradient, direction);
    double measured = slope(input, direction);
    double error = Math.abs(computed - measured) / Math.max(length, SMALLEST_LENGTH);
    if (!(error <= TOLERANCE)) {
      throw new AssertionError(
          "The gradient of input %d %s %s is %s; finite differences give %s."
              .formatted(input, inputs.get(input).shape(), where, computed, measured));
    }
    return error;
  }

  /** How fast the upstream-weighted result changes as one input moves along a direction. */
  private double slope(int input, double[] direction) {
    double largest = Arrays.stream(inputs.get(input).toDoubles()).map(Math::abs).max().orElse(0);
    double step = STEP * (largest == 0 ? 1 : largest);
    double near = difference(input, direction, step);
    double far = difference(input, direction, 2 * step);
    return (8 * near - far) / (12 * step);
  }

  private double difference(int input, double[] direction, double step) {
    double[] ahead = moved(input, direction, step);
    double[] behind = moved(input, direction, -step);
    Arrays.setAll(ahead, i -> ahead[i] - behind[i]);
    return dot(upstream, ahead);
  }

  private double[] moved(int input, double[] direction, double step) {
    Tensor tensor = inputs.get(input);
    double[] values = tensor.toDoubles();
    Arrays.setAll(values, i -> values[i] + step * direction[i]);
    List<Tensor> moved = new ArrayList<>(inputs);
    moved.set(input, tensor.device().tensor(tensor.shape(), values));
    List<Variable> constants = moved.stream().map(Variable::constant).toList();
    return NoGradient.call(() -> function.apply(constants)).value().toDoubles();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
