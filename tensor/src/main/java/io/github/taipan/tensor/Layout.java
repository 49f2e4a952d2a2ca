package io.github.taipan.tensor;

import java.util.List;

/** Primitives that move values and compute nothing (save the sums of {@link PadGradient}). */
public sealed interface Layout extends Primitive {
  /** What a {@link Pad} fills the border with. */
  enum Border {
    /** Zeros. */
    ZERO,
    /** The mirror image without the edge element (PyTorch's "reflect"); narrower than the axis. */
    REFLECT,
    /** The edge element repeated. */
    REPLICATE
  }

  /** The same values, row-major, under another shape: shares the storage and costs nothing. */
  record Reshape(Shape shape) implements Layout {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 1);
      require(
          inputs.getFirst().elements() == shape.elements(), inputs, "as many elements as " + shape);
      return List.of(shape);
    }
  }

  /** Reorders the axes: output axis i is input axis {@code order[i]}. */
  record Permute(List<Integer> order) implements Layout {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 1);
      Shape x = inputs.getFirst();
      require(
          order.size() == x.rank()
              && order.stream().distinct().filter(a -> a >= 0 && a < x.rank()).count() == x.rank(),
          inputs,
          "the order %s names each axis once".formatted(order));
      return List.of(Shape.of(order.stream().map(x::size).toList()));
    }
  }

  /** Joins any number of tensors along an axis; all other axes are equal. */
  record Concat(int axis) implements Layout {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      require(!inputs.isEmpty(), inputs, "takes at least one input");
      Shape first = inputs.getFirst();
      require(axis >= 0 && axis < first.rank(), inputs, "has axis " + axis);
      int size = 0;
      for (Shape shape : inputs) {
        require(
            shape.rank() == first.rank() && shape.with(axis, 1).equals(first.with(axis, 1)),
            inputs,
            "all axes but %d are equal".formatted(axis));
        size += shape.size(axis);
      }
      return List.of(first.with(axis, size));
    }
  }

  /** The part of an axis from {@code from} (inclusive) to {@code to} (exclusive). */
  record Slice(int axis, int from, int to) implements Layout {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 1);
      Shape x = inputs.getFirst();
      require(
          axis >= 0 && axis < x.rank() && 0 <= from && from <= to && to <= x.size(axis),
          inputs,
          "%d to %d lies within axis %d".formatted(from, to, axis));
      return List.of(x.with(axis, to - from));
    }
  }

  /** Widens one axis by {@code before} and {@code after} elements. */
  record Pad(int axis, int before, int after, Border border) implements Layout {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 1);
      Shape x = inputs.getFirst();
      require(
          axis >= 0 && axis < x.rank() && before >= 0 && after >= 0, inputs, "pads an axis it has");
      require(
          border != Border.REFLECT || Math.max(before, after) < x.size(axis),
          inputs,
          "reflected padding (%d, %d) is narrower than the axis".formatted(before, after));
      require(
          border != Border.REPLICATE || x.size(axis) > 0, inputs, "there is an edge to replicate");
      return List.of(x.with(axis, x.size(axis) + before + after));
    }

    /** The input position that output position {@code i} copies, or -1 for a zero. */
    public int source(int i, int size) {
      int at = i - before;
      return switch (border) {
        case ZERO -> at < 0 || at >= size ? -1 : at;
        case REFLECT -> at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
        case REPLICATE -> Math.clamp(at, 0, size - 1);
      };
    }
  }

  /** The vector-Jacobian product of {@link Pad}: border gradients add to where they came from. */
  record PadGradient(Pad pad) implements Layout {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 1);
      Shape gradient = inputs.getFirst();
      require(pad.axis >= 0 && pad.axis < gradient.rank(), inputs, "has axis " + pad.axis);
      int size = gradient.size(pad.axis) - pad.before - pad.after;
      require(size >= 0, inputs, "the gradient has the padded shape");
      Shape x = gradient.with(pad.axis, size);
      pad.outputs(List.of(x)); // checks that x can be padded like this
      return List.of(x);
    }
  }

  /** Reverses the order along the axes. */
  record Flip(List<Integer> axes) implements Layout {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 1);
      Shape x = inputs.getFirst();
      require(axes.stream().allMatch(a -> a >= 0 && a < x.rank()), inputs, "has the axes " + axes);
      return List.of(x);
    }
  }

  /** Repeats unit or missing axes until the tensor has the shape. */
  record Broadcast(Shape shape) implements Layout {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 1);
      require(
          broadcast(inputs.getFirst(), shape, inputs).equals(shape),
          inputs,
          "broadcasts to " + shape);
      return List.of(shape);
    }
  }

  @Override
  default long flops(List<Shape> inputs) {
    return this instanceof PadGradient ? inputs.getFirst().elements() : 0;
  }
}
