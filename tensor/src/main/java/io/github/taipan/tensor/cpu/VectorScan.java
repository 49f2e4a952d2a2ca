package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.ScanTile.CHANNELS;
import static io.github.taipan.tensor.cpu.VectorMath.vector;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link ScanLoops} in the Vector API: a block is one vector of channels. */
final class VectorScan implements ScanLoops {
  private static final float LOG2_E = 1.4426950408889634f;

  /** Adding 1.5 · 2^23 rounds to an integer, which then stands in the low bits of the float. */
  private static final float ROUND = 0x1.8p23f;

  private static final int LOWEST = Float.floatToRawIntBits(-127);
  private static final int HIGHEST = Float.floatToRawIntBits(127);
  private static final int FARTHEST = Float.floatToRawIntBits(87.3f);

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void gather(
      ScanTile tile, float[] rows, int rowSize, int column, int width, float[] values, int block) {
    int at = tile.at(block);
    if (width == LANES) {
      for (int p = 0; p < tile.count; p++) {
        load(rows, tile.pixels[p] * rowSize + column).intoArray(values, at + p * LANES);
      }
      return;
    }
    for (int p = 0; p < tile.count; p++) {
      int from = tile.pixels[p] * rowSize + column;
      for (int lane = 0; lane < LANES; lane++) {
        values[at + p * LANES + lane] = lane < width ? rows[from + lane] : 0;
      }
    }
  }

  @Override
  public void scatter(
      ScanTile tile,
      float[] values,
      int block,
      float[] rows,
      int rowSize,
      int column,
      int width,
      boolean add) {
    int at = tile.at(block);
    if (width == LANES) {
      for (int p = 0; p < tile.count; p++) {
        int to = tile.pixels[p] * rowSize + column;
        FloatVector value = load(values, at + p * LANES);
        (add ? value.add(load(rows, to)) : value).intoArray(rows, to);
      }
      return;
    }
    for (int p = 0; p < tile.count; p++) {
      int to = tile.pixels[p] * rowSize + column;
      for (int lane = 0; lane < width; lane++) {
        float value = values[at + p * LANES + lane];
        rows[to + lane] = add ? value + rows[to + lane] : value;
      }
    }
  }

