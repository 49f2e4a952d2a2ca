package io.github.taipan.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link DepthwiseKernel} in the Vector API: lanes across channels. */
final class VectorDepthwise implements DepthwiseKernel {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.SPECIES;
  private static final int LANES = VectorWidth.LANES;

  /** Pixels of a line whose inputs stay in the first-level cache while all channels pass. */
  private static final int COLUMNS = 32;

  /** Pixels that are worked on together for the weight gradient. */
  private static final int PIXELS = 4;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void line(
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
      int from,
      int to) {
    for (int start = from; start < to; start += COLUMNS) {
      int end = Math.min(start + COLUMNS, to);
      int at = yAt + (start - from) * channels;
      for (int group = 0; group < channels; group += LANES) {
        int c = Math.min(group, channels - LANES);
        lineOf(
            above,
            aboveAt + c,
            x,
            middle + c,
            below,
            belowAt + c,
            width,
            channels,
            weights,
            c,
            y,
            at + c,
            start,
            end);
      }
    }
  }

  /**
   * Some pixels of a line in one vector of channels. Nine weights stay in registers, and each input
   * value is loaded once while three output pixels are under way.
   */
  private static void lineOf(
      float[] above,
      int a,
      float[] middle,
      int m,
      float[] below,
      int b,
      int width,
      int step,
      float[] w,
      int channel,
      float[] y,
      int yAt,
      int from,
      int to) {
    FloatVector w00 = load(w, channel);
    FloatVector w01 = load(w, channel + step);
    FloatVector w02 = load(w, channel + 2 * step);
    FloatVector w10 = load(w, channel + 3 * step);
    FloatVector w11 = load(w, channel + 4 * step);
    FloatVector w12 = load(w, channel + 5 * step);
    FloatVector w20 = load(w, channel + 6 * step);
    FloatVector w21 = load(w, channel + 7 * step);
    FloatVector w22 = load(w, channel + 8 * step);
    FloatVector start = load(w, channel + 9 * step);
    FloatVector current = start; // the sum of output column i
    if (from > 0) {
      int at = (from - 1) * step;
      current =
          start.add(
              column(
                  load(above, a + at), w00, load(middle, m + at), w10, load(below, b + at), w20));
    }
    int at = from * step;
    FloatVector va = load(above, a + at);
    FloatVector vm = load(middle, m + at);
    FloatVector vb = load(below, b + at);
    current = current.add(column(va, w01, vm, w11, vb, w21));
    FloatVector next = start.add(column(va, w00, vm, w10, vb, w20));
    int whole = Math.min(to, width - 1);
    for (int i = from; i < whole; i++) {
      int right = (i + 1) * step;
      va = load(above, a + right);
      vm = load(middle, m + right);
      vb = load(below, b + right);
      current.add(column(va, w02, vm, w12, vb, w22)).intoArray(y, yAt + (i - from) * step);
      current = next.add(column(va, w01, vm, w11, vb, w21));
      next = start.add(column(va, w00, vm, w10, vb, w20));
    }
    if (whole < to) {
      current.intoArray(y, yAt + (whole - from) * step);
    }
  }

  /** A sum of three products that waits for no other. */
  private static FloatVector column(
      FloatVector va,
      FloatVector wa,
      FloatVector vm,
      FloatVector wm,
      FloatVector vb,
      FloatVector wb) {
    return va.mul(wa).add(vm.fma(wm, vb.mul(wb)));
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
    int tap = Math.ceilDiv(channels, LANES) * LANES;
    for (int row = 0; row < 3; row++) {
      float[] line = row == 0 ? above : row == 1 ? x : below;
      int start = row == 0 ? aboveAt : row == 1 ? middle : belowAt;
      int rowSums = sumsAt + 3 * row * tap;
      int whole = SPECIES.loopBound(channels);
      gradientOf(line, start, width, channels, g, gAt, rowSums, sums, 0, whole);
      if (whole < channels) { // lanes ending with the last channel, with sums of their own
        int back = rowSums + whole + LANES - channels;
        gradientOf(line, start, width, channels, g, gAt, back, sums, channels - LANES, channels);
      }
    }
  }

  /**
   * Adds what one line of input contributes to the sums of three taps and of the channels {@code
   * from} to {@code to} − 1; channel 0 of the first tap has its sum at {@code sumsAt}.
   */
  private static void gradientOf(
      float[] x,
      int line,
      int width,
      int step,
      float[] g,
      int gAt,
      int sumsAt,
      float[] sums,
      int from,
      int to) {
    int tap = Math.ceilDiv(step, LANES) * LANES;
    int last = width - 1;
    for (int column = 0; column <= last; ) {
      int at = gAt + column * step;
      int xAt = line + column * step;
      boolean inside = column > 0 && column + PIXELS <= last;
      if (inside) {
        fourProducts(x, xAt - step, step, g, at, sums, sumsAt, tap, from, to);
      } else {
        int firstTap = column == 0 ? 1 : 0;
        int endTap = column == last ? 2 : 3;
        for (int kx = firstTap; kx < endTap; kx++) {
          int seen = xAt + (kx - 1) * step;
          products(x, seen, g, at, sums, sumsAt + kx * tap, from, to);
        }
      }
      column += inside ? PIXELS : 1;
    }
  }

  /** What four pixels and one line of input add to the sums of three weights. */
  private static void fourProducts(
      float[] x,
      int x0,
      int step,
      float[] g,
      int gAt,
      float[] sums,
      int sums0,
      int tap,
      int from,
      int to) {
    int x1 = x0 + step;
    int x2 = x1 + step;
    int x3 = x2 + step;
    int x4 = x3 + step;
    int x5 = x4 + step;
    int g1 = gAt + step;
    int g2 = g1 + step;
    int g3 = g2 + step;
    int sums1 = sums0 + tap;
    int sums2 = sums1 + tap;
    for (int c = from; c < to; c += LANES) {
      FloatVector here = load(g, gAt + c);
      FloatVector left = load(x, x0 + c).fma(here, load(sums, sums0 + c));
      FloatVector value = load(x, x1 + c);
      FloatVector middle = value.fma(here, load(sums, sums1 + c));
      FloatVector next = load(g, g1 + c);
      left = value.fma(next, left);
      value = load(x, x2 + c);
      FloatVector right = value.fma(here, load(sums, sums2 + c));
      middle = value.fma(next, middle);
      here = load(g, g2 + c);
      left = value.fma(here, left);
      value = load(x, x3 + c);
      right = value.fma(next, right);
      middle = value.fma(here, middle);
      next = load(g, g3 + c);
      left = value.fma(next, left);
      value = load(x, x4 + c);
      right = value.fma(here, right);
      middle = value.fma(next, middle);
      right = load(x, x5 + c).fma(next, right);
      left.intoArray(sums, sums0 + c);
      middle.intoArray(sums, sums1 + c);
      right.intoArray(sums, sums2 + c);
    }
  }

  private static void products(
      float[] x, int xAt, float[] g, int gAt, float[] sums, int sumsAt, int from, int to) {
    for (int c = from; c < to; c += LANES) {
      load(x, xAt + c).fma(load(g, gAt + c), load(sums, sumsAt + c)).intoArray(sums, sumsAt + c);
    }
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
