package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.Update;
import java.util.List;

/** Functions of one and of two values and the optimisers' steps, element by element. */
final class CpuPointwise {
  /** Elements per task: some microseconds of work. */
  static final int GRAIN = 1 << 14;

  /** Elements at once where operands are broadcast: three blocks fit into the first-level cache. */
  private static final int BLOCK = 1 << 11;

  private CpuPointwise() {}

  static void run(Context context, Unary function, List<Tensor> inputs, List<Tensor> outputs) {
    float[] x = values(inputs.getFirst());
    float[] y = values(outputs.getFirst());
    UnaryLoops loops = context.kernels().unary();
    context
        .workers()
        .forRanges(y.length, GRAIN, (from, to) -> loops.apply(function, x, y, from, to));
  }

  static void run(
      Context context, UnaryGradient gradient, List<Tensor> inputs, List<Tensor> outputs) {
    float[] x = values(inputs.get(0));
    float[] dy = values(inputs.get(1));
    float[] dx = values(outputs.getFirst());
    UnaryLoops loops = context.kernels().unary();
    Unary function = gradient.function();
    context
        .workers()
        .forRanges(dx.length, GRAIN, (from, to) -> loops.gradient(function, x, dy, dx, from, to));
  }

  static void run(Context context, Update update, List<Tensor> inputs, List<Tensor> outputs) {
    RowLoops loops = context.kernels().rows();
    int elements = inputs.getFirst().shape().elements();
    switch (update) {
      case Update.Adam adam -> {
        RowLoops.AdamStep step = RowLoops.AdamStep.of(adam, values(inputs.get(4)));
        RowLoops.AdamArrays in = arrays(inputs.get(0), inputs.get(2), inputs.get(3));
        RowLoops.AdamArrays out = arrays(outputs.get(0), outputs.get(1), outputs.get(2));
        float[] gradient = values(inputs.get(1));
        context
            .workers()
            .forRanges(
                elements, GRAIN, (from, to) -> loops.adam(step, in, gradient, out, from, to));
      }
      case Update.Average(double decay) -> {
        float rate = (float) (1 - decay);
        float[] average = values(inputs.get(0));
        float[] value = values(inputs.get(1));
        float[] y = values(outputs.getFirst());
        context
            .workers()
            .forRanges(
                elements, GRAIN, (from, to) -> loops.average(rate, average, value, y, from, to));
      }
    }
  }

  private static RowLoops.AdamArrays arrays(Tensor parameter, Tensor m, Tensor v) {
    return new RowLoops.AdamArrays(values(parameter), values(m), values(v));
  }

  static void run(Context context, Binary operator, List<Tensor> inputs, List<Tensor> outputs) {
    float[] a = values(inputs.get(0));
    float[] b = values(inputs.get(1));
    float[] y = values(outputs.getFirst());
    if (y.length == 0) {
      return;
    }
    Shape shape = outputs.getFirst().shape();
    RowLoops loops = context.kernels().rows();
    Axes axes =
        Axes.merged(
            shape,
            Axes.broadcast(inputs.get(0).shape(), shape),
            Axes.broadcast(inputs.get(1).shape(), shape));
    int rows = axes.size(-2);
    int columns = axes.size(-1);
    int width = Math.min(columns, BLOCK);
    int height = Math.clamp(BLOCK / columns, 1, rows);
    int across = Math.ceilDiv(columns, width);
    int down = Math.ceilDiv(rows, height);
    int size = width * height;
    context
        .workers()
        .forRanges(
            axes.positions(axes.rank() - 2) * down * across,
            Math.max(1, GRAIN / size),
            (from, to) -> {
              BroadcastOperand left = new BroadcastOperand(a, axes, 0, size);
              BroadcastOperand right = new BroadcastOperand(b, axes, 1, size);
              for (int block = from; block < to; block++) {
                int column = block % across * width;
                int row = block / across % down * height;
                int position = block / across / down;
                int blockWidth = Math.min(width, columns - column);
                int blockHeight = Math.min(height, rows - row);
                left.seek(position, row, blockHeight, column, blockWidth);
                right.seek(position, row, blockHeight, column, blockWidth);
                loops.binary(
                    operator,
                    left.values,
                    left.at,
                    right.values,
                    right.at,
                    y,
                    (position * rows + row) * columns + column,
                    blockWidth * blockHeight);
              }
            });
  }
}
