package io.github.taipan.gpu;

import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;
import java.util.function.IntFunction;

/** The launches of reductions. */
final class ReductionLaunches {
  /** The fewest elements that are worth a slice, and the most slices that a group reduces. */
  private static final int SLICE = 32;

  private static final int SLICES = 4096;

  private ReductionLaunches() {}

  static void add(LaunchList list, Reduction reduction, List<Tensor> inputs, Tensor y) {
    Tensor x = inputs.getFirst();
    switch (reduction) {
      case Reduction.Sum(List<Integer> axes) ->
          reduce(list, ReductionKernels.SUM, axes, x, list.at(y), 0);
      case Reduction.Max(List<Integer> axes) ->
          reduce(list, ReductionKernels.MAX, axes, x, list.at(y), 0);
      case Reduction.MaxGradient(List<Integer> axes) -> {
        Tensor maxima = inputs.get(1);
        int counts = list.scratch(maxima.shape().elements());
        reduce(list, ReductionKernels.COUNT, axes, x, counts, list.at(maxima));
        int count = y.shape().elements();
        list.add(
            Kernel.SPREAD_MAXIMA.over(
                count,
                Axes.of(x.shape(), maxima.shape().broadcastStrides(x.shape()))
                    .after(
                        list.at(x),
                        list.at(maxima),
                        list.at(inputs.get(2)),
                        counts,
                        list.at(y),
                        count)));
      }
    }
  }

  /** y ← the sums of the columns of {@code [rows, columns]}. */
  static void sumRows(LaunchList list, int x, int y, int rows, int columns) {
    Shape shape = Shape.of(rows, columns);
    reduce(list, ReductionKernels.SUM, List.of(0), shape, x, y, 0);
  }

  /**
   * y ← the sum of the results of slices. One slice alone writes y itself.
   *
   * @param elements the values of y
   * @param launch what makes the results {@code [slices, elements]} at a place
   */
  static void sumSlices(
      LaunchList list, int y, int slices, int elements, IntFunction<KernelLaunch> launch) {
    int results = slices == 1 ? y : list.scratch(slices * elements);
    list.add(launch.apply(results));
    if (slices > 1) {
      sumRows(list, results, y, slices, elements);
    }
  }

  private static void reduce(
      LaunchList list, int operation, List<Integer> axes, Tensor x, int y, int maxima) {
    reduce(list, operation, axes, x.shape(), list.at(x), y, maxima);
  }

  private static void reduce(
      LaunchList list, int operation, List<Integer> axes, Shape shape, int x, int y, int maxima) {
    Shape kept = shape;
    Shape reduced = shape;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (axes.contains(axis)) {
        kept = kept.with(axis, 1);
      } else {
        reduced = reduced.with(axis, 1);
      }
    }
    int outputs = kept.elements();
    int count = reduced.elements();
    int slices = Math.clamp(count / SLICE, 1, SLICES);
    boolean inner = shape.rank() > 0 && axes.contains(shape.rank() - 1);
    int partial = slices == 1 ? y : list.scratch(outputs * slices);
    Axes elements = Axes.of(reduced, shape.strides());
    list.add(
        Kernel.REDUCE.over(
            outputs * slices,
            elements.after(
                Axes.of(kept, shape.strides())
                    .after(operation, x, partial, outputs, slices, count, inner ? 1 : 0, maxima))));
    if (slices > 1) {
      int second = operation == ReductionKernels.MAX ? operation : ReductionKernels.SUM;
      list.add(Kernel.REDUCE_GROUPS.groups(outputs, 1, 1, second, partial, y, slices));
    }
  }
}
