package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * A matrix product c = a · b + bias, in groups, whose left rows are read in place: row i of a is a
 * list of runs of consecutive values, the same list for all rows, counted from where the row
 * starts. So a convolution is one, without copying windows ("indirect" or "implicit" GEMM).
 *
 * <p>A tile of c stays in registers while k runs through all its values; callers cut the rows so
 * that their part of a stays in the second-level cache.
 */
final class Gemm {
  /** About as many rows as callers should pass to {@link #block} at a time. */
  static final int BLOCK_ROWS = 192;

  private static final int CACHED_B = 1 << 15; // values
  private static final int[] ONE_RUN = {0};

  /** Tasks that a product with few rows is cut into, as far as each still has enough to do. */
  private static final int TASKS = 16;

  private static final long TASK_OPERATIONS = 500_000;

  private final PackedMatrix right;
  private final GemmKernel kernel;
  private final int tileRows;
  private final int[] runStarts;
  private final int aGroupStep;
  private final int[] cornerRows;

  /**
   * A product with a right operand.
   *
   * @param runStarts where each run of a row begins; all runs are equally long
   * @param aGroupStep how far each group of a row lies from the one before
   */
  Gemm(PackedMatrix right, int[] runStarts, int aGroupStep) {
    this.right = right;
    this.runStarts = runStarts;
    this.aGroupStep = aGroupStep;
    kernel = right.kernel();
    tileRows = kernel.rows();
    cornerRows = new int[tileRows];
    Arrays.setAll(cornerRows, i -> i * kernel.panel());
  }

  /** A product whose left rows are consecutive values, group after group. */
  static Gemm ofRows(PackedMatrix right) {
    return new Gemm(right, ONE_RUN, right.depth());
  }

  /**
   * Computes all columns of some rows, within one task and without allocating: row i of a starts at
   * {@code aAt + i · aStride}, and row i of c at {@code cAt + i · cStride}. For {@link #ofRows}.
   */
  void rows(float[] a, int aAt, int aStride, float[] c, int cAt, int cStride, int rows) {
    rows(a, aAt, aStride, c, cAt, cStride, rows, 0, right.panels());
  }

  private void rows(
      float[] a,
      int aAt,
      int aStride,
      float[] c,
      int cAt,
      int cStride,
      int rows,
      int fromPanel,
      int endPanel) {
    if (rows <= 0) {
      return;
    }
    int[] aRows = Scratch.ints(Scratch.Use.TASK_A_ROWS, rows + GemmKernel.MOST_ROWS);
    int[] cRows = Scratch.ints(Scratch.Use.TASK_C_ROWS, rows);
    for (int i = 0; i < rows; i++) {
      aRows[i] = aAt + i * aStride;
      cRows[i] = cAt + i * cStride;
    }
    block(a, aRows, c, cRows, rows, fromPanel, endPanel);
  }

  /** Computes all of c, as tasks of some rows and, where those are few, of some panels. */
  void multiply(
      Context context, float[] a, int aAt, int aStride, float[] c, int cAt, int cStride, int rows) {
    int blocks = Math.ceilDiv(rows, BLOCK_ROWS);
    int tiles = Math.ceilDiv(rows, tileRows);
    int chunks = chunks(blocks, rows);
    context
        .workers()
        .forEach(
            blocks * chunks,
            operations(rows),
            task -> {
              int block = task / chunks;
              int first = part(tiles, block, blocks) * tileRows;
              int end = Math.min(rows, part(tiles, block + 1, blocks) * tileRows);
              int chunk = task % chunks;
              rows(
                  a,
                  aAt + first * aStride,
                  aStride,
                  c,
                  cAt + first * cStride,
                  cStride,
                  end - first,
                  firstPanel(chunk, chunks),
                  firstPanel(chunk + 1, chunks));
            });
  }

  /** The number of multiplications and additions for so many rows. */
  long operations(int rows) {
    return 2L * rows * right.depth() * right.columns() * right.groups();
  }

  /** Into how many chunks of panels to cut the columns when there are so many blocks of rows. */
  int chunks(int blocks, int rows) {
    long wanted = Math.min(TASKS / blocks, operations(rows) / TASK_OPERATIONS);
    return Math.clamp(wanted, 1, Math.max(1, right.panels() / 2));
  }

