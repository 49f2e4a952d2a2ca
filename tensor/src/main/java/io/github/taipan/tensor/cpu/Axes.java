package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;
import java.util.Arrays;

/**
 * The axes of an output as nested loops, with the stride of each operand along each: unit axes are
 * dropped, and neighbours are merged wherever one loop does for both. At least two axes are left.
 */
final class Axes {
  private final int[] sizes;
  private final int[][] strides;

  private Axes(int[] sizes, int[][] strides) {
    this.sizes = sizes;
    this.strides = strides;
  }

  /** The loops over a shape of operands with these strides along its axes. */
  static Axes merged(Shape shape, int[]... strides) {
    int rank = shape.rank();
    int[] sizes = new int[rank + 2];
    int[][] merged = new int[strides.length][rank + 2];
    Arrays.fill(sizes, 1);
    int last = rank + 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      int size = shape.size(axis);
      if (size == 1) {
        continue;
      }
      boolean merges = true;
      for (int k = 0; k < strides.length; k++) {
        merges &= strides[k][axis] == merged[k][last] * sizes[last];
      }
      if (sizes[last] == 1 || !merges) {
        last -= sizes[last] == 1 ? 0 : 1;
        sizes[last] = size;
        for (int k = 0; k < strides.length; k++) {
          merged[k][last] = strides[k][axis];
        }
      } else {
        sizes[last] *= size;
      }
    }
    int first = Math.min(last, rank);
    for (int k = 0; k < strides.length; k++) {
      merged[k] = Arrays.copyOfRange(merged[k], first, rank + 2);
    }
    return new Axes(Arrays.copyOfRange(sizes, first, rank + 2), merged);
  }

  int rank() {
    return sizes.length;
  }

  /** The size of an axis; -1 is the innermost. */
  int size(int axis) {
    return sizes[axis < 0 ? axis + sizes.length : axis];
  }

  /** The stride of an operand along an axis; -1 is the innermost. */
  int stride(int operand, int axis) {
    return strides[operand][axis < 0 ? axis + sizes.length : axis];
  }

  /** The number of positions in the first {@code axes} axes. */
  int positions(int axes) {
    int product = 1;
    for (int axis = 0; axis < axes; axis++) {
      product *= sizes[axis];
    }
    return product;
  }

  /** Where an operand is at a position of the first {@code axes} axes, counted row-major. */
  int offset(int operand, int position, int axes) {
    int offset = 0;
    int rest = position;
    for (int axis = axes - 1; axis >= 0; axis--) {
      offset += rest % sizes[axis] * strides[operand][axis];
      rest /= sizes[axis];
    }
    return offset;
  }
}
