package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorMath.vector;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import io.github.taipan.tensor.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of one value: a few passes over blocks of values, with the intermediate result in a
 * block of its own. The JIT compiler stops inlining past some fifty vector operations, and then
 * allocates each vector; so passes are short, all functions share the one that takes exponentials,
 * and they are called through an interface, which keeps them from being compiled into one piece.
 *
 * <p>What is left at the end of a stretch goes through the same passes in a vector of its own, so a
 * value's result does not depend on its place.
 */
final class VectorUnary implements UnaryLoops {
  private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

  /** Values per block: it and those of x, y and a gradient stay in the first-level cache. */
  private static final int BLOCK = 1 << 11;

  private static final Pass EXP = (_, _, _, _, t, _, _, count) -> exp(t, 0, t, 0, count);

  /**
   * A part of a function, from x, the upstream gradient and the intermediate result t to t or y.
   * The count is a multiple of the lanes, and t begins at 0.
   */
  private interface Pass {
    void run(float[] x, int xAt, float[] dy, int dyAt, float[] t, float[] y, int yAt, int count);
  }

  @Override
  public Loop forward(Unary function) {
    Pass[] passes = passes(function);
    return (x, xAt, y, yAt, count) -> run(passes, x, xAt, x, xAt, y, yAt, count);
  }

  @Override
  public GradientLoop gradient(Unary function) {
    Pass[] passes = gradientPasses(function);
    return (x, xAt, dy, dyAt, dx, dxAt, count) -> run(passes, x, xAt, dy, dyAt, dx, dxAt, count);
  }

  private static void run(
      Pass[] passes, float[] x, int xAt, float[] dy, int dyAt, float[] y, int yAt, int count) {
    float[] t = Scratch.floats(Scratch.Use.TASK_BLOCK, BLOCK);
    int whole = SPECIES.loopBound(count);
    for (int i = 0; i < whole; i += BLOCK) {
      int size = Math.min(whole - i, BLOCK);
      for (Pass pass : passes) {
        pass.run(x, xAt + i, dy, dyAt + i, t, y, yAt + i, size);
      }
    }
    int left = count - whole;
    if (left > 0) {
      float[] rest = Scratch.floats(Scratch.Use.TASK_REST, 2 * LANES);
      System.arraycopy(x, xAt + whole, rest, 0, left);
      System.arraycopy(dy, dyAt + whole, rest, LANES, left);
      for (Pass pass : passes) {
        pass.run(rest, 0, rest, LANES, t, rest, 0, LANES);
      }
      System.arraycopy(rest, 0, y, yAt + whole, left);
    }
  }

  private static Pass[] passes(Unary function) {
    return switch (function) {
      case Unary.Exp() -> of((x, at, _, _, _, y, to, n) -> exp(x, at, y, to, n));
      case Unary.Log() -> of((x, at, _, _, t, y, to, n) -> log(x, at, t, y, to, n));
      case Unary.Sqrt() -> of((x, at, _, _, _, y, to, n) -> sqrt(x, at, y, to, n));
      case Unary.Sigmoid() -> of(scale(-1), EXP, (_, _, _, _, t, y, to, n) -> sigmoid(t, y, to, n));
      case Unary.Silu() ->
          of(scale(-1), EXP, (x, at, _, _, t, y, to, n) -> silu(x, at, t, y, to, n));
      case Unary.Gelu() -> of(bell(), EXP, (x, at, _, _, t, y, to, n) -> gelu(x, at, t, y, to, n));
      case Unary.Softplus() ->
          of(abs(-1), EXP, (x, at, _, _, t, y, to, n) -> softplus(x, at, t, y, to, n));
      case Unary.Tanh() -> of(abs(-2), EXP, (x, at, _, _, t, y, to, n) -> tanh(x, at, t, y, to, n));
      case Unary.Abs() -> of((x, at, _, _, _, y, to, n) -> abs(1, x, at, y, to, n));
      case Unary.Affine(double scale, double shift) -> {
        float a = (float) scale;
        float b = (float) shift;
        yield of((x, at, _, _, _, y, to, n) -> affine(a, b, x, at, y, to, n));
      }
      case Unary.LeakyRelu(double slope) -> of(leakyRelu((float) slope));
      case Unary.Clamp(double minimum, double maximum) -> {
        float low = (float) minimum;
        float high = (float) maximum;
        yield of((x, at, _, _, _, y, to, n) -> clamp(low, high, x, at, y, to, n));
      }
    };
  }

