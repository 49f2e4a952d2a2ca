package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import io.github.taipan.tensor.Binary;
import jdk.incubator.vector.FloatVector;

/** {@link RowLoops} in the Vector API; what is left of a row at its end goes the scalar way. */
final class VectorRows implements RowLoops {
  private final ScalarRows scalar = new ScalarRows();

  @Override
  public void binary(
      Binary operator, float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
    int whole = SPECIES.loopBound(count);
    switch (operator) {
      case Binary.Add() -> add(a, aAt, b, bAt, y, yAt, whole);
      case Binary.Subtract() -> subtract(a, aAt, b, bAt, y, yAt, whole);
      case Binary.Multiply() -> multiply(a, aAt, b, bAt, y, yAt, whole);
      case Binary.Divide() -> divide(a, aAt, b, bAt, y, yAt, whole);
    }
    if (whole < count) {
      scalar.binary(operator, a, aAt + whole, b, bAt + whole, y, yAt + whole, count - whole);
    }
  }

  private static void add(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int whole) {
    for (int i = 0; i < whole; i += LANES) {
      load(a, aAt + i).add(load(b, bAt + i)).intoArray(y, yAt + i);
    }
  }

  private static void subtract(
      float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int whole) {
    for (int i = 0; i < whole; i += LANES) {
      load(a, aAt + i).sub(load(b, bAt + i)).intoArray(y, yAt + i);
    }
  }

  private static void multiply(
      float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int whole) {
    for (int i = 0; i < whole; i += LANES) {
      load(a, aAt + i).mul(load(b, bAt + i)).intoArray(y, yAt + i);
    }
  }

  private static void divide(
      float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int whole) {
    for (int i = 0; i < whole; i += LANES) {
      load(a, aAt + i).div(load(b, bAt + i)).intoArray(y, yAt + i);
    }
  }

