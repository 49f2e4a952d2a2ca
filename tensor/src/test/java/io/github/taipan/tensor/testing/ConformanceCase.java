package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to call one primitive. The same case serves to compare a device with the reference, to
 * check a gradient by finite differences and to measure speed.
 */
public record ConformanceCase(Primitive primitive, List<Operand> operands, Tolerance tolerance) {
  private static final long SEED = 2403_11423;

  /** How far a device may be from the reference, relative to the largest value of each output. */
  public enum Tolerance {
    /** Values are only moved or chosen. */
    EXACT(0),
    /** Float32 arithmetic. */
    ROUNDED(2e-6);

    private final double limit;

    Tolerance(double limit) {
      this.limit = limit;
    }

    /** The largest relative error allowed. */
    public double limit() {
      return limit;
    }
  }

  /**
   * One input: uniform values from {@code low} to {@code high}.
   *
   * @param whole whether values are whole numbers, which makes ties and meets kinks
   * @param differentiable whether the primitive has a vector-Jacobian product for this input, and
   *     is smooth around the values
   */
  public record Operand(
      Shape shape, double low, double high, boolean whole, boolean differentiable) {
    /** Values from -1 to 1, differentiable. */
    public static Operand of(int... sizes) {
      return of(Shape.of(sizes));
    }

    /** Values from -1 to 1, differentiable. */
    public static Operand of(Shape shape) {
      return new Operand(shape, -1, 1, false, true);
    }

    /** This operand with other limits. */
    public Operand in(double newLow, double newHigh) {
      return new Operand(shape, newLow, newHigh, whole, differentiable);
    }

    /** This operand with whole numbers, where functions may have kinks. */
    public Operand ofWholeNumbers() {
      return new Operand(shape, low, high, true, false);
    }

    /** This operand as one that takes no gradient. */
    public Operand constant() {
      return new Operand(shape, low, high, whole, false);
    }

    private double[] values(CounterRandom random) {
      double[] values = new double[shape.elements()];
      for (int i = 0; i < values.length; i++) {
        double value = low + (high - low) * random.uniform(i);
        values[i] = whole ? Math.rint(value) : (float) value;
      }
      return values;
    }
  }

  /** The primitive, its attributes and the shapes: unique among all cases with equal ranges. */
  public String name() {
    return "%s of %s in %s"
        .formatted(
            primitive,
            shapes(),
            operands.stream().map(o -> o.low + (o.whole ? ".." : "~") + o.high).toList());
  }

  /**
   * The sealed interface, or record, directly below {@link Primitive} to which the case belongs.
   */
  public String family() {
    for (Class<?> family : Primitive.class.getPermittedSubclasses()) {
      if (family.isInstance(primitive)) {
        return family.getSimpleName();
      }
    }
    throw new AssertionError(primitive);
  }

  /** The shapes of the inputs. */
  public List<Shape> shapes() {
    return operands.stream().map(Operand::shape).toList();
  }

  /** The values of the inputs, all exact in float32; they follow from {@link #name} alone. */
  public List<double[]> values() {
    CounterRandom random = CounterRandom.seeded(SEED).split(name());
    List<double[]> values = new ArrayList<>();
    for (Operand operand : operands) {
      values.add(operand.values(random.split(values.size())));
    }
    if (primitive instanceof Reduction.MaxGradient(List<Integer> axes)) {
      Device reference = new ReferenceDevice();
      Tensor x = reference.tensor(operands.getFirst().shape, values.getFirst());
      values.set(1, reference.run(new Reduction.Max(axes), x).toDoubles());
    }
    return values;
  }

  /** The inputs as new tensors of a device. */
  public List<Tensor> inputs(Device device) {
    List<double[]> values = values();
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      inputs.add(device.tensor(operands.get(i).shape, values.get(i)));
    }
    return inputs;
  }
}
