package io.github.taipan.gpu;

import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/** The launches of primitives that move values. */
final class LayoutLaunches {
  private LayoutLaunches() {}

  static void add(LaunchList list, Layout layout, List<Tensor> inputs, Tensor y) {
    Tensor x = inputs.getFirst();
    Shape shape = x.shape();
    switch (layout) {
      case Layout.Reshape _ -> move(list, list.at(x), y.shape().strides(), y);
      case Layout.Permute(List<Integer> order) -> {
        int[] strides = shape.strides();
        move(list, list.at(x), order.stream().mapToInt(axis -> strides[axis]).toArray(), y);
      }
      case Layout.Flip(List<Integer> axes) -> {
        int[] strides = shape.strides();
        int start = list.at(x);
        for (int axis : axes.stream().distinct().toList()) {
          start += (shape.size(axis) - 1) * strides[axis];
          strides[axis] = -strides[axis];
        }
        move(list, start, strides, y);
      }
      case Layout.Broadcast(Shape to) -> move(list, list.at(x), shape.broadcastStrides(to), y);
      case Layout.Slice(int axis, int from, int _) -> {
        int[] strides = shape.strides();
        move(list, list.at(x) + from * strides[axis], strides, y);
      }
      case Layout.Concat(int axis) -> {
        int[] strides = y.shape().strides();
        int start = list.at(y);
        for (Tensor part : inputs) {
          move(list, list.at(part), part.shape().strides(), start, strides, part.shape());
          start += part.shape().size(axis) * strides[axis];
        }
      }
      case Layout.Pad pad -> pad(list, Kernel.PAD, pad, x, y, shape, y.shape());
      case Layout.PadGradient(Layout.Pad pad) ->
          pad(list, Kernel.PAD_GRADIENT, pad, x, y, y.shape(), shape);
    }
  }

  private static void move(LaunchList list, int x, int[] strides, Tensor y) {
    move(list, x, strides, list.at(y), y.shape().strides(), y.shape());
  }

  private static void move(
      LaunchList list, int x, int[] xStrides, int y, int[] yStrides, Shape shape) {
    int count = shape.elements();
    list.add(Kernel.MOVE.over(count, Axes.of(shape, xStrides, yStrides).after(x, y, count)));
  }

  private static void pad(
      LaunchList list,
      Kernel kernel,
      Layout.Pad pad,
      Tensor x,
      Tensor y,
      Shape narrow,
      Shape wide) {
    int border =
        switch (pad.border()) {
          case ZERO -> LayoutKernels.ZERO;
          case REFLECT -> LayoutKernels.REFLECT;
          case REPLICATE -> LayoutKernels.REPLICATE;
        };
    list.add(
        kernel.over(
            y.shape().elements(),
            list.at(x),
            list.at(y),
            y.shape().elements(),
            border,
            narrow.size(pad.axis()),
            wide.size(pad.axis()),
            pad.before(),
            narrow.elements(pad.axis() + 1, narrow.rank())));
  }
}
