package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Binary;
import java.util.Arrays;

/** {@link RowLoops} in plain Java. */
final class ScalarRows implements RowLoops {

  @Override
  public void binary(
      Binary operator, float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
    switch (operator) {
      case Binary.Add() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = a[aAt + i] + b[bAt + i];
        }
      }
      case Binary.Subtract() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = a[aAt + i] - b[bAt + i];
        }
      }
      case Binary.Multiply() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = a[aAt + i] * b[bAt + i];
        }
      }
      case Binary.Divide() -> {
        for (int i = 0; i < count; i++) {
          y[yAt + i] = a[aAt + i] / b[bAt + i];
        }
      }
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
    for (int row = 0; row < rows; row++) {
      binary(operator, a, aAt + row * width, b, bAt, y, yAt + row * width, width);
    }
  }

  @Override
  public void sumRows(
      float[] x, int at, int rows, int stride, int width, float[] sums, int sumsAt) {
    Arrays.fill(sums, sumsAt, sumsAt + width, 0);
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < width; j++) {
        sums[sumsAt + j] += x[at + row * stride + j];
      }
    }
  }

  @Override
  public void maxRows(
      float[] x, int at, int rows, int stride, int width, float[] maxima, int maximaAt) {
    Arrays.fill(maxima, maximaAt, maximaAt + width, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < width; j++) {
        maxima[maximaAt + j] = Math.max(maxima[maximaAt + j], x[at + row * stride + j]);
      }
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
    for (int j = 0; j < count; j++) {
      float sum = weights[weightsAt] * x[at + j];
      for (int k = 1; k < taps; k++) {
        sum += weights[weightsAt + k] * x[at + k * stride + j];
      }
      y[yAt + j] = sum;
    }
  }

  @Override
  public void unzip(float[] x, int at, float[] y, int to0, int to1, int to2, int to3, int count) {
    for (int i = 0; i < count; i++) {
      y[to0 + i] = x[at + 4 * i];
      y[to1 + i] = x[at + 4 * i + 1];
      y[to2 + i] = x[at + 4 * i + 2];
      y[to3 + i] = x[at + 4 * i + 3];
    }
  }

  @Override
  public void zip(float[] x, int at0, int at1, int at2, int at3, float[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + 4 * i] = x[at0 + i];
      y[to + 4 * i + 1] = x[at1 + i];
      y[to + 4 * i + 2] = x[at2 + i];
      y[to + 4 * i + 3] = x[at3 + i];
    }
  }

  @Override
  public void average(float rate, float[] average, float[] value, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = average[i] + rate * (value[i] - average[i]);
    }
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
    for (int i = from; i < to; i++) {
      float p = in.parameter()[i] * shrink;
      float g = gradient[i] * numbers[3] + decay * in.parameter()[i];
      float m = in.m()[i] + rates.rate1() * (g - in.m()[i]);
      float v = rates.beta2() * in.v()[i] + rates.rate2() * g * g;
      float root = (float) Math.sqrt(v / numbers[2]) + rates.epsilon();
      out.parameter()[i] = p - learningRate * (m / numbers[1] / root);
      out.m()[i] = m;
      out.v()[i] = v;
    }
  }
}
