package io.github.taipan.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link GemmKernel} in the Vector API: twelve accumulators, which fit AVX2's sixteen registers.
 */
class VectorGemm implements GemmKernel {
  private static final VectorSpecies<Float> SPECIES = VectorWidth.SPECIES;
  private static final int LANES = VectorWidth.LANES;
  private static final int PANEL = 2 * LANES;

  @Override
  public int rows() {
    return 6;
  }

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public int narrowPanel() {
    return PANEL;
  }

  @Override
  public void multiply(Tile tile) {
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
    float[] a = tile.a;
    int[] aRows = tile.aRows;
    int aRow = tile.aRow;
    int length = tile.runLength;
    bAt += PANEL;
    for (int start : tile.runStarts) {
      int shift = start + tile.aShift;
      int a0 = aRows[aRow] + shift;
      int a1 = aRows[aRow + 1] + shift;
      int a2 = aRows[aRow + 2] + shift;
      int a3 = aRows[aRow + 3] + shift;
      int a4 = aRows[aRow + 4] + shift;
      int a5 = aRows[aRow + 5] + shift;
      for (int k = 0; k < length; k++) {
        FloatVector b0 = load(b, bAt + k * PANEL);
        FloatVector b1 = load(b, bAt + k * PANEL + LANES);
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
      }
      bAt += length * PANEL;
    }
    float[] to = tile.c;
    int[] rows = tile.cRows;
    int row = tile.cRow;
    int column = tile.column;
    c00.intoArray(to, rows[row] + column);
    c01.intoArray(to, rows[row] + column + LANES);
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
  }

