package io.github.taipan.tensor;

/**
 * A dense, row-major array of numbers that lives on a {@link Device}. What the storage is, and its
 * precision, is the device's business; the values are read with {@link #toFloats} and {@link
 * #toDoubles}.
 *
 * <p>A tensor is written once, by the launch that makes it; only optimisers and loaders overwrite
 * one afterwards, through {@link Device#write}.
 */
public final class Tensor {
  private final Device device;
  private final Shape shape;
  private final Object storage;

  /** Called by devices: a tensor over their own kind of storage. */
  public Tensor(Device device, Shape shape, Object storage) {
    this.device = device;
    this.shape = shape;
    this.storage = storage;
  }

  /** The device that holds the values and executes primitives on them. */
  public Device device() {
    return device;
  }

  /** The sizes of the axes. */
  public Shape shape() {
    return shape;
  }

  /** What the device keeps the values in, for the device's own kernels. */
  public Object storage() {
    return storage;
  }

  /** A copy of the values, row-major, rounded to float32. */
  public float[] toFloats() {
    requireNumbers();
    return device.readFloats(this);
  }

  /** A copy of the values, row-major. */
  public double[] toDoubles() {
    requireNumbers();
    return device.readDoubles(this);
  }

  /** The only value of a tensor with one element. */
  public double item() {
    if (shape.elements() != 1) {
      throw new ShapeException("item() wants one element, the tensor has shape " + shape);
    }
    return toDoubles()[0];
  }

  private void requireNumbers() {
    if (Recording.isUnmade(this)) {
      throw new IllegalStateException(
          "a recorded tensor has no numbers: make it an output of the program, and run that");
    }
  }

  /** The same values under another shape, sharing the storage. */
  public Tensor reshape(Shape other) {
    if (other.elements() != shape.elements()) {
      throw new ShapeException("cannot view " + shape + " as " + other);
    }
    return new Tensor(device, other, storage);
  }

  @Override
  public String toString() {
    return "Tensor" + shape + " on " + device.name();
  }
}
