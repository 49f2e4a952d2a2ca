package io.github.taipan.tensor.reference;

import io.github.taipan.tensor.Shape;

/** Where the elements of one tensor lie in the array of another. */
final class Strides {
  private Strides() {}

  /**
   * The strides with which a tensor of shape {@code from} is read as if broadcast to {@code to}.
   */
  static int[] broadcast(Shape from, Shape to) {
    int[] dense = from.strides();
    int[] strides = new int[to.rank()]; // 0 along the axes that are repeated
    int missing = to.rank() - from.rank();
    for (int axis = 0; axis < from.rank(); axis++) {
      strides[missing + axis] = from.size(axis) == 1 ? 0 : dense[axis];
    }
    return strides;
  }

  /** The sum of coordinate times stride over all axes, for element number i of a shape. */
  static int offset(int i, Shape shape, int[] strides) {
    int offset = 0;
    int rest = i;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      offset += rest % shape.size(axis) * strides[axis];
      rest /= shape.size(axis);
    }
    return offset;
  }
}
