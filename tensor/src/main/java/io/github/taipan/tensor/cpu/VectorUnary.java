package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorMath.vector;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import io.github.taipan.tensor.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of one value in the Vector API: a loop each, over whole vectors. What is left at the
 * end goes through the same loop in a vector of its own, so a value's result does not depend on its
 * place.
 */
final class VectorUnary implements UnaryLoops {
  private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

  @Override
  public void apply(Unary function, float[] x, float[] y, int from, int to) {
    int end = from + SPECIES.loopBound(to - from);
    whole(function, x, y, from, end);
    if (end < to) {
      float[] rest = new float[LANES];
      System.arraycopy(x, end, rest, 0, to - end);
      whole(function, rest, rest, 0, LANES);
      System.arraycopy(rest, 0, y, end, to - end);
    }
  }

  @Override
  public void gradient(Unary function, float[] x, float[] dy, float[] dx, int from, int to) {
    int end = from + SPECIES.loopBound(to - from);
    whole(function, x, dy, dx, from, end);
    if (end < to) {
      float[] rest = new float[LANES];
      float[] restGradient = new float[LANES];
      System.arraycopy(x, end, rest, 0, to - end);
      System.arraycopy(dy, end, restGradient, 0, to - end);
      whole(function, rest, restGradient, restGradient, 0, LANES);
      System.arraycopy(restGradient, 0, dx, end, to - end);
    }
  }

  private static void whole(Unary function, float[] x, float[] y, int from, int to) {
    switch (function) {
      case Unary.Exp() -> exp(x, y, from, to);
      case Unary.Log() -> log(x, y, from, to);
      case Unary.Sqrt() -> sqrt(x, y, from, to);
      case Unary.Sigmoid() -> sigmoid(x, y, from, to);
      case Unary.Silu() -> silu(x, y, from, to);
      case Unary.Gelu() -> gelu(x, y, from, to);
      case Unary.Softplus() -> softplus(x, y, from, to);
      case Unary.Tanh() -> tanh(x, y, from, to);
      case Unary.Abs() -> abs(x, y, from, to);
      case Unary.Affine(double scale, double shift) ->
          affine((float) scale, (float) shift, x, y, from, to);
      case Unary.LeakyRelu(double slope) -> leakyRelu((float) slope, x, y, from, to);
      case Unary.Clamp(double minimum, double maximum) ->
          clamp((float) minimum, (float) maximum, x, y, from, to);
    }
  }

  private static void whole(Unary function, float[] x, float[] dy, float[] dx, int from, int to) {
    switch (function) {
      case Unary.Exp() -> expGradient(x, dy, dx, from, to);
      case Unary.Log() -> logGradient(x, dy, dx, from, to);
      case Unary.Sqrt() -> sqrtGradient(x, dy, dx, from, to);
      case Unary.Sigmoid() -> sigmoidGradient(x, dy, dx, from, to);
      case Unary.Silu() -> siluGradient(x, dy, dx, from, to);
      case Unary.Gelu() -> geluGradient(x, dy, dx, from, to);
      case Unary.Softplus() -> softplusGradient(x, dy, dx, from, to);
      case Unary.Tanh() -> tanhGradient(x, dy, dx, from, to);
      case Unary.Abs() -> absGradient(x, dy, dx, from, to);
      case Unary.Affine(double scale, double _) -> affine((float) scale, 0, dy, dx, from, to);
      case Unary.LeakyRelu(double slope) -> leakyReluGradient((float) slope, x, dy, dx, from, to);
      case Unary.Clamp(double minimum, double maximum) ->
          clampGradient((float) minimum, (float) maximum, x, dy, dx, from, to);
    }
  }

  private static void exp(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.exp(load(x, i)).intoArray(y, i);
    }
  }

  private static void expGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.exp(load(x, i)).mul(load(dy, i)).intoArray(dx, i);
    }
  }

  private static void log(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.log(load(x, i)).intoArray(y, i);
    }
  }

  private static void logGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      load(dy, i).div(load(x, i)).intoArray(dx, i);
    }
  }

  private static void sqrt(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      load(x, i).sqrt().intoArray(y, i);
    }
  }

  private static void sqrtGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      load(dy, i).mul(0.5f).div(load(x, i).sqrt()).intoArray(dx, i);
    }
  }

  private static void sigmoid(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.sigmoid(load(x, i)).intoArray(y, i);
    }
  }

  private static void sigmoidGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      // With e = exp(-|x|), f' = e / (1 + e)² loses no digits where f is close to 1.
      FloatVector e = VectorMath.exp(load(x, i).abs().neg());
      FloatVector sum = e.add(1);
      load(dy, i).mul(e.div(sum.mul(sum))).intoArray(dx, i);
    }
  }

  private static void silu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      v.div(VectorMath.exp(v.neg()).add(1)).intoArray(y, i);
    }
  }

  private static void siluGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector s = VectorMath.sigmoid(v);
      FloatVector slope = s.mul(v.fma(vector(1).sub(s), vector(1)));
      load(dy, i).mul(slope).intoArray(dx, i);
    }
  }

  private static void gelu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(VectorMath.normalProbability(v, VectorMath.bell(v))).intoArray(y, i);
    }
  }

  private static void geluGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      FloatVector bell = VectorMath.bell(v);
      FloatVector slope = v.mul(DENSITY).fma(bell, VectorMath.normalProbability(v, bell));
      load(dy, i).mul(slope).intoArray(dx, i);
    }
  }

  private static void softplus(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.softplus(load(x, i)).intoArray(y, i);
    }
  }

  private static void softplusGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      load(dy, i).mul(VectorMath.sigmoid(load(x, i))).intoArray(dx, i);
    }
  }

  private static void tanh(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      VectorMath.tanh(load(x, i)).intoArray(y, i);
    }
  }

  private static void tanhGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      // 1 − tanh² = 4e / (1 + e)² with e = exp(-2|x|).
      FloatVector e = VectorMath.exp(load(x, i).abs().mul(-2));
      FloatVector sum = e.add(1);
      load(dy, i).mul(e.mul(4).div(sum.mul(sum))).intoArray(dx, i);
    }
  }

  private static void abs(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      load(x, i).abs().intoArray(y, i);
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
    FloatVector scales = vector(scale);
    FloatVector shifts = vector(shift);
    for (int i = from; i < to; i += LANES) {
      load(x, i).fma(scales, shifts).intoArray(y, i);
    }
  }

  private static void leakyRelu(float slope, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      FloatVector v = load(x, i);
      v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0)).intoArray(y, i);
    }
  }

  private static void leakyReluGradient(
      float slope, float[] x, float[] dy, float[] dx, int from, int to) {
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
      vector(0)
          .blend(
              load(dy, i),
              v.compare(VectorOperators.GE, minimum).and(v.compare(VectorOperators.LE, maximum)))
          .intoArray(dx, i);
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
