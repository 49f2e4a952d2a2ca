package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorMath.vector;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import io.github.taipan.tensor.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of one value in the Vector API. What needs e^x is computed block by block in passes,
 * with the exponentials in the output in between: short loops, which the JIT compiler takes in
 * whole (past some fifty vector operations it gives up inlining and allocates each vector) and of
 * which all functions share the longest. What is left at the end of a range goes through the same
 * loops in a vector of its own, so a value's result does not depend on its place.
 */
final class VectorUnary implements UnaryLoops {
  private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

  /** Values per block: x, y and their gradients stay in the first-level cache between passes. */
  private static final int BLOCK = 1 << 11;

  @Override
  public void apply(Unary function, float[] x, float[] y, int from, int to) {
    int end = from + SPECIES.loopBound(to - from);
    for (int i = from; i < end; i += BLOCK) {
      whole(function, x, y, i, Math.min(end, i + BLOCK));
    }
    if (end < to) {
      float[] rest = rest(x, end, to);
      float[] result = new float[LANES];
      whole(function, rest, result, 0, LANES);
      System.arraycopy(result, 0, y, end, to - end);
    }
  }

  @Override
  public void gradient(Unary function, float[] x, float[] dy, float[] dx, int from, int to) {
    int end = from + SPECIES.loopBound(to - from);
    for (int i = from; i < end; i += BLOCK) {
      whole(function, x, dy, dx, i, Math.min(end, i + BLOCK));
    }
    if (end < to) {
      float[] result = new float[LANES];
      whole(function, rest(x, end, to), rest(dy, end, to), result, 0, LANES);
      System.arraycopy(result, 0, dx, end, to - end);
    }
  }

  private static float[] rest(float[] x, int from, int to) {
    float[] rest = new float[LANES];
    System.arraycopy(x, from, rest, 0, to - from);
    return rest;
  }

  private static void whole(Unary function, float[] x, float[] y, int from, int to) {
    switch (function) {
      case Unary.Exp() -> exp(x, y, from, to);
      case Unary.Log() -> log(x, y, from, to);
      case Unary.Sqrt() -> sqrt(x, y, from, to);
      case Unary.Sigmoid() -> {
        multiplyExp(-1, x, y, from, to);
        sigmoid(y, from, to);
      }
      case Unary.Silu() -> {
        multiplyExp(-1, x, y, from, to);
        silu(x, y, from, to);
      }
      case Unary.Gelu() -> {
        bell(x, y, from, to);
        gelu(x, y, from, to);
      }
      case Unary.Softplus() -> {
        absExp(-1, x, y, from, to);
        softplus(x, y, from, to);
      }
      case Unary.Tanh() -> {
        absExp(-2, x, y, from, to);
        tanh(x, y, from, to);
      }
      case Unary.Abs() -> abs(x, y, from, to);
      case Unary.Affine(double scale, double shift) ->
          affine((float) scale, (float) shift, x, y, from, to);
      case Unary.LeakyRelu(double slope) -> leakyRelu((float) slope, x, x, y, from, to);
      case Unary.Clamp(double minimum, double maximum) ->
          clamp((float) minimum, (float) maximum, x, y, from, to);
    }
  }

  private static void whole(Unary function, float[] x, float[] dy, float[] dx, int from, int to) {
    switch (function) {
      case Unary.Exp() -> {
        exp(x, dx, from, to);
        multiply(dy, dx, from, to);
      }
      case Unary.Log() -> divide(dy, x, dx, from, to);
      case Unary.Sqrt() -> {
        sqrt(x, dx, from, to);
        affine(2, 0, dx, dx, from, to);
        divide(dy, dx, dx, from, to);
      }
      case Unary.Sigmoid() -> {
        absExp(-1, x, dx, from, to);
        sigmoidGradient(1, dy, dx, from, to);
      }
      case Unary.Silu() -> {
        multiplyExp(-1, x, dx, from, to);
        siluGradient(x, dy, dx, from, to);
      }
      case Unary.Gelu() -> {
        bell(x, dx, from, to);
        geluGradient(x, dy, dx, from, to);
      }
      case Unary.Softplus() -> {
        multiplyExp(-1, x, dx, from, to);
        sigmoid(dx, from, to);
        multiply(dy, dx, from, to);
      }
      case Unary.Tanh() -> {
        absExp(-2, x, dx, from, to);
        sigmoidGradient(4, dy, dx, from, to);
      }
      case Unary.Abs() -> absGradient(x, dy, dx, from, to);
      case Unary.Affine(double scale, double _) -> affine((float) scale, 0, dy, dx, from, to);
      case Unary.LeakyRelu(double slope) -> leakyRelu((float) slope, x, dy, dx, from, to);
      case Unary.Clamp(double minimum, double maximum) ->
          clampGradient((float) minimum, (float) maximum, x, dy, dx, from, to);
    }
  }

