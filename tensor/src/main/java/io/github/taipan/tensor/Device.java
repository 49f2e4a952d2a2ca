package io.github.taipan.tensor;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds tensors and executes primitives. Every device gives the same results up to its precision.
 */
public interface Device extends AutoCloseable {
  /** The short name used on the command line: {@code cpu}, {@code reference}, {@code gpu}. */
  String name();

  /** One line for people: hardware, vector width, threads. */
  String description();

  /** A new tensor of zeros. */
  Tensor zeros(Shape shape);

  /** Overwrites a tensor with these values, row-major. */
  void write(Tensor tensor, float[] values);

  /** Overwrites a tensor with these values, row-major, rounded to the device's precision. */
  void write(Tensor tensor, double[] values);

  /** A copy of the values. */
  float[] readFloats(Tensor tensor);

  /** A copy of the values. */
  double[] readDoubles(Tensor tensor);

  /** The values of tensors that have one element each. */
  default double[] readItems(List<Tensor> tensors) {
    return tensors.stream().mapToDouble(Tensor::item).toArray();
  }

  /**
   * Executes one primitive. Shapes are already checked; every element of each output is written.
   * Outputs never share storage with inputs, except where a primitive says that it updates in
   * place, and where {@link #sharesStorage} holds: there the output of a {@link Unary}, {@link
   * UnaryGradient} or {@link Binary} may be an operand of its own shape.
   */
  void execute(Primitive primitive, List<Tensor> inputs, List<Tensor> outputs);

  /**
   * Makes launches ready to be executed again and again on the same tensors. Storage of a tensor
   * may be longer than its shape needs where {@link #sharesStorage} says so.
   *
   * @param constants what was derived from tensors that stay the same in all runs; null where any
   *     tensor may change
   */
  default Prepared prepare(List<Launch> launches, @Nullable Constants constants) {
    return Prepared.eagerly(this, launches);
  }

  /** Whether tensors of different shapes may share one storage, each using its first values. */
  default boolean sharesStorage() {
    return false;
  }

  /** Tells a listener from now on how the device makes itself ready, where that takes long. */
  default void onWarmUp(WarmUp listener) {}

  /**
   * How many bytes tensors may still take, where the device has a memory of its own.
   *
   * @return Long.MAX_VALUE where tensors lie in Java's heap
   */
  default long freeMemory() {
    return Long.MAX_VALUE;
  }

  /** The code that a primitive comes to, where the device compiles its kernels when it runs. */
  default List<KernelSource> kernels(Primitive primitive, List<Tensor> inputs) {
    return List.of();
  }

  /** A new tensor with these values, row-major. */
  default Tensor tensor(Shape shape, float... values) {
    requireElements(shape, values.length);
    Tensor tensor = zeros(shape);
    write(tensor, values);
    return tensor;
  }

  /** A new tensor with these values, row-major. */
  default Tensor tensor(Shape shape, double[] values) {
    requireElements(shape, values.length);
    Tensor tensor = zeros(shape);
    write(tensor, values);
    return tensor;
  }

  /** A new tensor filled with one value. */
  default Tensor full(Shape shape, double value) {
    double[] values = new double[shape.elements()];
    Arrays.fill(values, value);
    return tensor(shape, values);
  }

  /**
   * Checks the shapes, makes the outputs, and executes; within a {@link Recording} it notes the
   * launch instead.
   *
   * @throws ShapeException naming the primitive and the rule that the shapes break
   */
  default List<Tensor> run(Primitive primitive, List<Tensor> inputs) {
    for (Tensor input : inputs) {
      if (input.device() != this) {
        throw new IllegalArgumentException(
            "%s: %s cannot be used on device %s".formatted(primitive.name(), input, name()));
      }
    }
    if (primitive instanceof Layout.Reshape reshape) {
      Shape shape = reshape.outputs(List.of(inputs.getFirst().shape())).getFirst();
      return List.of(inputs.getFirst().reshape(shape));
    }
    List<Shape> shapes = primitive.outputs(inputs.stream().map(Tensor::shape).toList());
    Recording recording = Recording.current();
    if (recording != null) {
      return recording.note(this, primitive, inputs, shapes);
    }
    List<Tensor> outputs =
        primitive instanceof Update update
            ? update.updated(inputs)
            : shapes.stream().map(this::zeros).toList();
    execute(primitive, inputs, outputs);
    return outputs;
  }

  /** {@link #run(Primitive, List)} for a primitive with one output. */
  default Tensor run(Primitive primitive, Tensor... inputs) {
    return run(primitive, List.of(inputs)).getFirst();
  }

  /** Frees what the device holds, its threads for instance. */
  @Override
  default void close() {}

  private static void requireElements(Shape shape, int values) {
    if (shape.elements() != values) {
      throw new ShapeException(
          "shape %s holds %d values, got %d".formatted(shape, shape.elements(), values));
    }
  }
}
