package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorMath.vector;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import io.github.taipan.tensor.Unary;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of one value: a few passes over blocks of values, with the intermediate result in the
 * output. The JIT compiler stops inlining past some fifty vector operations, and then allocates
 * each vector; so passes are short, all functions share the one that takes exponentials, and they
 * are called through an interface, which keeps them from being compiled into one piece. Passes
 * without a choice are plain loops, which the compiler turns into vectors by itself.
 *
 * <p>What is left at the end of a range goes through the same passes in a vector of its own, so a
 * value's result does not depend on its place.
 */
final class VectorUnary implements UnaryLoops {
  private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

  /** Values per block: x, y and their gradients stay in the first-level cache between passes. */
  private static final int BLOCK = 1 << 11;

  private static final Pass EXP = (_, _, y, from, to) -> exp(y, from, to);

  /** A part of a function, from x, the upstream gradient and y to y. */
  private interface Pass {
    void run(float[] x, float[] dy, float[] y, int from, int to);
  }

  @Override
  public void apply(Unary function, float[] x, float[] y, int from, int to) {
    run(passes(function), x, x, y, from, to);
  }

  @Override
  public void gradient(Unary function, float[] x, float[] dy, float[] dx, int from, int to) {
    run(gradientPasses(function), x, dy, dx, from, to);
  }

  private static void run(List<Pass> passes, float[] x, float[] dy, float[] y, int from, int to) {
    int end = from + SPECIES.loopBound(to - from);
    for (int i = from; i < end; i += BLOCK) {
      for (Pass pass : passes) {
        pass.run(x, dy, y, i, Math.min(end, i + BLOCK));
      }
    }
    if (end < to) {
      float[] restOfX = rest(x, end, to);
      float[] restOfGradient = rest(dy, end, to);
      float[] result = new float[LANES];
      for (Pass pass : passes) {
        pass.run(restOfX, restOfGradient, result, 0, LANES);
      }
      System.arraycopy(result, 0, y, end, to - end);
    }
  }

  private static float[] rest(float[] x, int from, int to) {
    float[] rest = new float[LANES];
    System.arraycopy(x, from, rest, 0, to - from);
    return rest;
  }

  private static List<Pass> passes(Unary function) {
    return switch (function) {
      case Unary.Exp() -> List.of(affine(1, 0), EXP);
      case Unary.Log() -> List.of((x, _, y, from, to) -> log(x, y, from, to));
      case Unary.Sqrt() -> List.of((x, _, y, from, to) -> sqrt(x, y, from, to));
      case Unary.Sigmoid() ->
          List.of(affine(-1, 0), EXP, (_, _, y, from, to) -> sigmoid(y, from, to));
      case Unary.Silu() -> List.of(affine(-1, 0), EXP, (x, _, y, from, to) -> silu(x, y, from, to));
      case Unary.Gelu() -> List.of(bell(), EXP, (x, _, y, from, to) -> gelu(x, y, from, to));
      case Unary.Softplus() ->
          List.of(abs(-1), EXP, (x, _, y, from, to) -> softplus(x, y, from, to));
      case Unary.Tanh() -> List.of(abs(-2), EXP, (x, _, y, from, to) -> tanh(x, y, from, to));
      case Unary.Abs() -> List.of(abs(1));
      case Unary.Affine(double scale, double shift) ->
          List.of(affine((float) scale, (float) shift));
      case Unary.LeakyRelu(double slope) -> List.of(leakyRelu((float) slope));
      case Unary.Clamp(double minimum, double maximum) ->
          List.of((x, _, y, from, to) -> clamp((float) minimum, (float) maximum, x, y, from, to));
    };
  }

  private static List<Pass> gradientPasses(Unary function) {
    return switch (function) {
      case Unary.Exp() -> List.of(affine(1, 0), EXP, multiply());
      case Unary.Log() -> List.of((x, dy, dx, from, to) -> divide(dy, x, dx, from, to));
      case Unary.Sqrt() ->
          List.of(
              (x, _, dx, from, to) -> sqrt(x, dx, from, to),
              (_, dy, dx, from, to) -> halfQuotient(dy, dx, from, to));
      case Unary.Sigmoid() ->
          List.of(abs(-1), EXP, (_, dy, dx, from, to) -> sigmoidGradient(1, dy, dx, from, to));
      case Unary.Silu() ->
          List.of(affine(-1, 0), EXP, (x, dy, dx, from, to) -> siluGradient(x, dy, dx, from, to));
      case Unary.Gelu() ->
          List.of(bell(), EXP, (x, dy, dx, from, to) -> geluGradient(x, dy, dx, from, to));
      case Unary.Softplus() ->
          List.of(affine(-1, 0), EXP, (_, _, dx, from, to) -> sigmoid(dx, from, to), multiply());
      case Unary.Tanh() ->
          List.of(abs(-2), EXP, (_, dy, dx, from, to) -> sigmoidGradient(4, dy, dx, from, to));
      case Unary.Abs() -> List.of((x, dy, dx, from, to) -> absGradient(x, dy, dx, from, to));
      case Unary.Affine(double scale, double _) ->
          List.of((_, dy, dx, from, to) -> affine((float) scale, 0, dy, dx, from, to));
      case Unary.LeakyRelu(double slope) -> List.of(leakyRelu((float) slope));
      case Unary.Clamp(double minimum, double maximum) ->
          List.of(
              (x, dy, dx, from, to) ->
                  clampGradient((float) minimum, (float) maximum, x, dy, dx, from, to));
    };
  }

  private static Pass affine(float scale, float shift) {
    return (x, _, y, from, to) -> affine(scale, shift, x, y, from, to);
  }

  /** {@code y = factor · |x|}. */
  private static Pass abs(float factor) {
    return (x, _, y, from, to) -> abs(factor, x, y, from, to);
  }

  /** {@code y = -x² / 2}, whose exponential is the standard normal density but for a factor. */
  private static Pass bell() {
    return (x, _, y, from, to) -> bell(x, y, from, to);
  }

  private static Pass multiply() {
    return (_, dy, y, from, to) -> multiply(dy, y, from, to);
  }

  /** Forward the upstream gradient is x itself. */
  private static Pass leakyRelu(float slope) {
    return (x, dy, y, from, to) -> leakyRelu(slope, x, dy, y, from, to);
  }

  private static void affine(float scale, float shift, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = scale * x[i] + shift;
    }
  }

  private static void abs(float factor, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = factor * Math.abs(x[i]);
    }
  }

  private static void bell(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = -0.5f * x[i] * x[i];
    }
  }

  private static void exp(float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.exp(load(y, i)).intoArray(y, i);
    }
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

  private static void halfQuotient(float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = 0.5f * dy[i] / dx[i];
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

  private static void absGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector g = load(dy, i);
      v.blend(g, v.compare(VectorOperators.GT, 0))
          .blend(g.neg(), v.compare(VectorOperators.LT, 0))
          .intoArray(dx, i);
    }
  }

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
