package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/** {@link GemmKernel} in plain Java. */
final class ScalarGemm implements GemmKernel {
  private static final int ROWS = 6;
  private static final int PANEL = 16;

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
    return PANEL;
  }

  @Override
  public void multiply(Tile tile) {
    float[] sums = Scratch.floats(Scratch.Use.TASK_SUMS, PANEL);
    for (int row = 0; row < ROWS; row++) {
      int bAt = tile.bStart;
      System.arraycopy(tile.b, bAt, sums, 0, PANEL);
      bAt += PANEL;
      for (int run : tile.runStarts) {
        int aStart = tile.aRows[tile.aRow + row] + run + tile.aShift;
        for (int k = 0; k < tile.runLength; k++, bAt += PANEL) {
          addMultiple(tile.a[aStart + k], tile.b, bAt, sums);
        }
      }
      System.arraycopy(sums, 0, tile.c, tile.cRows[tile.cRow + row] + tile.column, PANEL);
    }
  }

  @Override
  public void multiplyStrips(Tile tile, int aStart, int depth) {
    float[] sums = Scratch.floats(Scratch.Use.TASK_SUMS, PANEL);
    for (int row = 0; row < ROWS; row++) {
      int at = tile.cRows[tile.cRow + row] + tile.column;
      System.arraycopy(tile.c, at, sums, 0, PANEL);
      for (int k = 0; k < depth; k++) {
        addMultiple(tile.a[aStart + k * STRIP + row], tile.b, tile.bStart + k * PANEL, sums);
      }
      System.arraycopy(sums, 0, tile.c, at, PANEL);
    }
  }

  private static void addMultiple(float factor, float[] b, int at, float[] sums) {
    for (int i = 0; i < PANEL; i++) {
      sums[i] += factor * b[at + i];
    }
  }

  @Override
  public void dots(Tile tile, float[] sums) {
    int columnStep = 1 + tile.runStarts.length * tile.runLength;
    for (int i = 0; i < DOT_ROWS * DOT_COLUMNS; i++) {
      int bAt = tile.bStart + i % DOT_COLUMNS * columnStep;
      float sum = tile.b[bAt++];
      for (int run : tile.runStarts) {
        int aStart = tile.aRows[tile.aRow + i / DOT_COLUMNS] + run + tile.aShift;
        for (int k = 0; k < tile.runLength; k++) {
          sum += tile.a[aStart + k] * tile.b[bAt++];
        }
      }
      sums[i] = sum;
    }
  }

  @Override
  public void packStrip(float[] from, int fromStart, int step, float[] to, int toStart, int depth) {
    for (int k = 0; k < depth; k++) {
      System.arraycopy(from, fromStart + k * step, to, toStart + k * STRIP, ROWS);
    }
  }

  @Override
  public void packPanel(float[] from, int[] starts, float[] to, int count) {
    for (int k = 0; k < count; k++) {
      if (starts[k] >= 0) {
        System.arraycopy(from, starts[k], to, k * PANEL, PANEL);
      } else if (starts[k] == -1) {
        Arrays.fill(to, k * PANEL, (k + 1) * PANEL, 0);
      }
    }
  }
}
