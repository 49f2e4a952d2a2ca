package io.github.taipan.tensor.cpu;

/**
 * The inner loops of the selective scan and its gradient, over all channels of a {@link ScanTile}.
 */
interface ScanLoops {
  /** The channels, or states, of a block. */
  int lanes();

  /**
   * Copies {@code width} neighbouring values of each pixel, from {@code column} of rows that are
   * {@code rowSize} long, into a block; the other lanes become 0.
   */
  void gather(
      ScanTile tile, float[] rows, int rowSize, int column, int width, float[] values, int block);

  /** The reverse of {@link #gather}; adds to the rows, or overwrites them. */
  void scatter(
      ScanTile tile,
      float[] values,
      int block,
      float[] rows,
      int rowSize,
      int column,
      int width,
      boolean add);

  /**
   * Makes delta (in {@code raw}): the tile's step weights times {@code rank} values of each pixel,
   * from {@code column} of rows that are {@code rowSize} long, summed up from the first as a matrix
   * product does it.
   */
  void project(ScanTile tile, float[] rows, int rowSize, int column, int rank);

  /** Adds the bias to delta and makes the step size, the input, and y = D · u to start with. */
  void prepare(ScanTile tile);

  /** Advances h and adds C · h to y. */
  void forward(ScanTile tile);

  /** Advances h alone. */
  void advance(ScanTile tile);

  /**
   * Advances h once more, keeping decays and states of one of the N states at a time, and walks
   * back: makes the gradients of inputs, step sizes, B and C, and adds to A's.
   */
  void backward(ScanTile tile);

  /**
   * Makes the gradients of u (in {@code input}) and delta (in {@code step}), adds to D's and bias'.
   */
  void finish(ScanTile tile);
}
