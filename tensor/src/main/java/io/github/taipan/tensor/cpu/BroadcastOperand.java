package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * One operand of an operation with broadcasting: shows its values block by block in the output's
 * order, where they lie if they lie so, else repeated in a buffer. So one loop over plain stretches
 * serves every broadcast, however few channels it has. A block is some whole rows, the innermost
 * axis, or a part of one.
 *
 * @param operand its number among the axes' strides
 * @param size the values of the largest block
 * @param inPlace whether every block lies in the source as the output has it
 */
record BroadcastOperand(float[] source, Axes axes, int operand, int size, boolean inPlace) {
  /** What {@link #fill} returns when the next block has other values. */
  static final int NOTHING = -1;

  /** An operand that is shown in blocks of at most so many rows and columns. */
  static BroadcastOperand of(float[] source, Axes axes, int operand, int height, int width) {
    boolean dense = height == 1 || axes.stride(operand, -2) == axes.size(-1);
    boolean inPlace = dense && axes.stride(operand, -1) == 1;
    return new BroadcastOperand(source, axes, operand, height * width, inPlace);
  }

  /** Where the block at a row and column of a position of the other axes begins in the source. */
  int start(int position, int row, int column) {
    return axes.offset(operand, position, axes.rank() - 2)
        + row * axes.stride(operand, -2)
        + column * axes.stride(operand, -1);
  }

  /**
   * Repeats the values of a block in a buffer, if it does not hold them yet.
   *
   * @param held what the last call for this buffer returned, at first {@link #NOTHING}
   * @return the start of the blocks that the buffer now holds
   */
  int fill(float[] buffer, int held, int start, int height, int width) {
    if (start == held) {
      return held;
    }
    int rowStride = axes.stride(operand, -2);
    boolean dense = axes.stride(operand, -1) == 1;
    for (int i = 0; i < height; i++) {
      if (dense) {
        System.arraycopy(source, start + i * rowStride, buffer, i * width, width);
      } else {
        Arrays.fill(buffer, i * width, (i + 1) * width, source[start + i * rowStride]);
      }
    }
    // The next block has the same values if neither rows nor columns move the start.
    return rowStride == 0 && height * width == size ? start : NOTHING;
  }
}
