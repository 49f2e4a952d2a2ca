package io.github.taipan.vmambair;

import io.github.taipan.vmambair.model.Configuration;

/**
 * How a picture is cut for the network: tiles of one size that overlap, spread evenly. Within an
 * overlap the results are blended, linearly where two tiles meet. A picture in one tile is restored
 * exactly as a whole.
 *
 * @param height of the picture
 * @param width of the picture
 * @param tileHeight of a tile, at most the picture's
 * @param tileWidth of a tile, at most the picture's
 */
record Tiling(int height, int width, int tileHeight, int tileWidth) {
  private static final int OVERLAP = 32;
  private static final int SMALLEST = 64;

  /** The whole picture at once. */
  static Tiling whole(int height, int width) {
    return new Tiling(height, width, height, width);
  }

  /**
   * The largest square tiles for which a restoration stays within some memory.
   *
   * @param bytesPerPixel what the network needs for a pixel of a tile
   * @param bytesPerStripPixel what blending needs for a pixel of a row of tiles
   * @throws IllegalArgumentException when not even the smallest tile fits
   */
  static Tiling within(
      int height, int width, long memory, double bytesPerPixel, double bytesPerStripPixel) {
    if ((double) padded(height) * padded(width) * bytesPerPixel <= memory) {
      return whole(height, width);
    }
    // side² · perPixel + side · width · perStripPixel = memory, solved for the side
    double strip = width * bytesPerStripPixel / (2 * bytesPerPixel);
    double side = Math.sqrt(strip * strip + memory / bytesPerPixel) - strip;
    int multiple = (int) side / Configuration.SIZE_MULTIPLE * Configuration.SIZE_MULTIPLE;
    if (memory <= 0 || multiple < SMALLEST) {
      throw new IllegalArgumentException(
          "a picture of %dx%d does not fit into the memory, not even in tiles of %d pixels: allow more"
              .formatted(width, height, SMALLEST));
    }
    return new Tiling(height, width, Math.min(height, multiple), Math.min(width, multiple));
  }

  static int padded(int size) {
    return Math.ceilDiv(size, Configuration.SIZE_MULTIPLE) * Configuration.SIZE_MULTIPLE;
  }

  boolean isWhole() {
    return tileHeight == height && tileWidth == width;
  }

  int rows() {
    return count(height, tileHeight);
  }

  int columns() {
    return count(width, tileWidth);
  }

  /** The first row of a row of tiles; {@code row == rows()} gives the end of the picture. */
  int top(int row) {
    return row == rows() ? height : start(row, rows(), height, tileHeight);
  }

  int left(int column) {
    return column == columns() ? width : start(column, columns(), width, tileWidth);
  }

  private static int count(int size, int tile) {
    return tile >= size ? 1 : Math.ceilDiv(size - OVERLAP, tile - OVERLAP);
  }

  private static int start(int index, int count, int size, int tile) {
    return count == 1 ? 0 : (int) ((long) index * (size - tile) / (count - 1));
  }

  /** The weights, by output row of a tile, with which a row of tiles enters the result. */
  float[] rowWeights(int row, int scale) {
    return weights(row, rows(), height, tileHeight, scale);
  }

  /** The weights, by output column of a tile, with which a column of tiles enters the result. */
  float[] columnWeights(int column, int scale) {
    return weights(column, columns(), width, tileWidth, scale);
  }

  /**
   * A tile's share of the distances from each place to the ends of all tiles that cover it, which
   * may be three. Shares add up to 1.
   */
  private static float[] weights(int index, int count, int size, int tile, int scale) {
    float[] weights = new float[tile * scale];
    int start = start(index, count, size, tile);
    for (int i = 0; i < weights.length; i++) {
      double at = start + (i + 0.5) / scale;
      double sum = 0;
      for (int other = 0; other < count; other++) {
        sum += distanceInside(at, other, count, size, tile);
      }
      weights[i] = (float) (distanceInside(at, index, count, size, tile) / sum);
    }
    return weights;
  }

  /** How far inside a tile a place is: 0 outside; the picture's own ends count as far away. */
  private static double distanceInside(double at, int index, int count, int size, int tile) {
    int start = start(index, count, size, tile);
    double before = index == 0 ? size : at - start;
    double after = index == count - 1 ? size : start + tile - at;
    return Math.max(0, Math.min(before, after));
  }

  @Override
  public String toString() {
    return isWhole()
        ? "in one piece"
        : "in %d tiles of %dx%d".formatted(rows() * columns(), tileWidth, tileHeight);
  }
}
