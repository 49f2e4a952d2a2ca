package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * A matrix product c = a · b + bias, in groups, whose left rows are read in place: row i of a is a
 * list of runs of consecutive values, the same list for all rows, counted from where the row
 * starts. So a convolution is one, without copying windows ("indirect" or "implicit" GEMM).
 *
 * <p>Blocking follows Goto and van de Geijn ("Anatomy of high-performance matrix multiplication",
 * 2008): k is cut so that a panel of b stays in the first-level cache, and callers cut the rows so
 * that their part of a stays in the second.
 */
final class Gemm {
  /** About as many rows as callers should pass to {@link #block} at a time. */
  static final int BLOCK_ROWS = 192;

  private static final int BLOCK_DEPTH = 320;
  private static final int CACHED_B = 1 << 15; // values
  private static final int[] ONE_ROW = new int[GemmKernel.ROWS];

  private final GemmKernel kernel;
  private final int panel;
  private final int panelsPerGroup;
  private final int panels;
  private final int columns;
  private final int depth;
  private final int aGroupStep;
  private final boolean dots;
  private final boolean packsLate;
  private final PackedMatrix right;
  private final float[] b; // empty when each task packs its own
  private final float[] bias;
  private final Runs runs;

  /**
   * Packs the right operand into the calling thread's scratch: a product lives until the next.
   *
   * @param bias one value per column of all groups, or empty
   * @param runStarts where each run of a row begins; all runs are equally long
   * @param aGroupStep how far each group of a row lies from the one before
   * @param once whether each panel is used by one {@link #block} only, which then packs it itself:
   *     it need not leave the cache
   */
  Gemm(
      Context context,
      PackedMatrix right,
      float[] bias,
      int[] runStarts,
      int aGroupStep,
      boolean once) {
    this.right = right;
    kernel = context.kernels().gemm();
    panel = kernel.panel();
    columns = right.columns();
    depth = right.depth();
    this.aGroupStep = aGroupStep;
    int runLength = depth / runStarts.length;
    dots = columns <= GemmKernel.DOT_COLUMNS && runLength >= 2 * panel;
    runs = Runs.cut(runStarts, runLength, dots ? Integer.MAX_VALUE : BLOCK_DEPTH);
    panelsPerGroup = dots ? 1 : Math.ceilDiv(columns, panel);
    panels = right.groups() * panelsPerGroup;
    packsLate = once && !dots;
    if (packsLate) {
      b = new float[0];
    } else {
      b = dots ? right.columns(GemmKernel.DOT_COLUMNS) : right.panels(context);
    }
    this.bias = padBias(bias);
  }

  private float[] padBias(float[] given) {
    float[] padded = Scratch.floats(Scratch.Use.BIAS, panels * panel);
    Arrays.fill(padded, 0, panels * panel, 0);
    for (int i = 0; i < given.length; i++) {
      padded[i / columns * panelsPerGroup * panel + i % columns] = given[i];
    }
    return padded;
  }

  /** The number of panels of all groups: the finest cut of the columns into tasks. */
  int panels() {
    return panels;
  }

  /**
   * Computes rows of c in the panels from {@code fromPanel} to {@code endPanel} − 1.
   *
   * @param aRows where each row starts in a, with room for {@link GemmKernel#ROWS} − 1 more
   * @param cRows where each row starts in c, likewise
   */
  void block(
      float[] a, int[] aRows, float[] c, int[] cRows, int rows, int fromPanel, int endPanel) {
    // A last tile of fewer rows computes its last row several times.
    for (int i = 0; i < GemmKernel.ROWS - 1; i++) {
      aRows[rows + i] = aRows[rows - 1];
      cRows[rows + i] = cRows[rows - 1];
    }
    Tile tile = new Tile(a, aRows, runs, b, c, cRows);
    for (int from = fromPanel; from < endPanel; ) {
      int group = from / panelsPerGroup;
      int end = Math.min(endPanel, (group + 1) * panelsPerGroup);
      tile.aShift = group * aGroupStep;
      if (dots) {
        dotProducts(tile, group, rows);
      } else if (packsLate) {
        for (int at = from; at < end; at++) {
          tile.b = right.panel(kernel, at);
          tile.bFirstPanel = at;
          tiles(tile, c, cRows, group, rows, at, at + 1);
        }
      } else {
        tiles(tile, c, cRows, group, rows, from, end);
      }
      from = end;
    }
  }