  /** The first panel of a chunk. */
  int firstPanel(int chunk, int chunks) {
    return part(right.panels(), chunk, chunks);
  }

  /** Where a part begins when a size is cut evenly. */
  private static int part(int size, int part, int parts) {
    return (int) ((long) part * size / parts);
  }

  /**
   * Computes rows of c in the panels from {@code fromPanel} to {@code endPanel} − 1.
   *
   * @param aRows where each row starts in a, with room for {@link GemmKernel#MOST_ROWS} − 1 more
   * @param cRows where each row starts in c
   */
  void block(
      float[] a, int[] aRows, float[] c, int[] cRows, int rows, int fromPanel, int endPanel) {
    // A last tile of fewer rows computes its last row several times.
    Arrays.fill(aRows, rows, rows + tileRows - 1, aRows[rows - 1]);
    Tile tile = Scratch.tile();
    tile.a = a;
    tile.aRows = aRows;
    tile.runStarts = runStarts;
    tile.runLength = right.depth() / runStarts.length;
    tile.c = c;
    tile.cRows = cRows;
    if (right.dots()) {
      dotProducts(tile, rows, fromPanel, endPanel);
      return;
    }
    // Along rows of c where all of b stays in the second-level cache, for c is then written in one
    // piece; else down a panel.
    boolean alongRows =
        !right.packsLate() && right.depth() * (endPanel - fromPanel) * kernel.panel() <= CACHED_B;
    if (alongRows) {
      for (int row = 0; row < rows; row += tileRows) {
        for (int q = fromPanel; q < endPanel; q++) {
          tile.b = right.panel(q);
          tile(tile, q, row, rows);
        }
      }
    } else {
      for (int q = fromPanel; q < endPanel; q++) {
        tile.b = right.panel(q);
        for (int row = 0; row < rows; row += tileRows) {
          tile(tile, q, row, rows);
        }
      }
    }
  }

  private void tile(Tile tile, int q, int row, int rows) {
    int group = q / right.panelsPerGroup();
    int column = right.column(q);
    int width = Math.min(right.width(q), right.columns() - column);
    tile.aRow = row;
    tile.aShift = group * aGroupStep;
    tile.bStart = right.start(q);
    tile.panel = right.width(q);
    tile.cRow = row;
    tile.column = group * right.columns() + column;
    if (width == tile.panel && row + tileRows <= rows) {
      kernel.multiply(tile);
    } else {
      corner(tile, Math.min(tileRows, rows - row), width);
    }
  }

  /** A tile of which only some rows and columns exist: computed beside c, and copied. */
  private void corner(Tile tile, int rows, int width) {
    float[] c = tile.c;
    int[] cRows = tile.cRows;
    int row = tile.cRow;
    int column = tile.column;
    float[] corner = Scratch.floats(Scratch.Use.TASK_TILE, tileRows * kernel.panel());
    tile.c = corner;
    tile.cRows = cornerRows;
    tile.cRow = 0;
    tile.column = 0;
    kernel.multiply(tile);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(corner, cornerRows[i], c, cRows[row + i] + column, width);
    }
    tile.c = c;
    tile.cRows = cRows;
  }

  private void dotProducts(Tile tile, int rows, int fromPanel, int endPanel) {
    float[] sums = Scratch.floats(Scratch.Use.TASK_TILE, GemmKernel.DOT_ROOM);
    for (int group = fromPanel; group < endPanel; group++) {
      tile.aShift = group * aGroupStep;
      tile.b = right.panel(group);
      tile.bStart = right.start(group);
      for (int row = 0; row < rows; row += GemmKernel.DOT_ROWS) {
        tile.aRow = row;
        kernel.dots(tile, sums);
        for (int i = 0; i < Math.min(GemmKernel.DOT_ROWS, rows - row); i++) {
          int at = tile.cRows[row + i] + group * right.columns();
          System.arraycopy(sums, i * GemmKernel.DOT_COLUMNS, tile.c, at, right.columns());
        }
      }
    }
  }
}
