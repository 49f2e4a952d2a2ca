package io.github.taipan.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DepthwiseKernel} in the Vector API: lanes across channels, nine weights or sums in registers,
 * each input value loaded once while three output columns are under way.
 */
final class VectorDepthwise implements DepthwiseKernel {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.SPECIES;
  private static final int LANES = VectorWidth.LANES;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void row(
      Lines lines, float[] weights, float[] bias, float[] y, int yAt, int from, int to) {
    int channels = lines.channels();
    for (int group = 0; group < channels; group += LANES) {
      rowOfLanes(lines, Math.min(group, channels - LANES), weights, bias, y, yAt, from, to);
    }
  }

  private static void rowOfLanes(
      Lines lines, int channel, float[] w, float[] bias, float[] y, int yAt, int from, int to) {
    float[] above = lines.above();
    float[] middle = lines.middle();
    float[] below = lines.below();
    int step = lines.channels();
    int a = lines.aboveAt() + channel;
    int m = lines.middleAt() + channel;
    int b = lines.belowAt() + channel;
    FloatVector w00 = load(w, channel);
    FloatVector w01 = load(w, channel + step);
    FloatVector w02 = load(w, channel + 2 * step);
    FloatVector w10 = load(w, channel + 3 * step);
    FloatVector w11 = load(w, channel + 4 * step);
    FloatVector w12 = load(w, channel + 5 * step);
    FloatVector w20 = load(w, channel + 6 * step);
    FloatVector w21 = load(w, channel + 7 * step);
    FloatVector w22 = load(w, channel + 8 * step);
    FloatVector start = load(bias, channel);
    FloatVector current = start; // the sum of output column i
    if (from > 0) {
      int at = (from - 1) * step;
      current = current.add(column(load(above, a + at), w00, load(middle, m + at), w10, load(below, b + at), w20));
    }
    int at = from * step;
    FloatVector va = load(above, a + at);
    FloatVector vm = load(middle, m + at);
    FloatVector vb = load(below, b + at);
    current = current.add(column(va, w01, vm, w11, vb, w21));
    FloatVector next = start.add(column(va, w00, vm, w10, vb, w20));
    int whole = Math.min(to, lines.width() - 1);
    for (int i = from; i < whole; i++) {
      int right = (i + 1) * step;
      va = load(above, a + right);
      vm = load(middle, m + right);
      vb = load(below, b + right);
      current.add(column(va, w02, vm, w12, vb, w22)).intoArray(y, yAt + channel + i * step);
      current = next.add(column(va, w01, vm, w11, vb, w21));
      next = start.add(column(va, w00, vm, w10, vb, w20));
    }
    if (whole < to) {
      current.intoArray(y, yAt + channel + whole * step);
    }
  }

  private static FloatVector column(
      FloatVector va, FloatVector wa, FloatVector vm, FloatVector wm, FloatVector vb, FloatVector wb) {
    return va.mul(wa).add(vm.fma(wm, vb.mul(wb)));
  }

  @Override
  public void weightGradient(Lines lines, float[] g, int gAt, float[] sums, int from, int to) {
    int channels = lines.channels();
    for (int group = 0; group < channels; group += LANES) {
      gradientOfLanes(
          lines, Math.min(group, channels - LANES), g, gAt, sums, group, from, to);
    }
  }

  private static void gradientOfLanes(
      Lines lines, int channel, float[] g, int gAt, float[] sums, int sumsAt, int from, int to) {
    float[] above = lines.above();
    float[] middle = lines.middle();
    float[] below = lines.below();
    int step = lines.channels();
    int tap = Math.ceilDiv(step, LANES) * LANES;
    int a = lines.aboveAt() + channel;
    int m = lines.middleAt() + channel;
    int b = lines.belowAt() + channel;
    int gradient = gAt + channel;
    FloatVector s00 = load(sums, sumsAt);
    FloatVector s01 = load(sums, sumsAt + tap);
    FloatVector s02 = load(sums, sumsAt + 2 * tap);
    FloatVector s10 = load(sums, sumsAt + 3 * tap);
    FloatVector s11 = load(sums, sumsAt + 4 * tap);
    FloatVector s12 = load(sums, sumsAt + 5 * tap);
    FloatVector s20 = load(sums, sumsAt + 6 * tap);
    FloatVector s21 = load(sums, sumsAt + 7 * tap);
    FloatVector s22 = load(sums, sumsAt + 8 * tap);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector left = from > 0 ? load(g, gradient + (from - 1) * step) : zero;
    FloatVector here = load(g, gradient + from * step);
    int last = lines.width() - 1;
    for (int i = from; i < to; i++) {
      int at = i * step;
      FloatVector right = i < last ? load(g, gradient + at + step) : zero;
      FloatVector value = load(above, a + at);
      s00 = value.fma(right, s00);
      s01 = value.fma(here, s01);
      s02 = value.fma(left, s02);
      value = load(middle, m + at);
      s10 = value.fma(right, s10);
      s11 = value.fma(here, s11);
      s12 = value.fma(left, s12);
      value = load(below, b + at);
      s20 = value.fma(right, s20);
      s21 = value.fma(here, s21);
      s22 = value.fma(left, s22);
      left = here;
      here = right;
    }
    s00.intoArray(sums, sumsAt);
    s01.intoArray(sums, sumsAt + tap);
    s02.intoArray(sums, sumsAt + 2 * tap);
    s10.intoArray(sums, sumsAt + 3 * tap);
    s11.intoArray(sums, sumsAt + 4 * tap);
    s12.intoArray(sums, sumsAt + 5 * tap);
    s20.intoArray(sums, sumsAt + 6 * tap);
    s21.intoArray(sums, sumsAt + 7 * tap);
    s22.intoArray(sums, sumsAt + 8 * tap);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