  private static Pass[] gradientPasses(Unary function) {
    return switch (function) {
      case Unary.Exp() -> of(scale(1), EXP, multiply());
      case Unary.Log() -> of((x, at, dy, dyAt, _, dx, to, n) -> divide(dy, dyAt, x, at, dx, to, n));
      case Unary.Sqrt() ->
          of((x, at, dy, dyAt, _, dx, to, n) -> sqrtGradient(x, at, dy, dyAt, dx, to, n));
      case Unary.Sigmoid() -> of(abs(-1), EXP, sigmoidGradient(1));
      case Unary.Silu() ->
          of(
              scale(-1),
              EXP,
              (x, at, dy, dyAt, t, dx, to, n) -> siluGradient(x, at, dy, dyAt, t, dx, to, n));
      case Unary.Gelu() ->
          of(
              bell(),
              EXP,
              (x, at, dy, dyAt, t, dx, to, n) -> geluGradient(x, at, dy, dyAt, t, dx, to, n));
      case Unary.Softplus() ->
          of(scale(-1), EXP, (_, _, _, _, t, _, _, n) -> sigmoid(t, t, 0, n), multiply());
      case Unary.Tanh() -> of(abs(-2), EXP, sigmoidGradient(4));
      case Unary.Abs() ->
          of((x, at, dy, dyAt, _, dx, to, n) -> absGradient(x, at, dy, dyAt, dx, to, n));
      case Unary.Affine(double scale, double _) -> {
        float a = (float) scale;
        yield of((_, _, dy, dyAt, _, dx, to, n) -> affine(a, 0, dy, dyAt, dx, to, n));
      }
      case Unary.LeakyRelu(double slope) -> of(leakyRelu((float) slope));
      case Unary.Clamp(double minimum, double maximum) -> {
        float low = (float) minimum;
        float high = (float) maximum;
        yield of(
            (x, at, dy, dyAt, _, dx, to, n) ->
                clampGradient(low, high, x, at, dy, dyAt, dx, to, n));
      }
    };
  }

  private static Pass[] of(Pass... passes) {
    return passes;
  }

  /** {@code t = factor · x}. */
  private static Pass scale(float factor) {
    return (x, at, _, _, t, _, _, n) -> affine(factor, 0, x, at, t, 0, n);
  }

  /** {@code t = factor · |x|}. */
  private static Pass abs(float factor) {
    return (x, at, _, _, t, _, _, n) -> abs(factor, x, at, t, 0, n);
  }

  /** {@code t = -x² / 2}, whose exponential is the standard normal density but for a factor. */
  private static Pass bell() {
    return (x, at, _, _, t, _, _, n) -> bell(x, at, t, n);
  }

  /** {@code dx = t · dy}. */
  private static Pass multiply() {
    return (_, _, dy, dyAt, t, dx, to, n) -> multiply(t, dy, dyAt, dx, to, n);
  }

  private static Pass sigmoidGradient(float factor) {
    return (_, _, dy, dyAt, t, dx, to, n) -> sigmoidGradient(factor, dy, dyAt, t, dx, to, n);
  }

  /** Forward the upstream gradient is x itself. */
  private static Pass leakyRelu(float slope) {
    return (x, at, dy, dyAt, _, y, to, n) -> leakyRelu(slope, x, at, dy, dyAt, y, to, n);
  }

