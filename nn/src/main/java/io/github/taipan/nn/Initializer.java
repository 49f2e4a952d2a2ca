package io.github.taipan.nn;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Shape;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** The law by which the first values of a parameter are chosen. */
@FunctionalInterface
public interface Initializer {
  /** Values of a parameter, row-major, drawn from a stream that is the parameter's own. */
  double[] values(Shape shape, CounterRandom random);

  /** Zeros. */
  static Initializer zeros() {
    return constant(0);
  }

  /** Ones. */
  static Initializer ones() {
    return constant(1);
  }

  /** One value everywhere. */
  static Initializer constant(double value) {
    return (shape, random) -> fill(shape, i -> value);
  }

  /** Uniform in [−bound, bound). */
  static Initializer uniform(double bound) {
    return (shape, random) -> fill(shape, i -> bound * (2 * random.uniform(i) - 1));
  }

  /** Uniform in ±1/√fanIn: PyTorch's default for the weights and biases of convolutions. */
  static Initializer fanIn(int fanIn) {
    return uniform(1 / Math.sqrt(fanIn));
  }

  /** Standard normal. */
  static Initializer normal() {
    return (shape, random) -> fill(shape, random::normal);
  }

  /** A random direction: standard normal, divided by its Euclidean norm. */
  static Initializer direction() {
    return (shape, random) -> {
      double[] values = fill(shape, random::normal);
      double norm = Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
      return fill(shape, i -> values[i] / norm);
    };
  }

  /** ln 1, ln 2, …, ln N along the innermost axis: Mamba's S4D-real start of its decay rates. */
  static Initializer logOfStateIndex() {
    return (shape, random) -> fill(shape, i -> Math.log(i % shape.size(-1) + 1));
  }

  /**
   * The bias whose softplus is a step size drawn log-uniformly from [0.001, 0.1), floored at 1e-4
   * (Mamba's start of its step sizes).
   */
  static Initializer stepSizeBias() {
    return (shape, random) ->
        fill(
            shape,
            i -> {
              double log = Math.log(0.001) + random.uniform(i) * (Math.log(0.1) - Math.log(0.001));
              double step = Math.max(Math.exp(log), 1e-4);
              return step + Math.log(-Math.expm1(-step));
            });
  }

  private static double[] fill(Shape shape, IntToDoubleFunction value) {
    double[] values = new double[shape.elements()];
    Arrays.setAll(values, value);
    return values;
  }
}