  @Override
  public void prepare(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      int at = tile.at(block);
      FloatVector bias = load(tile.bias, block * LANES);
      FloatVector d = load(tile.d, block * LANES);
      for (int p = 0; p < tile.count; p++) {
        int i = at + p * LANES;
        FloatVector u = load(tile.u, i);
        FloatVector raw = load(tile.raw, i).add(bias);
        FloatVector step = tile.softplus ? softplus(raw) : raw;
        raw.intoArray(tile.raw, i);
        step.intoArray(tile.step, i);
        step.mul(u).intoArray(tile.input, i);
        d.mul(u).intoArray(tile.y, i);
      }
    }
  }

  @Override
  public void forward(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      for (int n = 0; n < tile.states; n++) {
        forward(tile, block, n);
      }
    }
  }

  private static void forward(ScanTile tile, int block, int state) {
    float[] step = tile.step;
    float[] input = tile.input;
    float[] b = tile.b;
    float[] c = tile.c;
    float[] y = tile.y;
    int at = tile.at(block);
    int weights = tile.weightsAt(state);
    int channel = state * CHANNELS + block * LANES;
    FloatVector a = load(tile.a, channel).mul(LOG2_E);
    FloatVector h = load(tile.h, channel);
    for (int p = 0; p < tile.count; p++) {
      int i = at + p * LANES;
      int w = weights + p * LANES;
      h = exp2(load(step, i).mul(a)).fma(h, load(input, i).mul(b[w]));
      h.fma(vector(c[w]), load(y, i)).intoArray(y, i);
    }
    h.intoArray(tile.h, channel);
  }

  @Override
  public void backward(ScanTile tile) {
    Arrays.fill(tile.inputGradient, 0);
    Arrays.fill(tile.stepGradient, 0);
    for (int n = 0; n < tile.states; n++) {
      for (int block = 0; block < tile.blocks; block++) {
        recompute(tile, block, n);
        backward(tile, block, n);
      }
      sumLanes(tile, n);
    }
  }

  private static void recompute(ScanTile tile, int block, int state) {
    float[] step = tile.step;
    float[] input = tile.input;
    float[] b = tile.b;
    float[] decays = tile.decays;
    float[] history = tile.history;
    int at = tile.at(block);
    int weights = tile.weightsAt(state);
    int channel = state * CHANNELS + block * LANES;
    FloatVector a = load(tile.a, channel).mul(LOG2_E);
    FloatVector h = load(tile.h, channel);
    h.intoArray(history, 0);
    for (int p = 0; p < tile.count; p++) {
      int i = at + p * LANES;
      FloatVector decay = exp2(load(step, i).mul(a));
      h = decay.fma(h, load(input, i).mul(b[weights + p * LANES]));
      decay.intoArray(decays, p * LANES);
      h.intoArray(history, LANES + p * LANES);
    }
  }

  private static void backward(ScanTile tile, int block, int state) {
    float[] step = tile.step;
    float[] input = tile.input;
    float[] b = tile.b;
    float[] c = tile.c;
    float[] y = tile.y;
    float[] decays = tile.decays;
    float[] history = tile.history;
    float[] stepGradient = tile.stepGradient;
    float[] inputGradient = tile.inputGradient;
    float[] bLanes = tile.bLanes;
    float[] cLanes = tile.cLanes;
    int at = tile.at(block);
    int weights = tile.weightsAt(state);
    int channel = state * CHANNELS + block * LANES;
    FloatVector a = load(tile.a, channel);
    FloatVector carry = load(tile.carry, channel);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector h = load(history, tile.count * LANES);
    for (int p = tile.count - 1; p >= 0; p--) {
      int i = at + p * LANES;
      int j = p * LANES;
      int w = weights + p * LANES;
      FloatVector dy = load(y, i);
      FloatVector dh = dy.fma(vector(c[w]), carry);
      h.fma(dy, load(cLanes, j)).intoArray(cLanes, j);
      h = load(history, j);
      carry = dh.mul(load(decays, j));
      FloatVector decayed = carry.mul(h);
      sum = decayed.fma(load(step, i), sum);
      decayed.fma(a, load(stepGradient, i)).intoArray(stepGradient, i);
      dh.fma(vector(b[w]), load(inputGradient, i)).intoArray(inputGradient, i);
      dh.fma(load(input, i), load(bLanes, j)).intoArray(bLanes, j);
    }
    carry.intoArray(tile.carry, channel);
    sum.add(load(tile.aGradient, channel)).intoArray(tile.aGradient, channel);
  }

  /** Sums the lanes of the gradients of B and C, complete for this state, and clears them. */
  private static void sumLanes(ScanTile tile, int state) {
    int weights = tile.weightsAt(state);
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int p = 0; p < tile.count; p++) {
      int i = p * LANES;
      tile.bGradient[weights + i] = VectorWidth.sum(load(tile.bLanes, i));
      tile.cGradient[weights + i] = VectorWidth.sum(load(tile.cLanes, i));
      zero.intoArray(tile.bLanes, i);
      zero.intoArray(tile.cLanes, i);
    }
  }

  @Override
  public void finish(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      int at = tile.at(block);
      int channel = block * LANES;
      FloatVector d = load(tile.d, channel);
      FloatVector dSum = FloatVector.zero(SPECIES);
      FloatVector biasSum = dSum;
      for (int p = 0; p < tile.count; p++) {
        int i = at + p * LANES;
        FloatVector u = load(tile.u, i);
        FloatVector dy = load(tile.y, i);
        FloatVector dInput = load(tile.inputGradient, i);
        FloatVector dStep = dInput.fma(u, load(tile.stepGradient, i));
        if (tile.softplus) {
          dStep = dStep.mul(sigmoid(load(tile.raw, i)));
        }
        dInput.fma(load(tile.step, i), d.mul(dy)).intoArray(tile.input, i);
        dStep.intoArray(tile.step, i);
        dSum = dy.fma(u, dSum);
        biasSum = biasSum.add(dStep);
      }
      dSum.add(load(tile.dGradient, channel)).intoArray(tile.dGradient, channel);
      biasSum.add(load(tile.biasGradient, channel)).intoArray(tile.biasGradient, channel);
    }
  }

  /** log(1 + e^x). */
  static FloatVector softplus(FloatVector x) {
    // The positive part of x plus log(1 + z) with z = e^-|x|, that is 2 artanh(z / (2 + z)).
    FloatVector z = exponentialOfMinus(x.abs());
    FloatVector s = z.div(z.add(2));
    FloatVector s2 = s.mul(s);
    FloatVector p = vector(0.281783350867f).fma(s2, vector(0.279606027472f));
    p = p.fma(s2, vector(0.400249102795f)).fma(s2, vector(0.666663146821f)).fma(s2, vector(2));
    return p.fma(s, x.add(x.abs()).mul(0.5f));
  }

  /** 1 / (1 + e^-x), the slope of softplus. */
  static FloatVector sigmoid(FloatVector x) {
    FloatVector z = exponentialOfMinus(x.abs());
    FloatVector one = vector(1);
    return one.blend(z, x.compare(VectorOperators.LT, 0)).div(z.add(one));
  }

  /** e^-x for x ≥ 0, but 2^-126 where it is less. */
  private static FloatVector exponentialOfMinus(FloatVector x) {
    FloatVector clamped = x.reinterpretAsInts().min(FARTHEST).reinterpretAsFloats();
    FloatVector rounded = clamped.fma(vector(-LOG2_E), vector(ROUND));
    return power(rounded, clamped.fma(vector(-LOG2_E), vector(ROUND).sub(rounded)));
  }

  /** 2^x, 0 below -127. Clamping bits takes one instruction; not-a-number becomes a number. */
  static FloatVector exp2(FloatVector x) {
    FloatVector clamped =
        x.reinterpretAsInts()
            .lanewise(VectorOperators.UMIN, LOWEST)
            .min(HIGHEST)
            .reinterpretAsFloats();
    FloatVector rounded = clamped.add(ROUND);
    return power(rounded, clamped.sub(rounded.sub(ROUND)));
  }

  /**
   * 2^(n + f) where the low bits of {@code rounded} are n and |f| ≤ ½: relative error 1e-7, and exact
   * at f = 0, as the errors of slow decays would add up. Terms are paired for a short chain of
   * operations: the loops that use this are bound by latency.
   */
  private static FloatVector power(FloatVector rounded, FloatVector f) {
    FloatVector f2 = f.mul(f);
    FloatVector low = vector(0.693146977723f).fma(f, vector(1));
    FloatVector middle = vector(0.0555073359239f).fma(f, vector(0.240222421136f));
    FloatVector high = vector(0.00132647684606f).fma(f, vector(0.0096715113375f));
    return high.fma(f2, middle)
        .fma(f2, low)
        .reinterpretAsInts()
        .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }

  private static FloatVector load(float[] values, int at) {
    return FloatVector.fromArray(SPECIES, values, at);
  }
}