  private void tiles(
      Tile tile, float[] c, int[] cRows, int group, int rows, int fromPanel, int endPanel) {
    int depthBefore = 0;
    tile.firstRun = 0;
    for (int blockEnd : runs.blockEnds()) {
      tile.endRun = blockEnd;
      int blockDepth = runs.depth(tile.firstRun, blockEnd);
      // Along rows of c where all of b stays in the second-level cache, for c is then written in
      // one
      // piece; else down a panel.
      boolean alongRows = blockDepth * (endPanel - fromPanel) * panel <= CACHED_B;
      int rowStep = alongRows ? GemmKernel.ROWS : rows;
      for (int from = 0; from < rows; from += rowStep) {
        int end = Math.min(rows, from + rowStep);
        for (int at = fromPanel; at < endPanel; at++) {
          for (int row = from; row < end; row += GemmKernel.ROWS) {
            tile(tile, c, cRows, group, at, depthBefore, row, rows);
          }
        }
      }
      depthBefore += blockDepth;
      tile.firstRun = blockEnd;
    }
  }

  private void tile(
      Tile tile, float[] c, int[] cRows, int group, int at, int depthBefore, int row, int rows) {
    int column = (at - group * panelsPerGroup) * panel;
    int width = Math.min(panel, columns - column);
    tile.bStart = ((at - tile.bFirstPanel) * depth + depthBefore) * panel;
    tile.aRow = row;
    tile.to(c, cRows, row, group * columns + column);
    if (tile.firstRun == 0) {
      tile.from(bias, ONE_ROW, 0, at * panel);
    } else {
      tile.from(c, cRows, row, group * columns + column);
    }
    if (width == panel && row + GemmKernel.ROWS <= rows) {
      kernel.multiply(tile);
    } else {
      corner(tile, Math.min(GemmKernel.ROWS, rows - row), width);
    }
  }

  /** A tile of which only some rows and columns exist: computed beside c, and copied. */
  private void corner(Tile tile, int rows, int width) {
    float[] c = tile.to;
    int[] cRows = tile.toRows;
    int cRow = tile.toRow;
    int column = tile.toColumn;
    int[] cornerRows = new int[GemmKernel.ROWS];
    Arrays.setAll(cornerRows, i -> i * panel);
    float[] corner = Scratch.floats(Scratch.Use.TASK_TILE, GemmKernel.ROWS * panel);
    if (tile.from == c) {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(c, cRows[cRow + i] + column, corner, i * panel, width);
      }
      tile.from(corner, cornerRows, 0, 0);
    }
    tile.to(corner, cornerRows, 0, 0);
    kernel.multiply(tile);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(corner, i * panel, c, cRows[cRow + i] + column, width);
    }
    tile.to(c, cRows, cRow, column);
  }

  private void dotProducts(Tile tile, int group, int rows) {
    float[] sums = new float[GemmKernel.DOT_ROWS * GemmKernel.DOT_COLUMNS];
    tile.firstRun = 0;
    tile.endRun = runs.starts().length;
    tile.bStart = group * GemmKernel.DOT_COLUMNS * depth;
    for (int row = 0; row < rows; row += GemmKernel.DOT_ROWS) {
      tile.aRow = row;
      kernel.dots(tile, depth, sums);
      for (int i = 0; i < Math.min(GemmKernel.DOT_ROWS, rows - row); i++) {
        int at = tile.toRows[row + i] + group * columns;
        for (int column = 0; column < columns; column++) {
          tile.to[at + column] =
              sums[i * GemmKernel.DOT_COLUMNS + column] + bias[group * panel + column];
        }
      }
    }
  }
}