  private static void exp(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.exp(load(x, i)).intoArray(y, i);
    }
  }

  /** {@code y = exp(factor · x)}. */
  private static void multiplyExp(float factor, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = factor * x[i];
    }
    exp(y, y, from, to);
  }

  /** {@code y = exp(factor · |x|)}. */
  private static void absExp(float factor, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = factor * Math.abs(x[i]);
    }
    exp(y, y, from, to);
  }

  /** {@code y = exp(-x² / 2)}, the standard normal density but for its factor. */
  private static void bell(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = -0.5f * x[i] * x[i];
    }
    exp(y, y, from, to);
  }

  private static void log(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.log(load(x, i)).intoArray(y, i);
    }
    for (int i = from; i < to; i++) {
      if (!(x[i] >= Float.MIN_NORMAL && x[i] < Float.POSITIVE_INFINITY)) {
        y[i] = (float) Math.log(x[i]);
      }
    }
  }

  private static void sqrt(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      load(x, i).sqrt().intoArray(y, i);
    }
  }

  private static void multiply(float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] *= dy[i];
    }
  }

  private static void divide(float[] dy, float[] x, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] / x[i];
    }
  }

  /** From {@code y = exp(-x)}. */
  private static void sigmoid(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = 1 / (1 + y[i]);
    }
  }

  /**
   * The gradient of the sigmoid times a factor, from {@code dx = e = exp(-|x|)}: as e / (1 + e)² it
   * loses no digits where the sigmoid is close to 1.
   */
  private static void sigmoidGradient(float factor, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      float sum = 1 + dx[i];
      dx[i] = factor * dy[i] * dx[i] / (sum * sum);
    }
  }

  /** From {@code y = exp(-x)}. */
  private static void silu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] / (1 + y[i]);
    }
  }

  /** From {@code dx = exp(-x)}. */
  private static void siluGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      float s = 1 / (1 + dx[i]);
      dx[i] = dy[i] * s * (1 + x[i] * (1 - s));
    }
  }

  /** From {@code y = exp(-x² / 2)}. */
  private static void gelu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(VectorMath.normalProbability(v, load(y, i))).intoArray(y, i);
    }
  }

  /** From {@code dx = exp(-x² / 2)}. */
  private static void geluGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector bell = load(dx, i);
      FloatVector below = VectorMath.normalProbability(v, bell);
      load(dy, i).mul(v.mul(bell).fma(vector(DENSITY), below)).intoArray(dx, i);
    }
  }

  /** From {@code y = exp(-|x|)}. */
  private static void softplus(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector log = VectorMath.log1pSmall(load(y, i));
      VectorMath.limitBelow(load(x, i), 0).add(log).intoArray(y, i);
    }
  }

  /** From {@code y = exp(-2|x|)}. */
  private static void tanh(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector e = load(y, i);
      FloatVector large = vector(1).sub(e).div(e.add(1));
      large
          .blend(large.neg(), v.compare(VectorOperators.LT, 0))
          .blend(VectorMath.tanhSmall(v), v.abs().compare(VectorOperators.LT, 0.625f))
          .intoArray(y, i);
    }
  }

  private static void abs(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.abs(x[i]);
    }
  }

  private static void absGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(dy, i);
      v.blend(g, v.compare(VectorOperators.GT, 0))
          .blend(g.neg(), v.compare(VectorOperators.LT, 0))
          .intoArray(dx, i);
    }
  }

  private static void affine(float scale, float shift, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = scale * x[i] + shift;
    }
  }

  /** Forward with {@code dy = x}. */
  private static void leakyRelu(float slope, float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector g = load(dy, i);
      g.mul(slope).blend(g, load(x, i).compare(VectorOperators.GT, 0)).intoArray(dx, i);
    }
  }

  private static void clamp(float minimum, float maximum, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.limit(load(x, i), minimum, maximum).intoArray(y, i);
    }
  }

  private static void clampGradient(
      float minimum, float maximum, float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      load(dy, i)
          .blend(0, v.compare(VectorOperators.GE, minimum).not())
          .blend(0, v.compare(VectorOperators.LE, maximum).not())
          .intoArray(dx, i);
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
