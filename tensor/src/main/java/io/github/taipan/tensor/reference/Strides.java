package io.github.taipan.tensor.reference;

import io.github.taipan.tensor.Shape;

/** Where the elements of one tensor lie in the array of another. */
final class Strides {
  private Strides() {}

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
