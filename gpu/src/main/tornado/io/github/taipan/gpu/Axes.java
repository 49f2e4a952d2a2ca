package io.github.taipan.gpu;

import io.github.taipan.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The axes over which a kernel walks, with the distance between neighbours in each of its operands.
 * Neighbouring axes that all operands walk as if they were one are one, and unit axes are left out.
 * A kernel finds them in its launch array as: rank, sizes, and then each operand's strides.
 *
 * @param sizes outermost first
 * @param strides for each operand, as long as the sizes
 */
record Axes(int[] sizes, List<int[]> strides) {
  /** The axes of a shape, merged where possible. */
  static Axes of(Shape shape, int[]... strides) {
    List<int[]> merged = new ArrayList<>(); // size, then strides
    for (int axis = 0; axis < shape.rank(); axis++) {
      int size = shape.size(axis);
      if (size == 1) {
        continue;
      }
      int[] next = new int[1 + strides.length];
      next[0] = size;
      boolean continues = !merged.isEmpty();
      for (int i = 0; i < strides.length; i++) {
        next[1 + i] = strides[i][axis];
        continues = continues && merged.getLast()[1 + i] == size * strides[i][axis];
      }
      if (continues) {
        next[0] *= merged.removeLast()[0];
      }
      merged.add(next);
    }
    return new Axes(
        merged.stream().mapToInt(axis -> axis[0]).toArray(),
        IntStream.range(0, strides.length)
            .mapToObj(i -> merged.stream().mapToInt(axis -> axis[1 + i]).toArray())
            .toList());
  }

  /** The arguments before, and then these axes as a kernel reads them. */
  int[] after(int... before) {
    int rank = sizes.length;
    int[] all = Arrays.copyOf(before, before.length + 1 + rank * (1 + strides.size()));
    int at = before.length;
    all[at++] = rank;
    System.arraycopy(sizes, 0, all, at, rank);
    for (int[] operand : strides) {
      at += rank;
      System.arraycopy(operand, 0, all, at, rank);
    }
    return all;
  }
}
