package io.github.taipan.tensor;

import java.util.List;

/** One execution of a primitive: which, on what, into what. */
public record Launch(Primitive primitive, List<Tensor> inputs, List<Tensor> outputs) {
  /** The shapes of the inputs. */
  public List<Shape> inputShapes() {
    return inputs.stream().map(Tensor::shape).toList();
  }

  /** Floating-point operations ({@link Primitive#flops}). */
  public long flops() {
    return primitive.flops(inputShapes());
  }

  /** Bytes read and written ({@link Primitive#bytes}). */
  public long bytes() {
    return primitive.bytes(inputShapes());
  }
}
