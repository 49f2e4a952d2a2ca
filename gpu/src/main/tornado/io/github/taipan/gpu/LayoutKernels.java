package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Device code that moves values: one thread per value written. */
final class LayoutKernels {
  static final int ZERO = 0;
  static final int REFLECT = 1;
  static final int REPLICATE = 2;

  private LayoutKernels() {}

  /** y ← x, both by strides. Launch: x, y, count, {@link Axes} with the strides of x and y. */
  static void moveElements(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(2)) {
      int rank = launch.get(3);
      int x = launch.get(0);
      int y = launch.get(1);
      int rest = i;
      for (int axis = rank - 1; axis >= 0; axis--) {
        int size = launch.get(4 + axis);
        int at = rest % size;
        rest /= size;
        x += at * launch.get(4 + rank + axis);
        y += at * launch.get(4 + 2 * rank + axis);
      }
      memory.set(y, memory.get(x));
    }
  }

  /** y[i] ← the value at place i. Launch: y, count, places. */
  static void gatherScalars(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(1)) {
      memory.set(launch.get(0) + i, memory.get(launch.get(2 + i)));
    }
  }

  /**
   * Widens the middle axis of {@code [outer, size, inner]}. Launch: x, y, count of y, border, size
   * before and after widening, elements added before, inner.
   */
  static void padElements(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(2)) {
      int size = launch.get(4);
      int wide = launch.get(5);
      int inner = launch.get(7);
      int row = i / inner;
      int from = source(launch.get(3), row % wide, launch.get(6), size);
      float value = 0;
      if (from >= 0) {
        value = memory.get(launch.get(0) + (row / wide * size + from) * inner + i % inner);
      }
      memory.set(launch.get(1) + i, value);
    }
  }

  /**
   * The transpose of {@link #padElements}: each value of the narrow map adds up what was copied
   * from it, in order. Launch: wide gradient, narrow gradient, count of the narrow one, border,
   * size before and after widening, elements added before, inner.
   */
  static void padGradients(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(2)) {
      int border = launch.get(3);
      int size = launch.get(4);
      int wide = launch.get(5);
      int before = launch.get(6);
      int inner = launch.get(7);
      int row = i / inner;
      int at = row % size;
      int start = launch.get(0) + row / size * wide * inner + i % inner;
      float sum = 0;
      for (int j = 0; j < before; j++) {
        if (source(border, j, before, size) == at) {
          sum += memory.get(start + j * inner);
        }
      }
      sum += memory.get(start + (before + at) * inner);
      for (int j = before + size; j < wide; j++) {
        if (source(border, j, before, size) == at) {
          sum += memory.get(start + j * inner);
        }
      }
      memory.set(launch.get(1) + i, sum);
    }
  }

  /** {@link io.github.taipan.tensor.Layout.Pad#source}. */
  static int source(int border, int i, int before, int size) {
    int at = i - before;
    int from = at;
    if (at < 0) {
      from = border == REFLECT ? -at : border == REPLICATE ? 0 : -1;
    } else if (at >= size) {
      from = border == REFLECT ? 2 * (size - 1) - at : border == REPLICATE ? size - 1 : -1;
    }
    return from;
  }
}
