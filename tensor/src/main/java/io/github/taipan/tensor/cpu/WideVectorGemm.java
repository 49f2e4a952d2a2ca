package io.github.taipan.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorGemm} for 32 vector registers: 24 sums, so that fewer loads go with each
 * multiplication. Eight rows divide the maps, and three vectors of 512 bits the channels, of the
 * networks.
 */
final class WideVectorGemm extends VectorGemm {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.SPECIES;
  private static final int LANES = VectorWidth.LANES;
  private static final int ROWS = 8;
  private static final int PANEL = 3 * LANES;
  private static final int NARROW = 2 * LANES;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public int narrowPanel() {
    return NARROW;
  }

  @Override
  public void multiply(Tile tile) {
    if (tile.panel == PANEL) {
      multiplyWide(tile);
    } else {
      multiplyNarrow(tile);
    }
  }

  private static void multiplyWide(Tile tile) {
    float[] b = tile.b;
    int bAt = tile.bStart;
    FloatVector c00 = load(b, bAt);
    FloatVector c01 = load(b, bAt + LANES);
    FloatVector c02 = load(b, bAt + 2 * LANES);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c32 = c02;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c42 = c02;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c52 = c02;
    FloatVector c60 = c00;
    FloatVector c61 = c01;
    FloatVector c62 = c02;
    FloatVector c70 = c00;
    FloatVector c71 = c01;
    FloatVector c72 = c02;
    float[] a = tile.a;
    int[] aRows = tile.aRows;
    int aRow = tile.aRow;
    int length = tile.runLength;
    bAt += PANEL;
    for (int start : tile.runStarts) {
      int shift = start + tile.aShift;
      int a0 = aRows[aRow + 0] + shift;
      int a1 = aRows[aRow + 1] + shift;
      int a2 = aRows[aRow + 2] + shift;
      int a3 = aRows[aRow + 3] + shift;
      int a4 = aRows[aRow + 4] + shift;
      int a5 = aRows[aRow + 5] + shift;
      int a6 = aRows[aRow + 6] + shift;
      int a7 = aRows[aRow + 7] + shift;
      for (int k = 0; k < length; k++) {
        FloatVector b0 = load(b, bAt + k * PANEL);
        FloatVector b1 = load(b, bAt + k * PANEL + LANES);
        FloatVector b2 = load(b, bAt + k * PANEL + 2 * LANES);
        FloatVector value = FloatVector.broadcast(SPECIES, a[a0 + k]);
        c00 = value.fma(b0, c00);
        c01 = value.fma(b1, c01);
        c02 = value.fma(b2, c02);
        value = FloatVector.broadcast(SPECIES, a[a1 + k]);
        c10 = value.fma(b0, c10);
        c11 = value.fma(b1, c11);
        c12 = value.fma(b2, c12);
        value = FloatVector.broadcast(SPECIES, a[a2 + k]);
        c20 = value.fma(b0, c20);
        c21 = value.fma(b1, c21);
        c22 = value.fma(b2, c22);
        value = FloatVector.broadcast(SPECIES, a[a3 + k]);
        c30 = value.fma(b0, c30);
        c31 = value.fma(b1, c31);
        c32 = value.fma(b2, c32);
        value = FloatVector.broadcast(SPECIES, a[a4 + k]);
        c40 = value.fma(b0, c40);
        c41 = value.fma(b1, c41);
        c42 = value.fma(b2, c42);
        value = FloatVector.broadcast(SPECIES, a[a5 + k]);
        c50 = value.fma(b0, c50);
        c51 = value.fma(b1, c51);
        c52 = value.fma(b2, c52);
        value = FloatVector.broadcast(SPECIES, a[a6 + k]);
        c60 = value.fma(b0, c60);
        c61 = value.fma(b1, c61);
        c62 = value.fma(b2, c62);
        value = FloatVector.broadcast(SPECIES, a[a7 + k]);
        c70 = value.fma(b0, c70);
        c71 = value.fma(b1, c71);
        c72 = value.fma(b2, c72);
      }
      bAt += length * PANEL;
    }
    float[] to = tile.c;
    int[] rows = tile.cRows;
    int row = tile.cRow;
    int column = tile.column;
    c00.intoArray(to, rows[row + 0] + column);
    c01.intoArray(to, rows[row + 0] + column + LANES);
    c02.intoArray(to, rows[row + 0] + column + 2 * LANES);
    c10.intoArray(to, rows[row + 1] + column);
    c11.intoArray(to, rows[row + 1] + column + LANES);
    c12.intoArray(to, rows[row + 1] + column + 2 * LANES);
    c20.intoArray(to, rows[row + 2] + column);
    c21.intoArray(to, rows[row + 2] + column + LANES);
    c22.intoArray(to, rows[row + 2] + column + 2 * LANES);
    c30.intoArray(to, rows[row + 3] + column);
    c31.intoArray(to, rows[row + 3] + column + LANES);
    c32.intoArray(to, rows[row + 3] + column + 2 * LANES);
    c40.intoArray(to, rows[row + 4] + column);
    c41.intoArray(to, rows[row + 4] + column + LANES);
    c42.intoArray(to, rows[row + 4] + column + 2 * LANES);
    c50.intoArray(to, rows[row + 5] + column);
    c51.intoArray(to, rows[row + 5] + column + LANES);
    c52.intoArray(to, rows[row + 5] + column + 2 * LANES);
    c60.intoArray(to, rows[row + 6] + column);
    c61.intoArray(to, rows[row + 6] + column + LANES);
    c62.intoArray(to, rows[row + 6] + column + 2 * LANES);
    c70.intoArray(to, rows[row + 7] + column);
    c71.intoArray(to, rows[row + 7] + column + LANES);
    c72.intoArray(to, rows[row + 7] + column + 2 * LANES);
  }

