package io.github.taipan.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link DepthwiseKernel} in the Vector API: lanes across channels. */
final class VectorDepthwise implements DepthwiseKernel {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.SPECIES;
  private static final int LANES = VectorWidth.LANES;

  /** Lines that are worked on together. */
  private static final int TOGETHER = 3;

  /** Pixels of a line whose inputs stay in the first-level cache while all channels pass. */
  private static final int COLUMNS = 16;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int together() {
    return TOGETHER;
  }

  @Override
  public void lines(
      int count,
      float[] above,
      int aboveAt,
      float[] x,
      int middle,
      float[] below,
      int belowAt,
      int width,
      int channels,
      float[] weights,
      float[] y,
      int yAt,
      int yStep,
      int from,
      int to) {
    for (int start = from; start < to; start += COLUMNS) {
      int end = Math.min(start + COLUMNS, to);
      int first = Math.max(start - 1, 0);
      int seen = first * channels;
      int at = yAt + (start - from) * channels;
      for (int group = 0; group < channels; group += LANES) {
        int c = Math.min(group, channels - LANES);
        int a = aboveAt + seen + c;
        int m = middle + seen + c;
        int b = belowAt + seen + c;
        if (count == TOGETHER) {
          three(
              above, a, x, m, below, b, channels, width, weights, c, y, at + c, yStep, first, start,
              end);
        } else {
          one(above, a, x, m, below, b, channels, width, weights, c, y, at + c, first, start, end);
        }
      }
    }
  }

  /**
   * Some pixels of three lines in one vector of channels. Nine weights stay in registers, and each
   * input value is loaded once while up to nine output pixels are under way. What is stored before
   * the first output pixel is complete is overwritten by it.
   *
   * @param a where column {@code first} is in the line above, as m and b in the other lines
   */
  private static void three(
      float[] above,
      int a,
      float[] x,
      int m,
      float[] below,
      int b,
      int step,
      int width,
      float[] w,
      int channel,
      float[] y,
      int yAt,
      int yStep,
      int first,
      int from,
      int to) {
    FloatVector w0 = load(w, channel);
    FloatVector w1 = load(w, channel + step);
    FloatVector w2 = load(w, channel + 2 * step);
    FloatVector w3 = load(w, channel + 3 * step);
    FloatVector w4 = load(w, channel + 4 * step);
    FloatVector w5 = load(w, channel + 5 * step);
    FloatVector w6 = load(w, channel + 6 * step);
    FloatVector w7 = load(w, channel + 7 * step);
    FloatVector w8 = load(w, channel + 8 * step);
    FloatVector bias = load(w, channel + 9 * step);
    FloatVector left0 = bias; // sums of the pixels left of the column, and of those in it
    FloatVector left1 = bias;
    FloatVector left2 = bias;
    FloatVector here0 = bias;
    FloatVector here1 = bias;
    FloatVector here2 = bias;
    int line = width * step;
    int end = Math.min(to, width - 1);
    for (int column = first; column <= end; column++) {
      FloatVector v0 = load(above, a);
      FloatVector v1 = load(x, m);
      FloatVector v2 = load(x, m + line);
      FloatVector v3 = load(x, m + 2 * line);
      FloatVector v4 = load(below, b);
      v2.fma(w8, v1.fma(w5, v0.fma(w2, left0))).intoArray(y, yAt);
      v3.fma(w8, v2.fma(w5, v1.fma(w2, left1))).intoArray(y, yAt + yStep);
      v4.fma(w8, v3.fma(w5, v2.fma(w2, left2))).intoArray(y, yAt + 2 * yStep);
      left0 = v2.fma(w7, v1.fma(w4, v0.fma(w1, here0)));
      left1 = v3.fma(w7, v2.fma(w4, v1.fma(w1, here1)));
      left2 = v4.fma(w7, v3.fma(w4, v2.fma(w1, here2)));
      here0 = v2.fma(w6, v1.fma(w3, v0.fma(w0, bias)));
      here1 = v3.fma(w6, v2.fma(w3, v1.fma(w0, bias)));
      here2 = v4.fma(w6, v3.fma(w3, v2.fma(w0, bias)));
      yAt += column > from ? step : 0;
      a += step;
      m += step;
      b += step;
    }
    if (to == width) {
      left0.intoArray(y, yAt);
      left1.intoArray(y, yAt + yStep);
      left2.intoArray(y, yAt + 2 * yStep);
    }
  }