  @Override
  public void binaryRows(
      Binary operator,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] y,
      int yAt,
      int rows,
      int width) {
    int whole = SPECIES.loopBound(width);
    switch (operator) {
      case Binary.Add() -> addRows(a, aAt, b, bAt, y, yAt, rows, width, whole);
      case Binary.Multiply() -> multiplyRows(a, aAt, b, bAt, y, yAt, rows, width, whole);
      default -> whole = 0;
    }
    for (int row = 0; whole < width && row < rows; row++) {
      int at = row * width + whole;
      binary(operator, a, aAt + at, b, bAt + whole, y, yAt + at, width - whole);
    }
  }

  private static void addRows(
      float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int rows, int width, int whole) {
    for (int row = 0; row < rows; row++) {
      int from = aAt + row * width;
      int to = yAt + row * width;
      for (int j = 0; j < whole; j += LANES) {
        load(a, from + j).add(load(b, bAt + j)).intoArray(y, to + j);
      }
    }
  }

  private static void multiplyRows(
      float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int rows, int width, int whole) {
    for (int row = 0; row < rows; row++) {
      int from = aAt + row * width;
      int to = yAt + row * width;
      for (int j = 0; j < whole; j += LANES) {
        load(a, from + j).mul(load(b, bAt + j)).intoArray(y, to + j);
      }
    }
  }

  @Override
  public void sumRows(
      float[] x, int at, int rows, int stride, int width, float[] sums, int sumsAt) {
    int j = 0;
    // Four chains of additions at a time, as one alone would wait for itself.
    for (; j + 4 * LANES <= width; j += 4 * LANES) {
      FloatVector s0 = FloatVector.zero(SPECIES);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int row = 0; row < rows; row++) {
        int from = at + row * stride + j;
        s0 = s0.add(load(x, from));
        s1 = s1.add(load(x, from + LANES));
        s2 = s2.add(load(x, from + 2 * LANES));
        s3 = s3.add(load(x, from + 3 * LANES));
      }
      s0.intoArray(sums, sumsAt + j);
      s1.intoArray(sums, sumsAt + j + LANES);
      s2.intoArray(sums, sumsAt + j + 2 * LANES);
      s3.intoArray(sums, sumsAt + j + 3 * LANES);
    }
    for (; j + LANES <= width; j += LANES) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int row = 0; row < rows; row++) {
        sum = sum.add(load(x, at + row * stride + j));
      }
      sum.intoArray(sums, sumsAt + j);
    }
    for (; j < width; j++) {
      float sum = 0;
      for (int row = 0; row < rows; row++) {
        sum += x[at + row * stride + j];
      }
      sums[sumsAt + j] = sum;
    }
  }

  @Override
  public void maxRows(
      float[] x, int at, int rows, int stride, int width, float[] maxima, int maximaAt) {
    int j = 0;
    for (; j + LANES <= width; j += LANES) {
      FloatVector max = load(x, at + j);
      for (int row = 1; row < rows; row++) {
        max = max.max(load(x, at + row * stride + j));
      }
      max.intoArray(maxima, maximaAt + j);
    }
    for (; j < width; j++) {
      float max = x[at + j];
      for (int row = 1; row < rows; row++) {
        max = Math.max(max, x[at + row * stride + j]);
      }
      maxima[maximaAt + j] = max;
    }
  }

  @Override
  public void mix(
      float[] x,
      int at,
      int stride,
      float[] weights,
      int weightsAt,
      int taps,
      float[] y,
      int yAt,
      int count) {
    int j = 0;
    for (; j + LANES <= count; j += LANES) {
      FloatVector sum = load(x, at + j).mul(weights[weightsAt]);
      for (int k = 1; k < taps; k++) {
        FloatVector weight = FloatVector.broadcast(SPECIES, weights[weightsAt + k]);
        sum = load(x, at + k * stride + j).fma(weight, sum);
      }
      sum.intoArray(y, yAt + j);
    }
    if (j < count) {
      scalar.mix(x, at + j, stride, weights, weightsAt, taps, y, yAt + j, count - j);
    }
  }

  @Override
  public void unzip(float[] x, int at, float[] y, int to0, int to1, int to2, int to3, int count) {
    int n = SPECIES.loopBound(count);
    VectorFours.unzip(x, at, y, to0, to1, to2, to3, n);
    scalar.unzip(x, at + 4 * n, y, to0 + n, to1 + n, to2 + n, to3 + n, count - n);
  }

  @Override
  public void zip(float[] x, int at0, int at1, int at2, int at3, float[] y, int to, int count) {
    int n = SPECIES.loopBound(count);
    VectorFours.zip(x, at0, at1, at2, at3, y, to, n);
    scalar.zip(x, at0 + n, at1 + n, at2 + n, at3 + n, y, to + 4 * n, count - n);
  }

  @Override
  public void average(float rate, float[] average, float[] value, float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector e = load(average, i);
      e.add(load(value, i).sub(e).mul(rate)).intoArray(y, i);
    }
    scalar.average(rate, average, value, y, i, to);
  }

  @Override
  public void adam(
      AdamRates rates,
      float[] numbers,
      AdamArrays in,
      float[] gradient,
      AdamArrays out,
      int from,
      int to) {
    float learningRate = numbers[0];
    float shrink = rates.shrink(learningRate);
    float decay = rates.decay();
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector p = load(in.parameter(), i);
      FloatVector g = load(gradient, i).mul(numbers[3]).add(p.mul(decay));
      FloatVector m = load(in.m(), i);
      m = m.add(g.sub(m).mul(rates.rate1()));
      FloatVector v = load(in.v(), i).mul(rates.beta2()).add(g.mul(rates.rate2()).mul(g));
      FloatVector root = v.div(numbers[2]).sqrt().add(rates.epsilon());
      FloatVector move = m.div(numbers[1]).div(root).mul(learningRate);
      p.mul(shrink).sub(move).intoArray(out.parameter(), i);
      m.intoArray(out.m(), i);
      v.intoArray(out.v(), i);
    }
    scalar.adam(rates, numbers, in, gradient, out, i, to);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
