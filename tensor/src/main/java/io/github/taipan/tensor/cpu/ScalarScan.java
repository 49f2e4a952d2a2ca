package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.ScanTile.CHANNELS;

import java.util.Arrays;

/** {@link ScanLoops} in plain Java: a block is one channel. */
final class ScalarScan implements ScanLoops {
  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void gather(
      ScanTile tile, float[] rows, int rowSize, int column, int width, float[] values, int block) {
    int at = tile.at(block);
    for (int p = 0; p < tile.count; p++) {
      values[at + p] = rows[tile.pixels[p] * rowSize + column];
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
    for (int p = 0; p < tile.count; p++) {
      int to = tile.pixels[p] * rowSize + column;
      rows[to] = add ? rows[to] + values[at + p] : values[at + p];
    }
  }

  @Override
  public void project(ScanTile tile, float[] rows, int rowSize, int column, int rank) {
    for (int block = 0; block < tile.blocks; block++) {
      for (int p = 0; p < tile.count; p++) {
        int from = tile.pixels[p] * rowSize + column;
        float sum = 0;
        for (int r = 0; r < rank; r++) {
          sum += rows[from + r] * tile.stepWeight[r * CHANNELS + block];
        }
        tile.raw[tile.at(block) + p] = sum;
      }
    }
  }

  @Override
  public void prepare(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      int at = tile.at(block);
      for (int i = at; i < at + tile.count; i++) {
        float raw = tile.raw[i] + tile.bias[block];
        float step = tile.softplus ? softplus(raw) : raw;
        tile.raw[i] = raw;
        tile.step[i] = step;
        tile.limited[i] = Math.max(tile.lowest[block], Math.min(step, tile.highest[block]));
        tile.input[i] = step * tile.u[i];
        tile.y[i] = tile.d[block] * tile.u[i];
      }
    }
  }

  @Override
  public void forward(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      int at = tile.at(block);
      for (int n = 0; n < tile.states; n++) {
        int weights = tile.weightsAt(n);
        float a = tile.a[n * CHANNELS + block];
        float h = tile.h[n * CHANNELS + block];
        for (int p = 0; p < tile.count; p++) {
          h = exp(tile.limited[at + p] * a) * h + tile.b[weights + p] * tile.input[at + p];
          tile.y[at + p] += tile.c[weights + p] * h;
        }
        tile.h[n * CHANNELS + block] = h;
      }
    }
  }

  @Override
  public void advance(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      int at = tile.at(block);
      for (int n = 0; n < tile.states; n++) {
        int weights = tile.weightsAt(n);
        float a = tile.a[n * CHANNELS + block];
        float h = tile.h[n * CHANNELS + block];
        for (int p = 0; p < tile.count; p++) {
          h = exp(tile.limited[at + p] * a) * h + tile.b[weights + p] * tile.input[at + p];
        }
        tile.h[n * CHANNELS + block] = h;
      }
    }
  }

  @Override
  public void backward(ScanTile tile) {
    Arrays.fill(tile.inputGradient, 0);
    Arrays.fill(tile.stepGradient, 0);
    for (int n = 0; n < tile.states; n++) {
      int weights = tile.weightsAt(n);
      Arrays.fill(tile.bGradient, weights, weights + tile.count, 0);
      Arrays.fill(tile.cGradient, weights, weights + tile.count, 0);
      for (int block = 0; block < tile.blocks; block++) {
        recompute(tile, block, n);
        backward(tile, block, n);
      }
    }
  }

  private static void recompute(ScanTile tile, int block, int state) {
    int at = tile.at(block);
    int weights = tile.weightsAt(state);
    float a = tile.a[state * CHANNELS + block];
    float h = tile.h[state * CHANNELS + block];
    tile.history[0] = h;
    for (int p = 0; p < tile.count; p++) {
      float decay = exp(tile.limited[at + p] * a);
      h = decay * h + tile.b[weights + p] * tile.input[at + p];
      tile.decays[p] = decay;
      tile.history[p + 1] = h;
    }
  }

  private static void backward(ScanTile tile, int block, int state) {
    int at = tile.at(block);
    int weights = tile.weightsAt(state);
    float a = tile.a[state * CHANNELS + block];
    float carry = tile.carry[state * CHANNELS + block];
    float sum = 0;
    for (int p = tile.count - 1; p >= 0; p--) {
      float dy = tile.y[at + p];
      float dh = tile.c[weights + p] * dy + carry;
      carry = tile.decays[p] * dh;
      float decayed = carry * tile.history[p];
      sum += tile.step[at + p] * decayed;
      tile.stepGradient[at + p] += a * decayed;
      tile.inputGradient[at + p] += tile.b[weights + p] * dh;
      tile.bGradient[weights + p] += tile.input[at + p] * dh;
      tile.cGradient[weights + p] += tile.history[p + 1] * dy;
    }
    tile.carry[state * CHANNELS + block] = carry;
    tile.aGradient[state * CHANNELS + block] += sum;
  }

  @Override
  public void finish(ScanTile tile) {
    for (int block = 0; block < tile.blocks; block++) {
      int at = tile.at(block);
      float dSum = 0;
      float biasSum = 0;
      for (int i = at; i < at + tile.count; i++) {
        float step = tile.step[i];
        float u = tile.u[i];
        float slope = tile.softplus ? sigmoid(tile.raw[i]) : 1;
        tile.step[i] = (tile.inputGradient[i] * u + tile.stepGradient[i]) * slope;
        tile.input[i] = tile.inputGradient[i] * step + tile.d[block] * tile.y[i];
        dSum += tile.y[i] * u;
        biasSum += tile.step[i];
      }
      tile.dGradient[block] += dSum;
      tile.biasGradient[block] += biasSum;
    }
  }

  private static float exp(float x) {
    return (float) Math.exp(x);
  }

  private static float softplus(float x) {
    return x > 20 ? x : (float) Math.log1p(Math.exp(x));
  }

  private static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }
}
