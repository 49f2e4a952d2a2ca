package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;
import java.util.Arrays;

/**
 * The cut of an NHWC map into rectangles of at most about {@link Gemm#BLOCK_ROWS} pixels, which
 * follows from the shape alone.
 */
final class Blocks {
  private static final int SQUARE_WIDTH = 32;

  private final int width;
  private final Block[] blocks;

  private Blocks(Shape map, int height, int width) {
    this.width = width;
    int across = Math.ceilDiv(map.size(2), width);
    int down = Math.ceilDiv(map.size(1), height);
    blocks = new Block[map.size(0) * down * across];
    Arrays.setAll(
        blocks,
        i -> {
          int y = i / across % down * height;
          int x = i % across * width;
          return new Block(
              i / across / down,
              y,
              x,
              Math.min(height, map.size(1) - y),
              Math.min(width, map.size(2) - x));
        });
  }

  /** Rectangles that are long rows for kernels one pixel wide, else squarer: less to see around. */
  static Blocks of(Shape map, int kernelWidth, int tileRows) {
    int widest = kernelWidth == 1 ? Gemm.BLOCK_ROWS : SQUARE_WIDTH;
    int width = evenPart(map.size(2), widest);
    if (width < map.size(2)) {
      width = Math.ceilDiv(width, tileRows) * tileRows;
    }
    return new Blocks(map, evenPart(map.size(1), Math.max(1, Gemm.BLOCK_ROWS / width)), width);
  }

  /** The size of a part when a size is cut evenly into parts that are no larger than a limit. */
  private static int evenPart(int size, int limit) {
    return Math.ceilDiv(size, Math.ceilDiv(size, limit));
  }

  /** The width of all blocks but perhaps the last of a line. */
  int width() {
    return width;
  }

  int count() {
    return blocks.length;
  }

  Block block(int index) {
    return blocks[index];
  }
}
