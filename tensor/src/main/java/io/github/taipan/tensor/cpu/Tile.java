package io.github.taipan.tensor.cpu;

/**
 * The operands of one {@link GemmKernel} call. Rows of a and of the result are given by the
 * positions where they start, so that they can be pixels anywhere in a map. A thread has one, in
 * its {@link Scratch}.
 */
final class Tile {
  private static final float[] NO_FLOATS = {};
  private static final int[] NO_INTS = {};

  /** The tile's row r of a starts at {@code aRows[aRow + r] + aShift}. */
  float[] a = NO_FLOATS;

  int[] aRows = NO_INTS;
  int aRow;
  int aShift;

  /** Where each of a row's runs begins, counted from the row's start. */
  int[] runStarts = NO_INTS;

  /** How many values each run has. */
  int runLength;

  /** The panel of the right operand, which starts at {@code bStart}. */
  float[] b = NO_FLOATS;

  int bStart;

  /** The panel's columns. */
  int panel;

  /** Row r of the result starts at {@code cRows[cRow + r] + column}. */
  float[] c = NO_FLOATS;

  int[] cRows = NO_INTS;
  int cRow;
  int column;
}
