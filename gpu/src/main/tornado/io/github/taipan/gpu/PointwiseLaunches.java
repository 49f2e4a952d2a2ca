package io.github.taipan.gpu;

import static io.github.taipan.gpu.PointwiseKernels.ABS;
import static io.github.taipan.gpu.PointwiseKernels.ADD;
import static io.github.taipan.gpu.PointwiseKernels.AFFINE;
import static io.github.taipan.gpu.PointwiseKernels.CLAMP;
import static io.github.taipan.gpu.PointwiseKernels.DIVIDE;
import static io.github.taipan.gpu.PointwiseKernels.EXP;
import static io.github.taipan.gpu.PointwiseKernels.GELU;
import static io.github.taipan.gpu.PointwiseKernels.IDENTITY;
import static io.github.taipan.gpu.PointwiseKernels.LEAKY_RELU;
import static io.github.taipan.gpu.PointwiseKernels.LOG;
import static io.github.taipan.gpu.PointwiseKernels.MULTIPLY;
import static io.github.taipan.gpu.PointwiseKernels.SIGMOID;
import static io.github.taipan.gpu.PointwiseKernels.SILU;
import static io.github.taipan.gpu.PointwiseKernels.SOFTPLUS;
import static io.github.taipan.gpu.PointwiseKernels.SQRT;
import static io.github.taipan.gpu.PointwiseKernels.SUBTRACT;
import static io.github.taipan.gpu.PointwiseKernels.TANH;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.Update;
import java.util.List;

/** The launches of functions of one value, arithmetic on two, and optimiser steps. */
final class PointwiseLaunches {
  /** A function's number in the kernels, and its two parameters. */
  private record Function(int number, double first, double second) {
    Function(int number) {
      this(number, 0, 0);
    }

    static Function of(Unary unary) {
      return switch (unary) {
        case Unary.Exp() -> new Function(EXP);
        case Unary.Log() -> new Function(LOG);
        case Unary.Sqrt() -> new Function(SQRT);
        case Unary.Sigmoid() -> new Function(SIGMOID);
        case Unary.Silu() -> new Function(SILU);
        case Unary.Gelu() -> new Function(GELU);
        case Unary.Softplus() -> new Function(SOFTPLUS);
        case Unary.Tanh() -> new Function(TANH);
        case Unary.Abs() -> new Function(ABS);
        case Unary.Affine(double scale, double shift) -> new Function(AFFINE, scale, shift);
        case Unary.LeakyRelu(double slope) -> new Function(LEAKY_RELU, slope, 0);
        case Unary.Clamp(double minimum, double maximum) -> new Function(CLAMP, minimum, maximum);
      };
    }
  }

  private PointwiseLaunches() {}

  static void add(LaunchList list, Unary unary, Tensor x, Tensor y) {
    Function f = Function.of(unary);
    int count = x.shape().elements();
    list.add(
        Kernel.MAP.over(
            count,
            f.number,
            list.at(x),
            list.at(y),
            count,
            list.number(f.first),
            list.number(f.second)));
  }

  static void add(LaunchList list, UnaryGradient gradient, List<Tensor> inputs, Tensor dx) {
    Function f = Function.of(gradient.function());
    int count = dx.shape().elements();
    list.add(
        Kernel.MAP_GRADIENT.over(
            count,
            f.number,
            list.at(inputs.get(0)),
            list.at(inputs.get(1)),
            list.at(dx),
            count,
            list.number(f.first),
            list.number(f.second)));
  }

  static void add(LaunchList list, Binary binary, List<Tensor> inputs, Tensor y) {
    combine(list, binary, new Function(IDENTITY), inputs.get(0), inputs.get(1), y);
  }

  /** y ← f(a) ∘ b in one launch. */
  static void add(LaunchList list, Binary binary, Unary f, Tensor a, Tensor b, Tensor y) {
    combine(list, binary, Function.of(f), a, b, y);
  }

  private static void combine(
      LaunchList list, Binary binary, Function f, Tensor a, Tensor b, Tensor y) {
    int operation =
        switch (binary) {
          case Binary.Add _ -> ADD;
          case Binary.Subtract _ -> SUBTRACT;
          case Binary.Multiply _ -> MULTIPLY;
          case Binary.Divide _ -> DIVIDE;
        };
    Shape shape = y.shape();
    Axes axes =
        Axes.of(shape, a.shape().broadcastStrides(shape), b.shape().broadcastStrides(shape));
    int count = shape.elements();
    list.add(
        Kernel.COMBINE.over(
            count,
            axes.after(
                operation,
                list.at(a),
                list.at(b),
                list.at(y),
                count,
                f.number,
                list.number(f.first),
                list.number(f.second))));
  }

  static void add(LaunchList list, Update update, List<Tensor> inputs) {
    int count = inputs.getFirst().shape().elements();
    switch (update) {
      case Update.Adam adam ->
          list.add(
              Kernel.ADAM.over(
                  count,
                  list.at(inputs.get(0)),
                  list.at(inputs.get(1)),
                  list.at(inputs.get(2)),
                  list.at(inputs.get(3)),
                  list.at(inputs.get(4)),
                  count,
                  list.number(adam.beta1()),
                  list.number(1 - adam.beta1()),
                  list.number(adam.beta2()),
                  list.number(1 - adam.beta2()),
                  list.number(adam.epsilon()),
                  list.number(adam.decoupled() ? 0 : adam.weightDecay()),
                  list.number(adam.decoupled() ? adam.weightDecay() : 0)));
      case Update.Average(double decay) ->
          list.add(
              Kernel.AVERAGE.over(
                  count,
                  list.at(inputs.get(0)),
                  list.at(inputs.get(1)),
                  count,
                  list.number(decay),
                  list.number(1 - decay)));
    }
  }
}
