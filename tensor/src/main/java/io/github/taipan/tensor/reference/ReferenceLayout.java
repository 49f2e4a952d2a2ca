package io.github.taipan.tensor.reference;

import static io.github.taipan.tensor.reference.ReferenceDevice.values;

import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/** Moves values: each output element is copied from where it lies in the input. */
final class ReferenceLayout {
  private ReferenceLayout() {}

  static void run(Layout layout, List<Tensor> inputs, List<Tensor> outputs) {
    Tensor input = inputs.getFirst();
    Tensor output = outputs.getFirst();
    Shape shape = input.shape();
    switch (layout) {
      case Layout.Reshape _ -> copy(input, 0, shape.strides(), output, shape);
      case Layout.Permute(List<Integer> order) -> {
        int[] strides = order.stream().mapToInt(axis -> shape.strides()[axis]).toArray();
        copy(input, 0, strides, output, output.shape());
      }
      case Layout.Flip(List<Integer> axes) -> {
        int[] strides = shape.strides();
        int start = 0;
        for (int axis : axes.stream().distinct().toList()) {
          start += (shape.size(axis) - 1) * strides[axis];
          strides[axis] = -strides[axis];
        }
        copy(input, start, strides, output, shape);
      }
      case Layout.Broadcast(Shape to) -> copy(input, 0, shape.broadcastStrides(to), output, to);
      case Layout.Concat(int axis) -> {
        int from = 0;
        for (Tensor part : inputs) {
          move(
              Grid.around(part, axis), 0, Grid.around(output, axis), from, part.shape().size(axis));
          from += part.shape().size(axis);
        }
      }
      case Layout.Slice(int axis, int from, int to) ->
          move(Grid.around(input, axis), from, Grid.around(output, axis), 0, to - from);
      case Layout.Pad pad ->
          pad(pad, Grid.around(input, pad.axis()), Grid.around(output, pad.axis()), false);
      case Layout.PadGradient(Layout.Pad pad) ->
          pad(pad, Grid.around(output, pad.axis()), Grid.around(input, pad.axis()), true);
    }
  }

  /**
   * Output element i is the input value at {@code start} plus its coordinates times the strides.
   */
  private static void copy(Tensor input, int start, int[] strides, Tensor output, Shape shape) {
    for (int i = 0; i < shape.elements(); i++) {
      values(output)[i] = values(input)[start + Strides.offset(i, shape, strides)];
    }
  }

  /** Copies {@code count} positions along the axis, which is the third of the grids. */
  private static void move(Grid from, int fromStart, Grid to, int toStart, int count) {
    for (int i = 0; i < from.second(); i++) {
      for (int j = 0; j < count; j++) {
        for (int k = 0; k < from.fourth(); k++) {
          to.set(0, i, toStart + j, k, from.get(0, i, fromStart + j, k));
        }
      }
    }
  }

  /** Copies narrow to wide or, transposed, adds wide to narrow. */
  private static void pad(Layout.Pad pad, Grid narrow, Grid wide, boolean transposed) {
    for (int i = 0; i < wide.second(); i++) {
      for (int j = 0; j < wide.third(); j++) {
        int source = pad.source(j, narrow.third());
        for (int k = 0; k < wide.fourth() && source >= 0; k++) {
          if (transposed) {
            narrow.add(0, i, source, k, wide.get(0, i, j, k));
          } else {
            wide.set(0, i, j, k, narrow.get(0, i, source, k));
          }
        }
      }
    }
  }
}
