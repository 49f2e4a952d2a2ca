package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.Update;
import io.github.taipan.tensor.cpu.Scratch.Use;
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
    UnaryLoops.Loop loop = context.kernels().unary().forward(function);
    context
        .workers()
        .forRanges(
            outputs.getFirst().shape().elements(),
            GRAIN,
            (from, to) -> loop.apply(x, from, y, from, to - from));
  }

  static void run(
      Context context, UnaryGradient gradient, List<Tensor> inputs, List<Tensor> outputs) {
    float[] x = values(inputs.get(0));
    float[] dy = values(inputs.get(1));
    float[] dx = values(outputs.getFirst());
    UnaryLoops.GradientLoop loop = context.kernels().unary().gradient(gradient.function());
    context
        .workers()
        .forRanges(
            outputs.getFirst().shape().elements(),
            GRAIN,
            (from, to) -> loop.apply(x, from, dy, from, dx, from, to - from));
  }

  static void run(Context context, Update update, List<Tensor> inputs, List<Tensor> outputs) {
    RowLoops loops = context.kernels().rows();
    int elements = inputs.getFirst().shape().elements();
    switch (update) {
      case Update.Adam adam -> {
        RowLoops.AdamRates rates = RowLoops.AdamRates.of(adam);
        float[] numbers = values(inputs.get(4));
        RowLoops.AdamArrays in = arrays(inputs.get(0), inputs.get(2), inputs.get(3));
        RowLoops.AdamArrays out = arrays(outputs.get(0), outputs.get(1), outputs.get(2));
        float[] gradient = values(inputs.get(1));
        context
            .workers()
            .forRanges(
                elements,
                GRAIN,
                (from, to) -> loops.adam(rates, numbers, in, gradient, out, from, to));
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
    Shape shape = outputs.getFirst().shape();
    if (shape.elements() == 0) {
      return;
    }
    float[] y = values(outputs.getFirst());
    RowLoops loops = context.kernels().rows();
    Axes axes =
        Axes.merged(
            shape,
            inputs.get(0).shape().broadcastStrides(shape),
            inputs.get(1).shape().broadcastStrides(shape));
    int rows = axes.size(-2);
    int columns = axes.size(-1);
    int width = Math.min(columns, BLOCK);
    int height = Math.clamp(BLOCK / columns, 1, rows);
    int across = Math.ceilDiv(columns, width);
    int down = Math.ceilDiv(rows, height);
    int size = width * height;
    BroadcastOperand a = BroadcastOperand.of(values(inputs.get(0)), axes, 0, height, width);
    BroadcastOperand b = BroadcastOperand.of(values(inputs.get(1)), axes, 1, height, width);
    context
        .workers()
        .forRanges(
            axes.positions(axes.rank() - 2) * down * across,
            Math.max(1, GRAIN / size),
            (from, to) -> {
              float[] left = a.inPlace() ? a.source() : Scratch.floats(Use.TASK_LEFT, size);
              float[] right = b.inPlace() ? b.source() : Scratch.floats(Use.TASK_RIGHT, size);
              int leftHeld = BroadcastOperand.NOTHING;
              int rightHeld = BroadcastOperand.NOTHING;
              for (int block = from; block < to; block++) {
                int column = block % across * width;
                int row = block / across % down * height;
                int position = block / across / down;
                int blockWidth = Math.min(width, columns - column);
                int blockHeight = Math.min(height, rows - row);
                int aAt = a.start(position, row, column);
                int bAt = b.start(position, row, column);
                if (!a.inPlace()) {
                  leftHeld = a.fill(left, leftHeld, aAt, blockHeight, blockWidth);
                  aAt = 0;
                }
                if (!b.inPlace()) {
                  rightHeld = b.fill(right, rightHeld, bAt, blockHeight, blockWidth);
                  bAt = 0;
                }
                int yAt = (position * rows + row) * columns + column;
                loops.binary(operator, left, aAt, right, bAt, y, yAt, blockWidth * blockHeight);
              }
            });
  }
}
