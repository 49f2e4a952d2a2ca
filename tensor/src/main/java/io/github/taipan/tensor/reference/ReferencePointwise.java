package io.github.taipan.tensor.reference;

import static io.github.taipan.tensor.reference.ReferenceDevice.values;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import java.util.List;

/** Functions of one and of two values, element by element. */
final class ReferencePointwise {
  /** Above this, softplus is the identity, as in PyTorch. */
  private static final double SOFTPLUS_LIMIT = 20;

  private ReferencePointwise() {}

  static void run(Unary function, List<Tensor> inputs, List<Tensor> outputs) {
    double[] x = values(inputs.getFirst());
    double[] y = values(outputs.getFirst());
    for (int i = 0; i < y.length; i++) {
      y[i] = apply(function, x[i]);
    }
  }

  static void run(UnaryGradient gradient, List<Tensor> inputs, List<Tensor> outputs) {
    double[] x = values(inputs.get(0));
    double[] dy = values(inputs.get(1));
    double[] dx = values(outputs.getFirst());
    for (int i = 0; i < dx.length; i++) {
      dx[i] = derivative(gradient.function(), x[i]) * dy[i];
    }
  }

  static void run(Binary operator, List<Tensor> inputs, List<Tensor> outputs) {
    double[] a = values(inputs.get(0));
    double[] b = values(inputs.get(1));
    double[] y = values(outputs.getFirst());
    Shape shape = outputs.getFirst().shape();
    int[] stridesA = inputs.get(0).shape().broadcastStrides(shape);
    int[] stridesB = inputs.get(1).shape().broadcastStrides(shape);
    for (int i = 0; i < y.length; i++) {
      double left = a[Strides.offset(i, shape, stridesA)];
      double right = b[Strides.offset(i, shape, stridesB)];
      y[i] =
          switch (operator) {
            case Binary.Add() -> left + right;
            case Binary.Subtract() -> left - right;
            case Binary.Multiply() -> left * right;
            case Binary.Divide() -> left / right;
          };
    }
  }

  private static double apply(Unary function, double x) {
    return switch (function) {
      case Unary.Exp() -> Math.exp(x);
      case Unary.Log() -> Math.log(x);
      case Unary.Sqrt() -> Math.sqrt(x);
      case Unary.Sigmoid() -> sigmoid(x);
      case Unary.Silu() -> x * sigmoid(x);
      case Unary.Gelu() -> x * normalProbability(x);
      case Unary.Softplus() -> softplus(x);
      case Unary.Tanh() -> Math.tanh(x);
      case Unary.Abs() -> Math.abs(x);
      case Unary.Affine(double scale, double shift) -> scale * x + shift;
      case Unary.LeakyRelu(double slope) -> x > 0 ? x : slope * x;
      case Unary.Clamp(double minimum, double maximum) -> Math.min(Math.max(x, minimum), maximum);
    };
  }

  private static double derivative(Unary function, double x) {
    return switch (function) {
      case Unary.Exp() -> Math.exp(x);
      case Unary.Log() -> 1 / x;
      case Unary.Sqrt() -> 1 / (2 * Math.sqrt(x));
      case Unary.Sigmoid() -> sigmoid(x) * sigmoid(-x);
      case Unary.Silu() -> sigmoid(x) * (1 + x * sigmoid(-x));
      case Unary.Gelu() -> normalProbability(x) + x * normalDensity(x);
      case Unary.Softplus() -> softplusDerivative(x);
      case Unary.Tanh() -> 1 - Math.tanh(x) * Math.tanh(x);
      case Unary.Abs() -> Math.signum(x);
      case Unary.Affine(double scale, double _) -> scale;
      case Unary.LeakyRelu(double slope) -> x > 0 ? 1 : slope;
      case Unary.Clamp(double minimum, double maximum) -> x >= minimum && x <= maximum ? 1 : 0;
    };
  }

  static double softplus(double x) {
    return x > SOFTPLUS_LIMIT ? x : Math.log1p(Math.exp(x));
  }

  static double softplusDerivative(double x) {
    return x > SOFTPLUS_LIMIT ? 1 : sigmoid(x);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** The probability that a standard normal variable is below x: (1 + erf(x / √2)) / 2. */
  private static double normalProbability(double x) {
    return ErrorFunction.complement(-x / Math.sqrt(2)) / 2;
  }

  private static double normalDensity(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
