package io.github.taipan.tensor;

import java.util.List;

/**
 * A device that computes nothing and holds no values. A network of any size costs next to nothing
 * here, and can be recorded, from which follow its cost and the memory it needs.
 */
public final class ShapeDevice implements Device {
  @Override
  public String name() {
    return "shapes";
  }

  @Override
  public String description() {
    return "shapes: computes nothing";
  }

  @Override
  public Tensor zeros(Shape shape) {
    return new Tensor(this, shape, new Object());
  }

  @Override
  public boolean sharesStorage() {
    return true;
  }

  @Override
  public void write(Tensor tensor, float[] values) {}

  @Override
  public void write(Tensor tensor, double[] values) {}

  @Override
  public Tensor full(Shape shape, double value) {
    return zeros(shape);
  }

  @Override
  public float[] readFloats(Tensor tensor) {
    throw noValues();
  }

  @Override
  public double[] readDoubles(Tensor tensor) {
    throw noValues();
  }

  private static IllegalStateException noValues() {
    return new IllegalStateException("a device of shapes holds no values");
  }

  @Override
  public void execute(Primitive primitive, List<Tensor> inputs, List<Tensor> outputs) {}
}