  private static void multiplyNarrow(Tile tile) {
    float[] b = tile.b;
    int bAt = tile.bStart;
    FloatVector c00 = load(b, bAt);
    FloatVector c01 = load(b, bAt + LANES);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c60 = c00;
    FloatVector c61 = c01;
    FloatVector c70 = c00;
    FloatVector c71 = c01;
    float[] a = tile.a;
    int[] aRows = tile.aRows;
    int aRow = tile.aRow;
    int length = tile.runLength;
    bAt += NARROW;
    for (int start : tile.runStarts) {
      int shift = start + tile.aShift;
      int a0 = aRows[aRow + 0] + shift;
      int a1 = aRows[aRow + 1] + shift;
      int a2 = aRows[aRow + 2] + shift;
      int a3 = aRows[aRow + 3] + shift;
      int a4 = aRows[aRow + 4] + shift;
      int a5 = aRows[aRow + 5] + shift;
      int a6 = aRows[aRow + 6] + shift;
      int a7 = aRows[aRow + 7] + shift;
      for (int k = 0; k < length; k++) {
        FloatVector b0 = load(b, bAt + k * NARROW);
        FloatVector b1 = load(b, bAt + k * NARROW + LANES);
        FloatVector value = FloatVector.broadcast(SPECIES, a[a0 + k]);
        c00 = value.fma(b0, c00);
        c01 = value.fma(b1, c01);
        value = FloatVector.broadcast(SPECIES, a[a1 + k]);
        c10 = value.fma(b0, c10);
        c11 = value.fma(b1, c11);
        value = FloatVector.broadcast(SPECIES, a[a2 + k]);
        c20 = value.fma(b0, c20);
        c21 = value.fma(b1, c21);
        value = FloatVector.broadcast(SPECIES, a[a3 + k]);
        c30 = value.fma(b0, c30);
        c31 = value.fma(b1, c31);
        value = FloatVector.broadcast(SPECIES, a[a4 + k]);
        c40 = value.fma(b0, c40);
        c41 = value.fma(b1, c41);
        value = FloatVector.broadcast(SPECIES, a[a5 + k]);
        c50 = value.fma(b0, c50);
        c51 = value.fma(b1, c51);
        value = FloatVector.broadcast(SPECIES, a[a6 + k]);
        c60 = value.fma(b0, c60);
        c61 = value.fma(b1, c61);
        value = FloatVector.broadcast(SPECIES, a[a7 + k]);
        c70 = value.fma(b0, c70);
        c71 = value.fma(b1, c71);
      }
      bAt += length * NARROW;
    }
    float[] to = tile.c;
    int[] rows = tile.cRows;
    int row = tile.cRow;
    int column = tile.column;
    c00.intoArray(to, rows[row + 0] + column);
    c01.intoArray(to, rows[row + 0] + column + LANES);
    c10.intoArray(to, rows[row + 1] + column);
    c11.intoArray(to, rows[row + 1] + column + LANES);
    c20.intoArray(to, rows[row + 2] + column);
    c21.intoArray(to, rows[row + 2] + column + LANES);
    c30.intoArray(to, rows[row + 3] + column);
    c31.intoArray(to, rows[row + 3] + column + LANES);
    c40.intoArray(to, rows[row + 4] + column);
    c41.intoArray(to, rows[row + 4] + column + LANES);
    c50.intoArray(to, rows[row + 5] + column);
    c51.intoArray(to, rows[row + 5] + column + LANES);
    c60.intoArray(to, rows[row + 6] + column);
    c61.intoArray(to, rows[row + 6] + column + LANES);
    c70.intoArray(to, rows[row + 7] + column);
    c71.intoArray(to, rows[row + 7] + column + LANES);
  }