  private static void affine(
      float scale, float shift, float[] x, int at, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      load(x, at + i).mul(scale).add(shift).intoArray(y, to + i);
    }
  }

  private static void abs(float factor, float[] x, int at, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      load(x, at + i).abs().mul(factor).intoArray(y, to + i);
    }
  }

  private static void bell(float[] x, int at, float[] t, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = load(x, at + i);
      v.mul(-0.5f).mul(v).intoArray(t, i);
    }
  }

  private static void exp(float[] x, int at, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      VectorMath.exp(load(x, at + i)).intoArray(y, to + i);
    }
  }

  private static void log(float[] x, int at, float[] t, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      VectorMath.log(load(x, at + i)).intoArray(t, i);
    }
    for (int i = 0; i < count; i++) {
      float v = x[at + i];
      boolean normal = v >= Float.MIN_NORMAL && v < Float.POSITIVE_INFINITY;
      y[to + i] = normal ? t[i] : (float) Math.log(v);
    }
  }

  private static void sqrt(float[] x, int at, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      load(x, at + i).sqrt().intoArray(y, to + i);
    }
  }

  private static void sqrtGradient(
      float[] x, int at, float[] dy, int dyAt, float[] dx, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      load(dy, dyAt + i).mul(0.5f).div(load(x, at + i).sqrt()).intoArray(dx, to + i);
    }
  }

  private static void multiply(float[] t, float[] dy, int dyAt, float[] dx, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      load(t, i).mul(load(dy, dyAt + i)).intoArray(dx, to + i);
    }
  }

  private static void divide(
      float[] dy, int dyAt, float[] x, int at, float[] dx, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      load(dy, dyAt + i).div(load(x, at + i)).intoArray(dx, to + i);
    }
  }

  /** From {@code t = exp(-x)}. */
  private static void sigmoid(float[] t, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      vector(1).div(load(t, i).add(1)).intoArray(y, to + i);
    }
  }

  /**
   * The gradient of the sigmoid times a factor, from {@code t = e = exp(-|x|)}: as e / (1 + e)² it
   * loses no digits where the sigmoid is close to 1.
   */
  private static void sigmoidGradient(
      float factor, float[] dy, int dyAt, float[] t, float[] dx, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector e = load(t, i);
      FloatVector sum = e.add(1);
      load(dy, dyAt + i).mul(factor).mul(e).div(sum.mul(sum)).intoArray(dx, to + i);
    }
  }

  /** From {@code t = exp(-x)}. */
  private static void silu(float[] x, int at, float[] t, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      load(x, at + i).div(load(t, i).add(1)).intoArray(y, to + i);
    }
  }

  /** From {@code t = exp(-x)}. */
  private static void siluGradient(
      float[] x, int at, float[] dy, int dyAt, float[] t, float[] dx, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector s = vector(1).div(load(t, i).add(1));
      FloatVector slope = load(x, at + i).fma(vector(1).sub(s), vector(1));
      load(dy, dyAt + i).mul(s).mul(slope).intoArray(dx, to + i);
    }
  }

  /** From {@code t = exp(-x² / 2)}. */
  private static void gelu(float[] x, int at, float[] t, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = load(x, at + i);
      v.mul(VectorMath.normalProbability(v, load(t, i))).intoArray(y, to + i);
    }
  }

  /** From {@code t = exp(-x² / 2)}. */
  private static void geluGradient(
      float[] x, int at, float[] dy, int dyAt, float[] t, float[] dx, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = load(x, at + i);
      FloatVector bell = load(t, i);
      FloatVector below = VectorMath.normalProbability(v, bell);
      load(dy, dyAt + i).mul(v.mul(bell).fma(vector(DENSITY), below)).intoArray(dx, to + i);
    }
  }

  /** From {@code t = exp(-|x|)}. */
  private static void softplus(float[] x, int at, float[] t, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector log = VectorMath.log1pSmall(load(t, i));
      VectorMath.limitBelow(load(x, at + i), 0).add(log).intoArray(y, to + i);
    }
  }

  /** From {@code t = exp(-2|x|)}. */
  private static void tanh(float[] x, int at, float[] t, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = load(x, at + i);
      FloatVector e = load(t, i);
      FloatVector large = vector(1).sub(e).div(e.add(1));
      large
          .blend(large.neg(), v.compare(VectorOperators.LT, 0))
          .blend(VectorMath.tanhSmall(v), v.abs().compare(VectorOperators.LT, 0.625f))
          .intoArray(y, to + i);
    }
  }

  private static void absGradient(
      float[] x, int at, float[] dy, int dyAt, float[] dx, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = load(x, at + i);
      FloatVector g = load(dy, dyAt + i);
      v.blend(g, v.compare(VectorOperators.GT, 0))
          .blend(g.neg(), v.compare(VectorOperators.LT, 0))
          .intoArray(dx, to + i);
    }
  }

  private static void leakyRelu(
      float slope, float[] x, int at, float[] dy, int dyAt, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector g = load(dy, dyAt + i);
      VectorMask<Float> positive = load(x, at + i).compare(VectorOperators.GT, 0);
      g.mul(slope).blend(g, positive).intoArray(y, to + i);
    }
  }

  private static void clamp(
      float minimum, float maximum, float[] x, int at, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      VectorMath.limit(load(x, at + i), minimum, maximum).intoArray(y, to + i);
    }
  }

  private static void clampGradient(
      float minimum,
      float maximum,
      float[] x,
      int at,
      float[] dy,
      int dyAt,
      float[] dx,
      int to,
      int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = load(x, at + i);
      load(dy, dyAt + i)
          .blend(0, v.compare(VectorOperators.GE, minimum).not())
          .blend(0, v.compare(VectorOperators.LE, maximum).not())
          .intoArray(dx, to + i);
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
