package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Unary;

/** Functions of one value in plain Java: each value is computed in float64 and rounded. */
final class ScalarUnary implements UnaryLoops {

  @Override
  public void apply(Unary function, float[] x, float[] y, int from, int to) {
    switch (function) {
      case Unary.Exp() -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) Math.exp(x[i]);
        }
      }
      case Unary.Log() -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) Math.log(x[i]);
        }
      }
      case Unary.Sqrt() -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) Math.sqrt(x[i]);
        }
      }
      case Unary.Sigmoid() -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) sigmoid(x[i]);
        }
      }
      case Unary.Silu() -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) (x[i] * sigmoid(x[i]));
        }
      }
      case Unary.Gelu() -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) (x[i] * normalProbability(x[i]));
        }
      }
      case Unary.Softplus() -> {
        for (int i = from; i < to; i++) {
          y[i] = x[i] > 20 ? x[i] : (float) Math.log1p(Math.exp(x[i]));
        }
      }
      case Unary.Tanh() -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) Math.tanh(x[i]);
        }
      }
      case Unary.Abs() -> {
        for (int i = from; i < to; i++) {
          y[i] = Math.abs(x[i]);
        }
      }
      case Unary.Affine(double scale, double shift) -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) (scale * x[i] + shift);
        }
      }
      case Unary.LeakyRelu(double slope) -> {
        for (int i = from; i < to; i++) {
          y[i] = x[i] > 0 ? x[i] : (float) slope * x[i];
        }
      }
      case Unary.Clamp(double minimum, double maximum) -> {
        for (int i = from; i < to; i++) {
          y[i] = (float) Math.min(Math.max(x[i], minimum), maximum);
        }
      }
    }
  }

  @Override
  public void gradient(Unary function, float[] x, float[] dy, float[] dx, int from, int to) {
    switch (function) {
      case Unary.Exp() -> {
        for (int i = from; i < to; i++) {
          dx[i] = (float) (Math.exp(x[i]) * dy[i]);
        }
      }
      case Unary.Log() -> {
        for (int i = from; i < to; i++) {
          dx[i] = dy[i] / x[i];
        }
      }
      case Unary.Sqrt() -> {
        for (int i = from; i < to; i++) {
          dx[i] = (float) (0.5 * dy[i] / Math.sqrt(x[i]));
        }
      }
      case Unary.Sigmoid() -> {
        for (int i = from; i < to; i++) {
          dx[i] = (float) (sigmoid(x[i]) * sigmoid(-x[i]) * dy[i]);
        }
      }
      case Unary.Silu() -> {
        for (int i = from; i < to; i++) {
          dx[i] = (float) (sigmoid(x[i]) * (1 + x[i] * sigmoid(-x[i])) * dy[i]);
        }
      }
      case Unary.Gelu() -> {
        for (int i = from; i < to; i++) {
          double density = Math.exp(-0.5 * x[i] * x[i]) / Math.sqrt(2 * Math.PI);
          dx[i] = (float) ((normalProbability(x[i]) + x[i] * density) * dy[i]);
        }
      }
      case Unary.Softplus() -> {
        for (int i = from; i < to; i++) {
          dx[i] = (float) (sigmoid(x[i]) * dy[i]);
        }
      }
      case Unary.Tanh() -> {
        for (int i = from; i < to; i++) {
          dx[i] = (float) (4 * sigmoid(2.0 * x[i]) * sigmoid(-2.0 * x[i]) * dy[i]);
        }
      }
      case Unary.Abs() -> {
        for (int i = from; i < to; i++) {
          dx[i] = Math.signum(x[i]) * dy[i];
        }
      }
      case Unary.Affine(double scale, double _) -> {
        for (int i = from; i < to; i++) {
          dx[i] = (float) (scale * dy[i]);
        }
      }
      case Unary.LeakyRelu(double slope) -> {
        for (int i = from; i < to; i++) {
          dx[i] = x[i] > 0 ? dy[i] : (float) slope * dy[i];
        }
      }
      case Unary.Clamp(double minimum, double maximum) -> {
        for (int i = from; i < to; i++) {
          dx[i] = x[i] >= minimum && x[i] <= maximum ? dy[i] : 0;
        }
      }
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** The probability that a standard normal variable is below x, by the fit of the vector loops. */
  private static double normalProbability(double x) {
    double u = 1 / (1 + 0.34 * Math.abs(x));
    double p = ((-0.026121652 * u + 0.13950466) * u - 0.2731422) * u + 0.20219232;
    p = ((((p * u - 0.04472426) * u + 0.11536129) * u + 0.1151972) * u + 0.13611226) * u;
    double tail = Math.exp(-0.5 * x * x) * u * (p + 0.1356205);
    return x < 0 ? tail : 1 - tail;
  }
}
