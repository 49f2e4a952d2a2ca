package io.github.taipan.tensor.reference;

import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;

/** A tensor's values under four indices; what the axes mean is up to the kernel. */
record Grid(double[] values, int first, int second, int third, int fourth) {
  /** A tensor of rank 4: an NHWC map, or OIHW weights. */
  static Grid of(Tensor tensor) {
    Shape shape = tensor.shape();
    return new Grid(
        ReferenceDevice.values(tensor), shape.size(0), shape.size(1), shape.size(2), shape.size(3));
  }

  /** A tensor of any rank as {@code [1, axes before, axis, axes after]}. */
  static Grid around(Tensor tensor, int axis) {
    Shape shape = tensor.shape();
    return new Grid(
        ReferenceDevice.values(tensor),
        1,
        shape.elements(0, axis),
        shape.size(axis),
        shape.elements(axis + 1, shape.rank()));
  }

  int at(int i, int j, int k, int l) {
    return ((i * second + j) * third + k) * fourth + l;
  }

  double get(int i, int j, int k, int l) {
    return values[at(i, j, k, l)];
  }

  void set(int i, int j, int k, int l, double value) {
    values[at(i, j, k, l)] = value;
  }

  void add(int i, int j, int k, int l, double value) {
    values[at(i, j, k, l)] += value;
  }
}