  @Override
  public void multiplyStrips(Tile tile, int aStart, int depth) {
    float[] to = tile.c;
    int[] rows = tile.cRows;
    int row = tile.cRow;
    int column = tile.column;
    FloatVector c00 = load(to, rows[row] + column);
    FloatVector c01 = load(to, rows[row] + column + LANES);
    FloatVector c10 = load(to, rows[row + 1] + column);
    FloatVector c11 = load(to, rows[row + 1] + column + LANES);
    FloatVector c20 = load(to, rows[row + 2] + column);
    FloatVector c21 = load(to, rows[row + 2] + column + LANES);
    FloatVector c30 = load(to, rows[row + 3] + column);
    FloatVector c31 = load(to, rows[row + 3] + column + LANES);
    FloatVector c40 = load(to, rows[row + 4] + column);
    FloatVector c41 = load(to, rows[row + 4] + column + LANES);
    FloatVector c50 = load(to, rows[row + 5] + column);
    FloatVector c51 = load(to, rows[row + 5] + column + LANES);
    float[] a = tile.a;
    float[] b = tile.b;
    int bStart = tile.bStart;
    // As offsets that C2 knows nothing about: else it loads all six values at once, and spills a
    // sum.
    int[] places = tile.aRows;
    int a0 = aStart + places[0];
    int a1 = aStart + places[1];
    int a2 = aStart + places[2];
    int a3 = aStart + places[3];
    int a4 = aStart + places[4];
    int a5 = aStart + places[5];
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = load(b, bStart + k * PANEL);
      FloatVector b1 = load(b, bStart + k * PANEL + LANES);
      FloatVector value = FloatVector.broadcast(SPECIES, a[a0 + k * STRIP]);
      c00 = value.fma(b0, c00);
      c01 = value.fma(b1, c01);
      value = FloatVector.broadcast(SPECIES, a[a1 + k * STRIP]);
      c10 = value.fma(b0, c10);
      c11 = value.fma(b1, c11);
      value = FloatVector.broadcast(SPECIES, a[a2 + k * STRIP]);
      c20 = value.fma(b0, c20);
      c21 = value.fma(b1, c21);
      value = FloatVector.broadcast(SPECIES, a[a3 + k * STRIP]);
      c30 = value.fma(b0, c30);
      c31 = value.fma(b1, c31);
      value = FloatVector.broadcast(SPECIES, a[a4 + k * STRIP]);
      c40 = value.fma(b0, c40);
      c41 = value.fma(b1, c41);
      value = FloatVector.broadcast(SPECIES, a[a5 + k * STRIP]);
      c50 = value.fma(b0, c50);
      c51 = value.fma(b1, c51);
    }
    c00.intoArray(to, rows[row] + column);
    c01.intoArray(to, rows[row] + column + LANES);
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
  }

  @Override
  public void dots(Tile tile, float[] sums) {
    laneDots(tile, sums);
    addLanes(sums);
    int columnStep = 1 + tile.runStarts.length * tile.runLength;
    for (int i = 0; i < DOT_ROWS * DOT_COLUMNS; i++) {
      sums[i] += tile.b[tile.bStart + i % DOT_COLUMNS * columnStep];
    }
    if (tile.runLength % LANES > 0) {
      addTails(tile, columnStep, sums);
    }
  }

  /**
   * The dot products lane by lane, one vector each. A method apart, for if lanes were added in here
   * too, C2 would not inline all vector operations, but allocate vectors.
   */
  private static void laneDots(Tile tile, float[] sums) {
    float[] a = tile.a;
    float[] b = tile.b;
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s12 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s22 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s32 = s00;
    int[] aRows = tile.aRows;
    int aRow = tile.aRow;
    int length = SPECIES.loopBound(tile.runLength);
    int columnStep = 1 + tile.runStarts.length * tile.runLength;
    int bAt = tile.bStart + 1;
    for (int start : tile.runStarts) {
      int shift = start + tile.aShift;
      int a0 = aRows[aRow] + shift;
      int a1 = aRows[aRow + 1] + shift;
      int a2 = aRows[aRow + 2] + shift;
      int a3 = aRows[aRow + 3] + shift;
      int bAt1 = bAt + columnStep;
      int bAt2 = bAt1 + columnStep;
      for (int k = 0; k < length; k += LANES) {
        FloatVector b0 = load(b, bAt + k);
        FloatVector b1 = load(b, bAt1 + k);
        FloatVector b2 = load(b, bAt2 + k);
        FloatVector value = load(a, a0 + k);
        s00 = value.fma(b0, s00);
        s01 = value.fma(b1, s01);
        s02 = value.fma(b2, s02);
        value = load(a, a1 + k);
        s10 = value.fma(b0, s10);
        s11 = value.fma(b1, s11);
        s12 = value.fma(b2, s12);
        value = load(a, a2 + k);
        s20 = value.fma(b0, s20);
        s21 = value.fma(b1, s21);
        s22 = value.fma(b2, s22);
        value = load(a, a3 + k);
        s30 = value.fma(b0, s30);
        s31 = value.fma(b1, s31);
        s32 = value.fma(b2, s32);
      }
      bAt += tile.runLength;
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, LANES);
    s02.intoArray(sums, 2 * LANES);
    s10.intoArray(sums, 3 * LANES);
    s11.intoArray(sums, 4 * LANES);
    s12.intoArray(sums, 5 * LANES);
    s20.intoArray(sums, 6 * LANES);
    s21.intoArray(sums, 7 * LANES);
    s22.intoArray(sums, 8 * LANES);
    s30.intoArray(sums, 9 * LANES);
    s31.intoArray(sums, 10 * LANES);
    s32.intoArray(sums, 11 * LANES);
  }

  /** Turns the vectors of sums into their sums, as many at a time as a vector has lanes. */
  private static void addLanes(float[] sums) {
    for (int i = 0; i < DOT_ROWS * DOT_COLUMNS; i += LANES) {
      VectorWidth.sums(sums, i * LANES);
      System.arraycopy(sums, i * LANES, sums, i, LANES);
    }
  }

  /** Adds the last elements of runs that are no multiple of a vector. */
  private static void addTails(Tile tile, int columnStep, float[] sums) {
    int length = tile.runLength;
    for (int i = 0; i < DOT_ROWS * DOT_COLUMNS; i++) {
      int bAt = tile.bStart + 1 + i % DOT_COLUMNS * columnStep;
      for (int run : tile.runStarts) {
        int start = tile.aRows[tile.aRow + i / DOT_COLUMNS] + run + tile.aShift;
        for (int k = SPECIES.loopBound(length); k < length; k++) {
          sums[i] += tile.a[start + k] * tile.b[bAt + k];
        }
        bAt += length;
      }
    }
  }

  @Override
  public void packStrip(float[] from, int fromStart, int step, float[] to, int toStart, int depth) {
    for (int k = 0; k < depth; k++) {
      load(from, fromStart + k * step).intoArray(to, toStart + k * STRIP);
      if (LANES < STRIP) {
        load(from, fromStart + k * step + LANES).intoArray(to, toStart + k * STRIP + LANES);
      }
    }
  }

  @Override
  public void packPanel(float[] from, int[] starts, float[] to, int count) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int k = 0; k < count; k++) {
      int start = starts[k];
      if (start >= 0) {
        load(from, start).intoArray(to, k * PANEL);
        load(from, start + LANES).intoArray(to, k * PANEL + LANES);
      } else if (start == -1) {
        zero.intoArray(to, k * PANEL);
        zero.intoArray(to, k * PANEL + LANES);
      }
    }
  }

  static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
