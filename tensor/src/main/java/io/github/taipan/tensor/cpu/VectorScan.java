package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.ScanTile.CHANNELS;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** {@link ScanLoops} in the Vector API: a block is one vector of channels. */
final class VectorScan implements ScanLoops {
  private static final float LOG2_E = 1.4426950408889634f;

  /** Adding 1.5 · 2^23 rounds to an integer, which then stands in the low bits of the float. */
  private static final float ROUND = 0x1.8p23f;

  /** {@link #ROUND} plus the lowest exponent, with which mantissas above ½ make normal numbers. */
  private static final int LOWEST = Float.floatToRawIntBits(ROUND - 125);

  /** Where e^-x is as good as 0. */
  private static final int FARTHEST = Float.floatToRawIntBits(86);

  /** The upper halves of groups of LANES, LANES / 2 ... 2 lanes, and how their halves swap. */
  private static final List<VectorMask<Float>> UPPER = new ArrayList<>();

  private static final List<VectorShuffle<Float>> SWAP = new ArrayList<>();

  static {
    for (int half = LANES / 2; half > 0; half /= 2) {
      boolean[] upper = new boolean[LANES];
      int[] swap = new int[LANES];
      for (int lane = 0; lane < LANES; lane++) {
        upper[lane] = (lane & half) != 0;
        swap[lane] = lane ^ half;
      }
      UPPER.add(VectorMask.fromArray(SPECIES, upper, 0));
      SWAP.add(VectorShuffle.fromArray(SPECIES, swap, 0));
    }
  }

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
        FloatVector.fromArray(SPECIES, rows, tile.pixels[p] * rowSize + column)
            .intoArray(values, at + p * LANES);
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
        FloatVector value = FloatVector.fromArray(SPECIES, values, at + p * LANES);
        (add ? value.add(FloatVector.fromArray(SPECIES, rows, to)) : value).intoArray(rows, to);
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
  public void project(ScanTile tile, float[] rows, int rowSize, int column, int rank) {
    VectorStepSizes.project(tile, rows, rowSize, column, rank);
  }

