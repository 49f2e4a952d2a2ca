package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * One operand of an operation with broadcasting: shows its values block by block in the output's
 * order, where they lie if they lie so, else repeated in a buffer. So one loop over plain stretches
 * serves every broadcast, however few channels it has.
 */
final class BroadcastOperand {
  private static final int NOTHING = -1;

  private final float[] source;
  private final Axes axes;
  private final int operand;
  private final float[] buffer;
  private int repeated = NOTHING;
  private int repeatedCount;

  /** The array and the position in it of the block that {@link #seek} chose. */
  float[] values;

  int at;

  BroadcastOperand(float[] source, Axes axes, int operand, int blockSize) {
    this.source = source;
    this.axes = axes;
    this.operand = operand;
    this.buffer = dense(axes, operand) ? new float[0] : new float[blockSize];
    this.values = source;
  }

  /**
   * Chooses the block of {@code height} rows and {@code width} columns, the innermost axes, at a
   * position of the others. A block is some whole rows or a part of one.
   */
  void seek(int position, int row, int height, int column, int width) {
    int rowStride = axes.stride(operand, -2);
    int columnStride = axes.stride(operand, -1);
    int start =
        axes.offset(operand, position, axes.rank() - 2) + row * rowStride + column * columnStride;
    if (columnStride == 1 && (height == 1 || rowStride == axes.size(-1))) {
      values = source;
      at = start;
      return;
    }
    values = buffer;
    at = 0;
    if (start == repeated && height * width <= repeatedCount) {
      return;
    }
    for (int i = 0; i < height; i++) {
      if (columnStride == 1) {
        System.arraycopy(source, start + i * rowStride, buffer, i * width, width);
      } else {
        Arrays.fill(buffer, i * width, (i + 1) * width, source[start + i * rowStride]);
      }
    }
    // The next block has the same values if neither rows nor columns move the start.
    repeated = rowStride == 0 ? start : NOTHING;
    repeatedCount = height * width;
  }

  private static boolean dense(Axes axes, int operand) {
    return axes.stride(operand, -1) == 1
        && (axes.size(-2) == 1 || axes.stride(operand, -2) == axes.size(-1));
  }
}
