package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.Scratch.Use;
import java.util.Arrays;
import java.util.List;

/**
 * Reductions, in an order that follows from the shape alone. Axes are reduced group by group from
 * the innermost one, each as {@code [outer, count, inner]} to {@code [outer, inner]}. Where inner
 * is narrow, neighbouring rows are taken as one wide row first. Short runs of rows are summed in
 * float32 and the runs in float64, so that the error does not grow with the count.
 */
final class CpuReduction {
  /** Rows summed one after the other in float32. */
  private static final int RUN = 128;

  /** Values in a row that make it wide enough for the vector loops. */
  private static final int WIDE = 64;

  /** Values of a row that one task sums. */
  private static final int STRIP = 1 << 12;

  private final Context context;
  private final boolean max;

  private CpuReduction(Context context, boolean max) {
    this.context = context;
    this.max = max;
  }

  static void run(Context context, Reduction reduction, List<Tensor> inputs, List<Tensor> outputs) {
    Shape shape = inputs.getFirst().shape();
    float[] x = values(inputs.getFirst());
    float[] y = values(outputs.getFirst());
    switch (reduction) {
      case Reduction.Sum(List<Integer> axes) ->
          new CpuReduction(context, false)
              .reduce(x, shape, axes, y, outputs.getFirst().shape().elements());
      case Reduction.Max(List<Integer> axes) ->
          new CpuReduction(context, true)
              .reduce(x, shape, axes, y, outputs.getFirst().shape().elements());
      case Reduction.MaxGradient gradient -> {
        Shape reduced = gradient.reduced(List.of(shape));
        maxGradient(context, x, values(inputs.get(1)), values(inputs.get(2)), shape, reduced, y);
      }
    }
  }

  private void reduce(float[] x, Shape shape, List<Integer> axes, float[] y, int results) {
    if (shape.elements() == 0) {
      float neutral = max ? Float.NEGATIVE_INFINITY : 0;
      context.workers().forEach(1, 0, _ -> Arrays.fill(y, 0, results, neutral));
      return;
    }
    float[] from = x;
    Shape left = shape;
    int end = shape.rank();
    while (end > 0) {
      int start = end - 1;
      boolean reduced = axes.contains(start);
      while (start > 0 && axes.contains(start - 1) == reduced) {
        start--;
      }
      int count = left.elements(start, end);
      if (reduced && count > 1) {
        int outer = left.elements(0, start);
        int inner = left.elements(end, left.rank());
        float[] to = outer * inner == results ? y : new float[outer * inner];
        reduce(from, outer, count, inner, to);
        from = to;
        for (int axis = start; axis < end; axis++) {
          left = left.with(axis, 1);
        }
      }
      end = start;
    }
    if (from != y) {
      context.workers().forEach(1, 0, _ -> System.arraycopy(x, 0, y, 0, results));
    }
  }

  private void reduce(float[] x, int outer, int count, int inner, float[] y) {
    int rows = Math.ceilDiv(count, Math.min(count, Math.max(1, WIDE / inner)));
    int fold = count / rows;
    int width = fold * inner;
    int runs = Math.ceilDiv(rows, RUN);
    if (runs == 1) {
      // A very wide row is cut into strips; it is not folded then.
      int strip = Math.min(width, STRIP);
      int strips = Math.ceilDiv(width, strip);
      int grain = Math.max(1, CpuPointwise.GRAIN / (rows * strip));
      context
          .workers()
          .forRanges(
              outer * strips,
              grain,
              (from, to) -> {
                float[] partial = Scratch.floats(Use.TASK_SUMS, strip);
                double[] total = Scratch.doubles(Use.TASK_SUMS, strip);
                for (int task = from; task < to; task++) {
                  int i = task / strips;
                  int column = task % strips * strip;
                  int columns = Math.min(strip, width - column);
                  int at = i * count * inner + column;
                  run(x, at, rows, width, columns, partial, 0);
                  join(partial, 0, 1, total, fold, columns / fold);
                  int yAt = i * inner + column;
                  finish(x, at, rows * fold, count, columns / fold, total, y, yAt);
                }
              });
      return;
    }
    float[] partials = new float[outer * runs * width];
    context
        .workers()
        .forEach(
            outer * runs,
            task -> {
              int row = task % runs * RUN;
              int at = task / runs * count * inner + row * width;
              run(x, at, Math.min(RUN, rows - row), width, width, partials, task * width);
            });
    context
        .workers()
        .forEach(
            outer,
            i -> {
              double[] total = Scratch.doubles(Use.TASK_SUMS, width);
              join(partials, i * runs * width, runs, total, fold, inner);
              finish(x, i * count * inner, rows * fold, count, inner, total, y, i * inner);
            });
  }

  private void run(float[] x, int at, int rows, int stride, int width, float[] to, int toAt) {
    RowLoops loops = context.kernels().rows();
    if (max) {
      loops.maxRows(x, at, rows, stride, width, to, toAt);
    } else {
      loops.sumRows(x, at, rows, stride, width, to, toAt);
    }
  }

  /** Joins the runs, then the {@code fold} rows side by side, halving their number each time. */
  private void join(float[] partials, int at, int runs, double[] total, int fold, int inner) {
    int width = fold * inner;
    for (int j = 0; j < width; j++) {
      total[j] = partials[at + j];
    }
    for (int run = 1; run < runs; run++) {
      for (int j = 0; j < width; j++) {
        total[j] = join(total[j], partials[at + run * width + j]);
      }
    }
    for (int n = fold; n > 1; n = (n + 1) / 2) {
      int half = (n + 1) / 2;
      for (int j = 0; j < (n - half) * inner; j++) {
        total[j] = join(total[j], total[half * inner + j]);
      }
    }
  }

  /** Adds the rows that were too few for a wide one. */
  private void finish(
      float[] x, int at, int done, int count, int inner, double[] total, float[] y, int yAt) {
    for (int row = done; row < count; row++) {
      for (int j = 0; j < inner; j++) {
        total[j] = join(total[j], x[at + row * inner + j]);
      }
    }
    for (int j = 0; j < inner; j++) {
      y[yAt + j] = (float) total[j];
    }
  }

  private double join(double a, double b) {
    return max ? Math.max(a, b) : a + b;
  }

  private static void maxGradient(
      Context context,
      float[] x,
      float[] maxima,
      float[] dy,
      Shape shape,
      Shape reduced,
      float[] dx) {
    Axes axes = Axes.merged(shape, reduced.broadcastStrides(shape));
    int columns = axes.size(-1);
    int step = axes.stride(0, -1);
    int rows = shape.elements() == 0 ? 0 : shape.elements() / columns;
    int[] winners = new int[reduced.elements()];
    context
        .workers()
        .forEach(
            1,
            0,
            _ -> {
              Arrays.fill(winners, 0);
              for (int row = 0; row < rows; row++) {
                int at = axes.offset(0, row, axes.rank() - 1);
                for (int j = 0; j < columns; j++) {
                  winners[at + j * step] += x[row * columns + j] == maxima[at + j * step] ? 1 : 0;
                }
              }
              for (int row = 0; row < rows; row++) {
                int at = axes.offset(0, row, axes.rank() - 1);
                for (int j = 0; j < columns; j++) {
                  int from = at + j * step;
                  boolean won = x[row * columns + j] == maxima[from];
                  dx[row * columns + j] = won ? dy[from] / winners[from] : 0;
                }
              }
            });
  }
}