  @Override
  public void multiplyStrips(Tile tile, int aStart, int depth) {
    float[] to = tile.c;
    int[] rows = tile.cRows;
    int row = tile.cRow;
    int column = tile.column;
    FloatVector c00 = load(to, rows[row] + column);
    FloatVector c01 = load(to, rows[row] + column + LANES);
    FloatVector c02 = load(to, rows[row] + column + 2 * LANES);
    FloatVector c10 = load(to, rows[row + 1] + column);
    FloatVector c11 = load(to, rows[row + 1] + column + LANES);
    FloatVector c12 = load(to, rows[row + 1] + column + 2 * LANES);
    FloatVector c20 = load(to, rows[row + 2] + column);
    FloatVector c21 = load(to, rows[row + 2] + column + LANES);
    FloatVector c22 = load(to, rows[row + 2] + column + 2 * LANES);
    FloatVector c30 = load(to, rows[row + 3] + column);
    FloatVector c31 = load(to, rows[row + 3] + column + LANES);
    FloatVector c32 = load(to, rows[row + 3] + column + 2 * LANES);
    FloatVector c40 = load(to, rows[row + 4] + column);
    FloatVector c41 = load(to, rows[row + 4] + column + LANES);
    FloatVector c42 = load(to, rows[row + 4] + column + 2 * LANES);
    FloatVector c50 = load(to, rows[row + 5] + column);
    FloatVector c51 = load(to, rows[row + 5] + column + LANES);
    FloatVector c52 = load(to, rows[row + 5] + column + 2 * LANES);
    FloatVector c60 = load(to, rows[row + 6] + column);
    FloatVector c61 = load(to, rows[row + 6] + column + LANES);
    FloatVector c62 = load(to, rows[row + 6] + column + 2 * LANES);
    FloatVector c70 = load(to, rows[row + 7] + column);
    FloatVector c71 = load(to, rows[row + 7] + column + LANES);
    FloatVector c72 = load(to, rows[row + 7] + column + 2 * LANES);
    float[] a = tile.a;
    float[] b = tile.b;
    int bStart = tile.bStart;
    int[] places = tile.aRows; // as in VectorGemm
    int a0 = aStart + places[0];
    int a1 = aStart + places[1];
    int a2 = aStart + places[2];
    int a3 = aStart + places[3];
    int a4 = aStart + places[4];
    int a5 = aStart + places[5];
    int a6 = aStart + places[6];
    int a7 = aStart + places[7];
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = load(b, bStart + k * PANEL);
      FloatVector b1 = load(b, bStart + k * PANEL + LANES);
      FloatVector b2 = load(b, bStart + k * PANEL + 2 * LANES);
      FloatVector value = FloatVector.broadcast(SPECIES, a[a0 + k * STRIP]);
      c00 = value.fma(b0, c00);
      c01 = value.fma(b1, c01);
      c02 = value.fma(b2, c02);
      value = FloatVector.broadcast(SPECIES, a[a1 + k * STRIP]);
      c10 = value.fma(b0, c10);
      c11 = value.fma(b1, c11);
      c12 = value.fma(b2, c12);
      value = FloatVector.broadcast(SPECIES, a[a2 + k * STRIP]);
      c20 = value.fma(b0, c20);
      c21 = value.fma(b1, c21);
      c22 = value.fma(b2, c22);
      value = FloatVector.broadcast(SPECIES, a[a3 + k * STRIP]);
      c30 = value.fma(b0, c30);
      c31 = value.fma(b1, c31);
      c32 = value.fma(b2, c32);
      value = FloatVector.broadcast(SPECIES, a[a4 + k * STRIP]);
      c40 = value.fma(b0, c40);
      c41 = value.fma(b1, c41);
      c42 = value.fma(b2, c42);
      value = FloatVector.broadcast(SPECIES, a[a5 + k * STRIP]);
      c50 = value.fma(b0, c50);
      c51 = value.fma(b1, c51);
      c52 = value.fma(b2, c52);
      value = FloatVector.broadcast(SPECIES, a[a6 + k * STRIP]);
      c60 = value.fma(b0, c60);
      c61 = value.fma(b1, c61);
      c62 = value.fma(b2, c62);
      value = FloatVector.broadcast(SPECIES, a[a7 + k * STRIP]);
      c70 = value.fma(b0, c70);
      c71 = value.fma(b1, c71);
      c72 = value.fma(b2, c72);
    }
    c00.intoArray(to, rows[row] + column);
    c01.intoArray(to, rows[row] + column + LANES);
    c02.intoArray(to, rows[row] + column + 2 * LANES);
    c10.intoArray(to, rows[row + 1] + column);
    c11.intoArray(to, rows[row + 1] + column + LANES);
    c12.intoArray(to, rows[row + 1] + column + 2 * LANES);
    c20.intoArray(to, rows[row + 2] + column);
    c21.intoArray(to, rows[row + 2] + column + LANES);
    c22.intoArray(to, rows[row + 2] + column + 2 * LANES);
    c30.intoArray(to, rows[row + 3] + column);
    c31.intoArray(to, rows[row + 3] + column + LANES);
    c32.intoArray(to, rows[row + 3] + column + 2 * LANES);
    c40.intoArray(to, rows[row + 4] + column);
    c41.intoArray(to, rows[row + 4] + column + LANES);
    c42.intoArray(to, rows[row + 4] + column + 2 * LANES);
    c50.intoArray(to, rows[row + 5] + column);
    c51.intoArray(to, rows[row + 5] + column + LANES);
    c52.intoArray(to, rows[row + 5] + column + 2 * LANES);
    c60.intoArray(to, rows[row + 6] + column);
    c61.intoArray(to, rows[row + 6] + column + LANES);
    c62.intoArray(to, rows[row + 6] + column + 2 * LANES);
    c70.intoArray(to, rows[row + 7] + column);
    c71.intoArray(to, rows[row + 7] + column + LANES);
    c72.intoArray(to, rows[row + 7] + column + 2 * LANES);
  }

  @Override
  public void packPanel(float[] from, int[] starts, float[] to, int count) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int k = 0; k < count; k++) {
      int start = starts[k];
      if (start >= 0) {
        load(from, start).intoArray(to, k * PANEL);
        load(from, start + LANES).intoArray(to, k * PANEL + LANES);
        load(from, start + 2 * LANES).intoArray(to, k * PANEL + 2 * LANES);
      } else if (start == -1) {
        zero.intoArray(to, k * PANEL);
        zero.intoArray(to, k * PANEL + LANES);
        zero.intoArray(to, k * PANEL + 2 * LANES);
      }
    }
  }
}
