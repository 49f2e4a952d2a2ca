package io.github.taipan.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * The sizes of a tensor's axes, outermost first. Immutable. A scalar has rank 0 and one element; an
 * axis of size 0 is allowed and makes an empty tensor.
 */
public final class Shape {
  private final int[] sizes;
  private final int elements;

  private Shape(int[] sizes) {
    long product = 1;
    boolean empty = false;
    for (int size : sizes) {
      if (size < 0) {
        throw new ShapeException("a shape has no negative sizes, got " + Arrays.toString(sizes));
      }
      empty |= size == 0;
    }
    for (int size : sizes) {
      product = empty ? 0 : product * size;
      if (product > Integer.MAX_VALUE - 8) {
        throw new ShapeException("too many elements for one array: " + Arrays.toString(sizes));
      }
    }
    this.sizes = sizes;
    this.elements = (int) product;
  }

  /** The shape of these sizes. */
  public static Shape of(int... sizes) {
    return new Shape(sizes.clone());
  }

  /** The shape of these sizes. */
  public static Shape of(List<Integer> sizes) {
    return new Shape(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The number of axes. */
  public int rank() {
    return sizes.length;
  }

  /** The size of an axis; negative axes count from the end, so -1 is the innermost. */
  public int size(int axis) {
    return sizes[axis(axis)];
  }

  /** The same axis counted from the front. */
  public int axis(int axis) {
    int positive = axis < 0 ? axis + sizes.length : axis;
    if (positive < 0 || positive >= sizes.length) {
      throw new ShapeException("no axis " + axis + " in shape " + this);
    }
    return positive;
  }

  /** The product of all sizes. */
  public int elements() {
    return elements;
  }

  /** The product of the sizes of the axes {@code from} (inclusive) to {@code to} (exclusive). */
  public int elements(int from, int to) {
    int product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= sizes[axis];
    }
    return product;
  }

  /** How far apart, in elements, neighbours along each axis lie in a dense row-major array. */
  public int[] strides() {
    int[] strides = new int[sizes.length];
    int stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= sizes[axis];
    }
    return strides;
  }

  /**
   * The strides along another shape's axes with which a dense row-major array of this shape is read
   * as if it were broadcast to that: 0 where it repeats.
   */
  public int[] broadcastStrides(Shape to) {
    int[] dense = strides();
    int[] strides = new int[to.rank()];
    int missing = to.rank() - rank();
    for (int axis = 0; axis < rank(); axis++) {
      strides[missing + axis] = sizes[axis] == 1 ? 0 : dense[axis];
    }
    return strides;
  }

  /** This shape with one axis resized. */
  public Shape with(int axis, int size) {
    int[] changed = sizes.clone();
    changed[axis(axis)] = size;
    return new Shape(changed);
  }

  /** The sizes as a new array. */
  public int[] toArray() {
    return sizes.clone();
  }

  /**
   * The shape to which two shapes broadcast: axes are aligned at the innermost one, and a missing
   * or unit axis stretches to the other's size.
   *
   * @throws ShapeException where two sizes differ and neither is 1
   */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] sizes = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int inA = axis < rank - a.rank() ? 1 : a.sizes[axis - rank + a.rank()];
      int inB = axis < rank - b.rank() ? 1 : b.sizes[axis - rank + b.rank()];
      if (inA != inB && inA != 1 && inB != 1) {
        throw new ShapeException("shapes " + a + " and " + b + " do not broadcast");
      }
      sizes[axis] = inA == 1 ? inB : inA;
    }
    return new Shape(sizes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
