package io.github.taipan.tensor.cpu;

/**
 * The operands of one {@link GemmKernel} call. Rows of a, of the addend and of the result are given
 * by the positions where they start, so that they can be pixels anywhere in a map.
 */
final class Tile {
  final float[] a;
  final int[] aRows;
  final int[] runStarts;
  final int[] runLengths;
  float[] b;

  /** The panel with which b begins. */
  int bFirstPanel;

  /** The runs of k to multiply: from {@code firstRun} to {@code endRun} − 1. */
  int firstRun;

  int endRun;

  /** The tile's row r starts at {@code aRows[aRow + r] + aShift}. */
  int aRow;

  int aShift;

  /** Where the panel's first of these k starts in b. */
  int bStart;

  /** The addend: row r of the tile starts at {@code fromRows[fromRow + r] + fromColumn}. */
  float[] from;

  int[] fromRows;
  int fromRow;
  int fromColumn;

  /** The result: row r of the tile starts at {@code toRows[toRow + r] + toColumn}. */
  float[] to;

  int[] toRows;
  int toRow;
  int toColumn;

  Tile(float[] a, int[] aRows, Runs runs, float[] b, float[] c, int[] cRows) {
    this.a = a;
    this.aRows = aRows;
    this.runStarts = runs.starts();
    this.runLengths = runs.lengths();
    this.b = b;
    this.from = c;
    this.fromRows = cRows;
    this.to = c;
    this.toRows = cRows;
  }

  void from(float[] array, int[] rows, int row, int column) {
    from = array;
    fromRows = rows;
    fromRow = row;
    fromColumn = column;
  }

  void to(float[] array, int[] rows, int row, int column) {
    to = array;
    toRows = rows;
    toRow = row;
    toColumn = column;
  }
}
