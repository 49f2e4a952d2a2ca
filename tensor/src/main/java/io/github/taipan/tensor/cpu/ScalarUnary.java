package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Unary;

/** Functions of one value in plain Java: each value is computed in float64 and rounded. */
final class ScalarUnary implements UnaryLoops {

  @Override
  public Loop forward(Unary function) {
    return (x, xAt, y, yAt, count) -> apply(function, x, xAt, y, yAt, count);
  }

  @Override
  public GradientLoop gradient(Unary function) {
    return (x, xAt, dy, dyAt, dx, dxAt, count) ->
        gradient(function, x, xAt, dy, dyAt, dx, dxAt, count);
  }

  private static void apply(Unary function, float[] x, int xAt, float[] y, int yAt, int count) {
    switch (function) {
      case Unary.Exp() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) Math.exp(x[xAt + i]);
        }
      }
      case Unary.Log() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) Math.log(x[xAt + i]);
        }
      }
      case Unary.Sqrt() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) Math.sqrt(x[xAt + i]);
        }
      }
      case Unary.Sigmoid() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) sigmoid(x[xAt + i]);
        }
      }
      case Unary.Silu() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) (x[xAt + i] * sigmoid(x[xAt + i]));
        }
      }
      case Unary.Gelu() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) (x[xAt + i] * normalProbability(x[xAt + i]));
        }
      }
      case Unary.Softplus() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = x[xAt + i] > 20 ? x[xAt + i] : (float) Math.log1p(Math.exp(x[xAt + i]));
        }
      }
      case Unary.Tanh() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) Math.tanh(x[xAt + i]);
        }
      }
      case Unary.Abs() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = Math.abs(x[xAt + i]);
        }
      }
      case Unary.Affine(double scale, double shift) -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) (scale * x[xAt + i] + shift);
        }
      }
      case Unary.LeakyRelu(double slope) -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = x[xAt + i] > 0 ? x[xAt + i] : (float) slope * x[xAt + i];
        }
      }
      case Unary.Clamp(double minimum, double maximum) -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = (float) Math.min(Math.max(x[xAt + i], minimum), maximum);
        }
      }
    }
  }

  private static void gradient(
      Unary function, float[] x, int xAt, float[] dy, int dyAt, float[] dx, int dxAt, int count) {
    switch (function) {
      case Unary.Exp() -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = (float) (Math.exp(x[xAt + i]) * dy[dyAt + i]);
        }
      }
      case Unary.Log() -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = dy[dyAt + i] / x[xAt + i];
        }
      }
      case Unary.Sqrt() -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = (float) (0.5 * dy[dyAt + i] / Math.sqrt(x[xAt + i]));
        }
      }
      case Unary.Sigmoid() -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = (float) (sigmoid(x[xAt + i]) * sigmoid(-x[xAt + i]) * dy[dyAt + i]);
        }
      }
      case Unary.Silu() -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] =
              (float)
                  (sigmoid(x[xAt + i]) * (1 + x[xAt + i] * sigmoid(-x[xAt + i])) * dy[dyAt + i]);
        }
      }
      case Unary.Gelu() -> {
        for (int i = 0; i < count; i++) {
          double density = Math.exp(-0.5 * x[xAt + i] * x[xAt + i]) / Math.sqrt(2 * Math.PI);
          dx[dxAt + i] =
              (float) ((normalProbability(x[xAt + i]) + x[xAt + i] * density) * dy[dyAt + i]);
        }
      }
      case Unary.Softplus() -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = (float) (sigmoid(x[xAt + i]) * dy[dyAt + i]);
        }
      }
      case Unary.Tanh() -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] =
              (float) (4 * sigmoid(2.0 * x[xAt + i]) * sigmoid(-2.0 * x[xAt + i]) * dy[dyAt + i]);
        }
      }
      case Unary.Abs() -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = Math.signum(x[xAt + i]) * dy[dyAt + i];
        }
      }
      case Unary.Affine(double scale, double _) -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = (float) (scale * dy[dyAt + i]);
        }
      }
      case Unary.LeakyRelu(double slope) -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = x[xAt + i] > 0 ? dy[dyAt + i] : (float) slope * dy[dyAt + i];
        }
      }
      case Unary.Clamp(double minimum, double maximum) -> {
        for (int i = 0; i < count; i++) {
          dx[dxAt + i] = x[xAt + i] >= minimum && x[xAt + i] <= maximum ? dy[dyAt + i] : 0;
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