  /** {@link #three} for one line. */
  private static void one(
      float[] above,
      int a,
      float[] x,
      int m,
      float[] below,
      int b,
      int step,
      int width,
      float[] w,
      int channel,
      float[] y,
      int yAt,
      int first,
      int from,
      int to) {
    FloatVector w0 = load(w, channel);
    FloatVector w1 = load(w, channel + step);
    FloatVector w2 = load(w, channel + 2 * step);
    FloatVector w3 = load(w, channel + 3 * step);
    FloatVector w4 = load(w, channel + 4 * step);
    FloatVector w5 = load(w, channel + 5 * step);
    FloatVector w6 = load(w, channel + 6 * step);
    FloatVector w7 = load(w, channel + 7 * step);
    FloatVector w8 = load(w, channel + 8 * step);
    FloatVector bias = load(w, channel + 9 * step);
    FloatVector left = bias;
    FloatVector here = bias;
    int end = Math.min(to, width - 1);
    for (int column = first; column <= end; column++) {
      FloatVector v0 = load(above, a);
      FloatVector v1 = load(x, m);
      FloatVector v2 = load(below, b);
      v2.fma(w8, v1.fma(w5, v0.fma(w2, left))).intoArray(y, yAt);
      left = v2.fma(w7, v1.fma(w4, v0.fma(w1, here)));
      here = v2.fma(w6, v1.fma(w3, v0.fma(w0, bias)));
      yAt += column > from ? step : 0;
      a += step;
      m += step;
      b += step;
    }
    if (to == width) {
      left.intoArray(y, yAt);
    }
  }

  @Override
  public void weightGradient(
      float[] above,
      int aboveAt,
      float[] x,
      int middle,
      float[] below,
      int belowAt,
      int width,
      int channels,
      float[] g,
      int gAt,
      float[] sums,
      int sumsAt) {
    for (int group = 0; group < channels; group += LANES) {
      int c = Math.min(group, channels - LANES);
      gradientOf(
          above,
          aboveAt + c,
          x,
          middle + c,
          below,
          belowAt + c,
          width,
          channels,
          g,
          gAt + c,
          sums,
          sumsAt + group);
    }
  }

  /**
   * One line's part of nine sums, which stay in registers. Each input value meets the gradients of
   * the pixels left of it, at it and right of it.
   */
  private static void gradientOf(
      float[] above,
      int a,
      float[] x,
      int m,
      float[] below,
      int b,
      int width,
      int step,
      float[] g,
      int gAt,
      float[] sums,
      int sumsAt) {
    int tap = Math.ceilDiv(step, LANES) * LANES;
    FloatVector s0 = load(sums, sumsAt);
    FloatVector s1 = load(sums, sumsAt + tap);
    FloatVector s2 = load(sums, sumsAt + 2 * tap);
    FloatVector s3 = load(sums, sumsAt + 3 * tap);
    FloatVector s4 = load(sums, sumsAt + 4 * tap);
    FloatVector s5 = load(sums, sumsAt + 5 * tap);
    FloatVector s6 = load(sums, sumsAt + 6 * tap);
    FloatVector s7 = load(sums, sumsAt + 7 * tap);
    FloatVector s8 = load(sums, sumsAt + 8 * tap);
    FloatVector left = FloatVector.zero(SPECIES);
    FloatVector here = load(g, gAt);
    for (int column = 1; column < width; column++) {
      gAt += step;
      FloatVector right = load(g, gAt);
      FloatVector v = load(above, a);
      s0 = v.fma(right, s0);
      s1 = v.fma(here, s1);
      s2 = v.fma(left, s2);
      v = load(x, m);
      s3 = v.fma(right, s3);
      s4 = v.fma(here, s4);
      s5 = v.fma(left, s5);
      v = load(below, b);
      s6 = v.fma(right, s6);
      s7 = v.fma(here, s7);
      s8 = v.fma(left, s8);
      left = here;
      here = right;
      a += step;
      m += step;
      b += step;
    }
    FloatVector va = load(above, a);
    FloatVector vm = load(x, m);
    FloatVector vb = load(below, b);
    s0.intoArray(sums, sumsAt);
    va.fma(here, s1).intoArray(sums, sumsAt + tap);
    va.fma(left, s2).intoArray(sums, sumsAt + 2 * tap);
    s3.intoArray(sums, sumsAt + 3 * tap);
    vm.fma(here, s4).intoArray(sums, sumsAt + 4 * tap);
    vm.fma(left, s5).intoArray(sums, sumsAt + 5 * tap);
    s6.intoArray(sums, sumsAt + 6 * tap);
    vb.fma(here, s7).intoArray(sums, sumsAt + 7 * tap);
    vb.fma(left, s8).intoArray(sums, sumsAt + 8 * tap);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
