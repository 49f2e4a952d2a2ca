package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;

/**
 * The cut of an NHWC map into rectangles of at most about {@link Gemm#BLOCK_ROWS} pixels, which
 * follows from the shape alone.
 */
record Blocks(Shape map, int height, int width) {
  private static final int SQUARE_WIDTH = 32;

  /** Rectangles that are long rows for kernels one pixel wide, else squarer: less to see around. */
  static Blocks of(Shape map, int kernelWidth) {
    int widest = kernelWidth == 1 ? Gemm.BLOCK_ROWS : SQUARE_WIDTH;
    int width = evenPart(map.size(2), widest);
    if (width < map.size(2)) {
      width = Math.ceilDiv(width, GemmKernel.ROWS) * GemmKernel.ROWS;
    }
    return new Blocks(map, evenPart(map.size(1), Math.max(1, Gemm.BLOCK_ROWS / width)), width);
  }

  /** The size of a part when a size is cut evenly into parts that are no larger than a limit. */
  private static int evenPart(int size, int limit) {
    return Math.ceilDiv(size, Math.ceilDiv(size, limit));
  }

  private int across() {
    return Math.ceilDiv(map.size(2), width);
  }

  private int down() {
    return Math.ceilDiv(map.size(1), height);
  }

  int count() {
    return map.size(0) * down() * across();
  }

  Block block(int index) {
    int x = index % across() * width;
    int y = index / across() % down() * height;
    return new Block(
        index / across() / down(),
        y,
        x,
        Math.min(height, map.size(1) - y),
        Math.min(width, map.size(2) - x));
  }
}
