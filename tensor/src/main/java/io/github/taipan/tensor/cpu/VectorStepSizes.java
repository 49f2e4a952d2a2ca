package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.ScanTile.CHANNELS;
import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Raises step sizes of a low rank to all channels of a {@link ScanTile}, in the Vector API. */
final class VectorStepSizes {
  private VectorStepSizes() {}

  /** See {@link ScanLoops#project}. */
  static void project(ScanTile tile, float[] rows, int rowSize, int column, int rank) {
    int[] pixels = tile.pixels;
    int last = tile.count - 1;
    for (int block = 0; block < tile.blocks; block += 3) {
      for (int p = 0; p <= last; p += 4) {
        int at0 = pixels[p] * rowSize + column;
        int at1 = pixels[Math.min(p + 1, last)] * rowSize + column;
        int at2 = pixels[Math.min(p + 2, last)] * rowSize + column;
        int at3 = pixels[Math.min(p + 3, last)] * rowSize + column;
        project(tile, block, p, rows, at0, at1, at2, at3, rank);
      }
    }
  }

  /** Four pixels by three blocks: into all of these there are room and weights, if maybe zeros. */
  private static void project(
      ScanTile tile, int block, int p, float[] rows, int at0, int at1, int at2, int at3, int rank) {
    float[] weights = tile.stepWeight;
    FloatVector d00 = FloatVector.zero(SPECIES);
    FloatVector d01 = d00;
    FloatVector d02 = d00;
    FloatVector d10 = d00;
    FloatVector d11 = d00;
    FloatVector d12 = d00;
    FloatVector d20 = d00;
    FloatVector d21 = d00;
    FloatVector d22 = d00;
    FloatVector d30 = d00;
    FloatVector d31 = d00;
    FloatVector d32 = d00;
    int w = block * LANES;
    for (int r = 0; r < rank; r++) {
      FloatVector w0 = FloatVector.fromArray(SPECIES, weights, w + r * CHANNELS);
      FloatVector w1 = FloatVector.fromArray(SPECIES, weights, w + r * CHANNELS + LANES);
      FloatVector w2 = FloatVector.fromArray(SPECIES, weights, w + r * CHANNELS + 2 * LANES);
      FloatVector low = FloatVector.broadcast(SPECIES, rows[at0 + r]);
      d00 = low.fma(w0, d00);
      d01 = low.fma(w1, d01);
      d02 = low.fma(w2, d02);
      low = FloatVector.broadcast(SPECIES, rows[at1 + r]);
      d10 = low.fma(w0, d10);
      d11 = low.fma(w1, d11);
      d12 = low.fma(w2, d12);
      low = FloatVector.broadcast(SPECIES, rows[at2 + r]);
      d20 = low.fma(w0, d20);
      d21 = low.fma(w1, d21);
      d22 = low.fma(w2, d22);
      low = FloatVector.broadcast(SPECIES, rows[at3 + r]);
      d30 = low.fma(w0, d30);
      d31 = low.fma(w1, d31);
      d32 = low.fma(w2, d32);
    }
    store(tile, block, p, d00, d10, d20, d30);
    store(tile, block + 1, p, d01, d11, d21, d31);
    store(tile, block + 2, p, d02, d12, d22, d32);
  }

  private static void store(
      ScanTile tile,
      int block,
      int p,
      FloatVector d0,
      FloatVector d1,
      FloatVector d2,
      FloatVector d3) {
    int at = tile.at(block) + p * LANES;
    d0.intoArray(tile.raw, at);
    d1.intoArray(tile.raw, at + LANES);
    d2.intoArray(tile.raw, at + 2 * LANES);
    d3.intoArray(tile.raw, at + 3 * LANES);
  }
}
