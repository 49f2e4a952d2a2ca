package io.github.taipan.tensor.cpu;

/** The inner loops of matrix products and convolutions: small tiles of the output, in registers. */
interface GemmKernel {
  /** The most rows that a tile of {@link #multiply} may have. */
  int MOST_ROWS = 8;

  /**
   * How far apart the values of a packed strip lie for consecutive k: eight also where a tile has
   * six rows, for C2 removes no range check at 6 · k.
   */
  int STRIP = 8;

  /** The rows, and at most the columns, of a tile of dot products. */
  int DOT_ROWS = 4;

  int DOT_COLUMNS = 3;

  /** The room for a tile of dot products. */
  int DOT_ROOM = 16 * 16;

  /** The rows of a tile of {@link #multiply}. */
  int rows();

  /** The columns of a tile of {@link #multiply}. */
  int panel();

  /** The columns of a narrower one, for what full panels leave over; or as many. */
  int narrowPanel();

  /**
   * Computes the rows of a tile of {@code tile.panel} columns: {@code c[row][column] = bias[column]
   * + Σ a[row][k] · b[k][column]}, a being read in place.
   */
  void multiply(Tile tile);

  /**
   * Adds to the rows of one panel, a being packed in strips: {@code a[aStart + 8k + row]} for k
   * from 0 to {@code depth} − 1. The tile's {@code aRows} count from 0, and b has no bias.
   */
  void multiplyStrips(Tile tile, int aStart, int depth);

  /**
   * Four rows of three columns as dot products, for outputs too narrow for a panel: the columns of
   * b lie one after another, each after its bias. Writes {@code sums[3·row + column]}; the rest of
   * {@link #DOT_ROOM} is for partial sums.
   */
  void dots(Tile tile, float[] sums);

  /**
   * Packs a strip of a tile's rows: {@code to[toStart + 8k + row] = from[fromStart + k·step + row]}
   * for k from 0 to {@code depth} − 1. May read a vector's length from each k, and write that far
   * past the strip.
   */
  void packStrip(float[] from, int fromStart, int step, float[] to, int toStart, int depth);

  /**
   * Packs a panel for strips: {@code to[k·panel + column] = from[starts[k] + column]}, zeros where
   * the start is −1; rows whose start is less than that are left alone.
   */
  void packPanel(float[] from, int[] starts, float[] to, int count);
}