  @Override
  public void prepare(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      int at = tile.at(block);
      FloatVector bias = FloatVector.fromArray(SPECIES, tile.bias, block * LANES);
      FloatVector d = FloatVector.fromArray(SPECIES, tile.d, block * LANES);
      FloatVector lowest = FloatVector.fromArray(SPECIES, tile.lowest, block * LANES);
      FloatVector highest = FloatVector.fromArray(SPECIES, tile.highest, block * LANES);
      for (int p = 0; p < tile.count; p++) {
        int i = at + p * LANES;
        FloatVector u = FloatVector.fromArray(SPECIES, tile.u, i);
        FloatVector raw = FloatVector.fromArray(SPECIES, tile.raw, i).add(bias);
        FloatVector step = tile.softplus ? softplus(raw) : raw;
        raw.intoArray(tile.raw, i);
        step.intoArray(tile.step, i);
        step.mul(u).intoArray(tile.input, i);
        step.blend(lowest, step.compare(VectorOperators.LT, lowest))
            .blend(highest, step.compare(VectorOperators.GT, highest))
            .intoArray(tile.limited, i);
        d.mul(u).intoArray(tile.y, i);
      }
    }
  }

  @Override
  public void forward(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      for (int n = 0; n < tile.states; n += 2) {
        forward(tile, block, n);
      }
    }
  }

  /** Two states at a time, as y is loaded and stored for both; an odd one's partner is zeros. */
  private static void forward(ScanTile tile, int block, int state) {
    float[] limited = tile.limited;
    float[] input = tile.input;
    float[] b = tile.b;
    float[] c = tile.c;
    float[] y = tile.y;
    int at = tile.at(block);
    int weights = tile.weightsAt(state);
    int channel = state * CHANNELS + block * LANES;
    FloatVector a0 = FloatVector.fromArray(SPECIES, tile.a, channel).mul(LOG2_E);
    FloatVector a1 = FloatVector.fromArray(SPECIES, tile.a, channel + CHANNELS).mul(LOG2_E);
    FloatVector h0 = FloatVector.fromArray(SPECIES, tile.h, channel);
    FloatVector h1 = FloatVector.fromArray(SPECIES, tile.h, channel + CHANNELS);
    for (int p = 0; p < tile.count; p++) {
      int i = at + p * LANES;
      int w = weights + p * LANES;
      FloatVector t = FloatVector.fromArray(SPECIES, limited, i);
      FloatVector x = FloatVector.fromArray(SPECIES, input, i);
      h0 = exp2(t, a0).fma(h0, x.mul(b[w]));
      h1 = exp2(t, a1).fma(h1, x.mul(b[w + 1]));
      FloatVector sum =
          h0.fma(FloatVector.broadcast(SPECIES, c[w]), FloatVector.fromArray(SPECIES, y, i));
      h1.fma(FloatVector.broadcast(SPECIES, c[w + 1]), sum).intoArray(y, i);
    }
    h0.intoArray(tile.h, channel);
    h1.intoArray(tile.h, channel + CHANNELS);
  }

  @Override
  public void advance(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      for (int n = 0; n < tile.states; n++) {
        advance(tile, block, n);
      }
    }
  }

  private static void advance(ScanTile tile, int block, int state) {
    float[] limited = tile.limited;
    float[] input = tile.input;
    float[] b = tile.b;
    int at = tile.at(block);
    int weights = tile.weightsAt(state);
    int channel = state * CHANNELS + block * LANES;
    FloatVector a = FloatVector.fromArray(SPECIES, tile.a, channel).mul(LOG2_E);
    FloatVector h = FloatVector.fromArray(SPECIES, tile.h, channel);
    for (int p = 0; p < tile.count; p++) {
      int i = at + p * LANES;
      FloatVector x = FloatVector.fromArray(SPECIES, input, i).mul(b[weights + p * LANES]);
      h = exp2(FloatVector.fromArray(SPECIES, limited, i), a).fma(h, x);
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
    float[] limited = tile.limited;
    float[] input = tile.input;
    float[] b = tile.b;
    float[] decays = tile.decays;
    float[] history = tile.history;
    int at = tile.at(block);
    int weights = tile.weightsAt(state);
    int channel = state * CHANNELS + block * LANES;
    FloatVector a = FloatVector.fromArray(SPECIES, tile.a, channel).mul(LOG2_E);
    FloatVector h = FloatVector.fromArray(SPECIES, tile.h, channel);
    h.intoArray(history, 0);
    for (int p = 0; p < tile.count; p++) {
      int i = at + p * LANES;
      FloatVector decay = exp2(FloatVector.fromArray(SPECIES, limited, i), a);
      h = decay.fma(h, FloatVector.fromArray(SPECIES, input, i).mul(b[weights + p * LANES]));
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
    FloatVector a = FloatVector.fromArray(SPECIES, tile.a, channel);
    FloatVector carry = FloatVector.fromArray(SPECIES, tile.carry, channel);
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector h = FloatVector.fromArray(SPECIES, history, tile.count * LANES);
    for (int p = tile.count - 1; p >= 0; p--) {
      int i = at + p * LANES;
      int j = p * LANES;
      int w = weights + p * LANES;
      FloatVector dy = FloatVector.fromArray(SPECIES, y, i);
      FloatVector dh = dy.fma(FloatVector.broadcast(SPECIES, c[w]), carry);
      h.fma(dy, FloatVector.fromArray(SPECIES, cLanes, j)).intoArray(cLanes, j);
      h = FloatVector.fromArray(SPECIES, history, j);
      carry = dh.mul(FloatVector.fromArray(SPECIES, decays, j));
      FloatVector decayed = carry.mul(h);
      sum = decayed.fma(FloatVector.fromArray(SPECIES, step, i), sum);
      decayed.fma(a, FloatVector.fromArray(SPECIES, stepGradient, i)).intoArray(stepGradient, i);
      dh.fma(FloatVector.broadcast(SPECIES, b[w]), FloatVector.fromArray(SPECIES, inputGradient, i))
          .intoArray(inputGradient, i);
      dh.fma(FloatVector.fromArray(SPECIES, input, i), FloatVector.fromArray(SPECIES, bLanes, j))
          .intoArray(bLanes, j);
    }
    carry.intoArray(tile.carry, channel);
    sum.add(FloatVector.fromArray(SPECIES, tile.aGradient, channel))
        .intoArray(tile.aGradient, channel);
  }

  /** Sums the lanes of the gradients of B and C, complete for this state, and clears them. */
  private static void sumLanes(ScanTile tile, int state) {
    int weights = tile.weightsAt(state);
    sumLanes(tile.bLanes, tile.count, tile.bGradient, weights);
    sumLanes(tile.cLanes, tile.count, tile.cGradient, weights);
  }

  /**
   * Sums up each pixel's vector by adding halves, those of two pixels at a time: the sums of the
   * first then fill the lower half of each group of lanes and those of the second the upper half.
   * Pairs are {@code half} pixels apart, so that in the end each pixel's sum is in its own lane.
   */
  private static void sumLanes(float[] lanes, int count, float[] sums, int at) {
    int rows = Math.ceilDiv(count, LANES) * LANES;
    for (int stage = 0, half = LANES / 2; half > 0; stage++, half /= 2) {
      rows /= 2;
      sumHalves(lanes, rows, half, UPPER.get(stage), SWAP.get(stage));
    }
    for (int p = 0; p < count; p++) {
      sums[at + p * LANES] = lanes[p];
    }
    Arrays.fill(lanes, 0, count * LANES, 0);
  }

  private static void sumHalves(
      float[] lanes, int rows, int half, VectorMask<Float> upper, VectorShuffle<Float> swap) {
    for (int row = 0; row < rows; row++) {
      int from = (2 * row - (row & (half - 1))) * LANES;
      FloatVector v = FloatVector.fromArray(SPECIES, lanes, from);
      FloatVector w = FloatVector.fromArray(SPECIES, lanes, from + half * LANES);
      v.blend(w, upper).add(w.blend(v, upper).rearrange(swap)).intoArray(lanes, row * LANES);
    }
  }

  @Override
  public void finish(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      int at = tile.at(block);
      int channel = block * LANES;
      FloatVector d = FloatVector.fromArray(SPECIES, tile.d, channel);
      FloatVector dSum = FloatVector.zero(SPECIES);
      FloatVector biasSum = dSum;
      for (int p = 0; p < tile.count; p++) {
        int i = at + p * LANES;
        FloatVector u = FloatVector.fromArray(SPECIES, tile.u, i);
        FloatVector dy = FloatVector.fromArray(SPECIES, tile.y, i);
        FloatVector dInput = FloatVector.fromArray(SPECIES, tile.inputGradient, i);
        FloatVector dStep = dInput.fma(u, FloatVector.fromArray(SPECIES, tile.stepGradient, i));
        if (tile.softplus) {
          dStep = dStep.mul(sigmoid(FloatVector.fromArray(SPECIES, tile.raw, i)));
        }
        dInput
            .fma(FloatVector.fromArray(SPECIES, tile.step, i), d.mul(dy))
            .intoArray(tile.input, i);
        dStep.intoArray(tile.step, i);
        dSum = dy.fma(u, dSum);
        biasSum = biasSum.add(dStep);
      }
      dSum.add(FloatVector.fromArray(SPECIES, tile.dGradient, channel))
          .intoArray(tile.dGradient, channel);
      biasSum
          .add(FloatVector.fromArray(SPECIES, tile.biasGradient, channel))
          .intoArray(tile.biasGradient, channel);
    }
  }

  /** log(1 + e^x). */
  static FloatVector softplus(FloatVector x) {
    // The positive part of x plus log(1 + z) with z = e^-|x|, that is 2 artanh(z / (2 + z)).
    FloatVector z = expOfMinus(x.abs());
    FloatVector s = z.div(z.add(2));
    FloatVector s2 = s.mul(s);
    FloatVector p =
        FloatVector.broadcast(SPECIES, 0.281783350867f)
            .fma(s2, FloatVector.broadcast(SPECIES, 0.279606027472f));
    p =
        p.fma(s2, FloatVector.broadcast(SPECIES, 0.400249102795f))
            .fma(s2, FloatVector.broadcast(SPECIES, 0.666663146821f))
            .fma(s2, FloatVector.broadcast(SPECIES, 2));
    return p.fma(s, x.add(x.abs()).mul(0.5f));
  }

  /** 1 / (1 + e^-x), the slope of softplus. */
  static FloatVector sigmoid(FloatVector x) {
    FloatVector z = expOfMinus(x.abs());
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    return one.blend(z, x.compare(VectorOperators.LT, 0)).div(z.add(one));
  }

  /** e^-x for x ≥ 0. Limiting the bits of a positive number takes one instruction. */
  private static FloatVector expOfMinus(FloatVector x) {
    FloatVector limited = x.reinterpretAsInts().min(FARTHEST).reinterpretAsFloats();
    return exp2(limited, FloatVector.broadcast(SPECIES, -LOG2_E));
  }

  /**
   * 2^(x · y) for x · y from -2^22 to 126, but about 2^-125 where it is less: relative error 1e-7,
   * and exact at 0, as the errors of slow decays would add up. Terms are paired, and clamping is
   * kept out of the way, for a short chain of operations: the loops that use this are bound by
   * latency. Not-a-number may become a number.
   */
  static FloatVector exp2(FloatVector x, FloatVector y) {
    // x · y = n + f, with n in the low bits of rounded.
    FloatVector rounded = x.fma(y, FloatVector.broadcast(SPECIES, ROUND));
    FloatVector f = x.fma(y, FloatVector.broadcast(SPECIES, ROUND).sub(rounded));
    FloatVector f2 = f.mul(f);
    FloatVector low =
        FloatVector.broadcast(SPECIES, 0.693146977723f).fma(f, FloatVector.broadcast(SPECIES, 1));
    FloatVector middle =
        FloatVector.broadcast(SPECIES, 0.0555073359239f)
            .fma(f, FloatVector.broadcast(SPECIES, 0.240222421136f));
    FloatVector high =
        FloatVector.broadcast(SPECIES, 0.00132647684606f)
            .fma(f, FloatVector.broadcast(SPECIES, 0.0096715113375f));
    return high.fma(f2, middle)
        .fma(f2, low)
        .reinterpretAsInts()
        .add(rounded.reinterpretAsInts().max(LOWEST).lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }
}
