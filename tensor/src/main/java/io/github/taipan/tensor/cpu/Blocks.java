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

  private Blocks(Shape map, int down, int width) {
    this.width = width;
    int across = Math.ceilDiv(map.size(2), width);
    blocks = new Block[map.size(0) * down * across];
    Arrays.setAll(
        blocks,
        i -> {
          int line = i / across % down;
          int y = line * map.size(1) / down;
          int x = i % across * width;
          int height = (line + 1) * map.size(1) / down - y;
          return new Block(i / across / down, y, x, height, Math.min(width, map.size(2) - x));
        });
  }

  /** Rectangles that are long rows for kernels one pixel wide, else squarer: less to see around. */
  static Blocks of(Shape map, int kernelWidth, int tileRows) {
    int widest = kernelWidth == 1 ? Gemm.BLOCK_ROWS : SQUARE_WIDTH;
    int width = Math.ceilDiv(map.size(2), Math.ceilDiv(map.size(2), widest));
    if (width < map.size(2)) {
      width = Math.ceilDiv(width, tileRows) * tileRows;
    }
    return new Blocks(map, Math.ceilDiv(map.size(1), Math.max(1, Gemm.BLOCK_ROWS / width)), width);
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
