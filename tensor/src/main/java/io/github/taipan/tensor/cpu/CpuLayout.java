package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;
import static io.github.taipan.tensor.cpu.CpuPointwise.GRAIN;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Moves values, in stretches as long as the layouts allow. */
final class CpuLayout {
  /**
   * Matrices are transposed in tiles, narrow across the larger stride: lines that lie a power of
   * two apart fall into the same few places of a cache.
   */
  private static final int NARROW = 8;

  private static final int LONG = 64;

  private static final Binary ADD = new Binary.Add();

  private CpuLayout() {}

  static void run(Context context, Layout layout, List<Tensor> inputs, List<Tensor> outputs) {
    Tensor input = inputs.getFirst();
    Tensor output = outputs.getFirst();
    Shape shape = input.shape();
    float[] x = values(input);
    float[] y = values(output);
    switch (layout) {
      case Layout.Reshape _ ->
          context
              .workers()
              .forRanges(
                  shape.elements(),
                  GRAIN,
                  (from, to) -> System.arraycopy(x, from, y, from, to - from));
      case Layout.Permute(List<Integer> order) -> {
        int[] strides = order.stream().mapToInt(axis -> shape.strides()[axis]).toArray();
        copy(context, x, 0, Axes.merged(output.shape(), strides), y);
      }
      case Layout.Broadcast(Shape to) ->
          copy(context, x, 0, Axes.merged(to, shape.broadcastStrides(to)), y);
      case Layout.Flip(List<Integer> axes) -> {
        int[] strides = shape.strides();
        int start = 0;
        for (int axis : axes.stream().distinct().toList()) {
          start += (shape.size(axis) - 1) * strides[axis];
          strides[axis] = -strides[axis];
        }
        copy(context, x, start, Axes.merged(shape, strides), y);
      }
      case Layout.Concat(int axis) -> {
        int from = 0;
        for (Tensor part : inputs) {
          int size = part.shape().size(axis);
          move(context, part, 0, output, from, axis, size);
          from += size;
        }
      }
      case Layout.Slice(int axis, int from, int to) ->
          move(context, input, from, output, 0, axis, to - from);
      case Layout.Pad pad -> {
        move(context, input, 0, output, pad.before(), pad.axis(), shape.size(pad.axis()));
        pad(context, pad, input, output);
      }
      case Layout.PadGradient(Layout.Pad pad) -> {
        int size = output.shape().size(pad.axis());
        move(context, input, pad.before(), output, 0, pad.axis(), size);
        padGradient(context, pad, input, output);
      }
    }
  }

  /** Copies {@code count} positions along an axis. */
  private static void move(
      Context context, Tensor from, int fromStart, Tensor to, int toStart, int axis, int count) {
    int inner = from.shape().elements(axis + 1, from.shape().rank());
    int outer = from.shape().elements(0, axis);
    int fromRow = from.shape().size(axis) * inner;
    int toRow = to.shape().size(axis) * inner;
    int length = count * inner;
    context
        .workers()
        .forRanges(
            outer,
            Math.max(1, GRAIN / Math.max(length, 1)),
            (start, end) -> {
              for (int i = start; i < end; i++) {
                System.arraycopy(
                    values(from),
                    i * fromRow + fromStart * inner,
                    values(to),
                    i * toRow + toStart * inner,
                    length);
              }
            });
  }

  /** Fills the border of the output. */
  private static void pad(Context context, Layout.Pad pad, Tensor input, Tensor output) {
    int inner = input.shape().elements(pad.axis() + 1, input.shape().rank());
    int size = input.shape().size(pad.axis());
    int padded = output.shape().size(pad.axis());
    forEachBorder(
        context,
        pad,
        output.shape(),
        (outer, i) -> {
          int source = pad.source(i, size);
          int at = (outer * padded + i) * inner;
          if (source < 0) {
            Arrays.fill(values(output), at, at + inner, 0);
          } else {
            System.arraycopy(
                values(input), (outer * size + source) * inner, values(output), at, inner);
          }
        });
  }

  /** Adds the gradient of the border to where its values came from. */
  private static void padGradient(Context context, Layout.Pad pad, Tensor input, Tensor output) {
    if (pad.border() == Layout.Border.ZERO) {
      return;
    }
    int inner = input.shape().elements(pad.axis() + 1, input.shape().rank());
    int size = output.shape().size(pad.axis());
    int padded = input.shape().size(pad.axis());
    forEachBorder(
        context,
        pad,
        input.shape(),
        (outer, i) -> {
          int to = (outer * size + pad.source(i, size)) * inner;
          int from = (outer * padded + i) * inner;
          float[] dx = values(output);
          context.kernels().rows().binary(ADD, dx, to, values(input), from, dx, to, inner);
        });
  }

  private interface BorderTask {
    void accept(int outer, int position);
  }

  /** Visits the border positions of the padded shape in order, each outer position in one task. */
  private static void forEachBorder(
      Context context, Layout.Pad pad, Shape padded, BorderTask task) {
    int size = padded.size(pad.axis());
    int inner = padded.elements(pad.axis() + 1, padded.rank());
    int border = (pad.before() + pad.after()) * inner;
    context
        .workers()
        .forRanges(
            padded.elements(0, pad.axis()),
            Math.max(1, GRAIN / Math.max(border, 1)),
            (from, to) -> {
              for (int outer = from; outer < to; outer++) {
                for (int i = 0; i < pad.before(); i++) {
                  task.accept(outer, i);
                }
                for (int i = size - pad.after(); i < size; i++) {
                  task.accept(outer, i);
                }
              }
            });
  }

  /**
   * Output element i is the input value at {@code start} plus its coordinates times the strides.
   */
  private static void copy(Context context, float[] x, int start, Axes axes, float[] y) {
    int columns = axes.size(-1);
    if (axes.positions(axes.rank()) == 0) {
      return;
    }
    int step = axes.stride(0, -1);
    int across = axes.rank() - 2;
    while (across > 0 && axes.stride(0, across) != 1) {
      across--;
    }
    if (step != 1 && step != 0 && axes.stride(0, across) == 1) {
      transpose(context, x, start, axes, across, y);
      return;
    }
    int outer = axes.positions(axes.rank() - 1);
    context
        .workers()
        .forRanges(
            outer,
            Math.max(1, GRAIN / columns),
            (from, to) -> {
              for (int row = from; row < to; row++) {
                int at = start + axes.offset(0, row, axes.rank() - 1);
                if (step == 1) {
                  System.arraycopy(x, at, y, row * columns, columns);
                } else if (step == 0) {
                  Arrays.fill(y, row * columns, (row + 1) * columns, x[at]);
                } else {
                  for (int j = 0; j < columns; j++) {
                    y[row * columns + j] = x[at + j * step];
                  }
                }
              }
            });
  }

  /**
   * {@link #copy} where the output's innermost axis strides through x and another, {@code across},
   * lies dense in it: in tiles, so that neither side touches more lines than the cache holds.
   */
  private static void transpose(
      Context context, float[] x, int start, Axes axes, int across, float[] y) {
    int columns = axes.size(-1);
    int step = axes.stride(0, -1);
    int rows = axes.size(across);
    int below = axes.positions(axes.rank() - 1) / axes.positions(across + 1);
    int width = Math.min(columns, GRAIN / LONG);
    int height = Math.min(rows, LONG * Math.max(1, GRAIN / LONG / width));
    int blocksAcross = Math.ceilDiv(columns, width);
    int blocksDown = Math.ceilDiv(rows, height);
    context
        .workers()
        .forRanges(
            axes.positions(across) * below * blocksDown * blocksAcross,
            Math.max(1, GRAIN / (width * height)),
            (from, to) -> {
              for (int block = from; block < to; block++) {
                int column = block % blocksAcross * width;
                int row = block / blocksAcross % blocksDown * height;
                int matrix = block / blocksAcross / blocksDown;
                int yRow = (matrix / below * rows + row) * below + matrix % below;
                transpose(
                    x,
                    start + axes.offset(0, yRow, axes.rank() - 1) + column * step,
                    step,
                    Math.min(height, rows - row),
                    Math.min(width, columns - column),
                    y,
                    yRow * columns + column,
                    below * columns);
              }
            });
  }

  private static void transpose(
      float[] x, int xAt, int step, int rows, int columns, float[] y, int yAt, int yStep) {
    int height = Math.abs(step) > yStep ? LONG : NARROW;
    int width = LONG * NARROW / height;
    for (int row = 0; row < rows; row += height) {
      int rowEnd = Math.min(rows, row + height);
      for (int column = 0; column < columns; column += width) {
        int columnEnd = Math.min(columns, column + width);
        for (int i = row; i < rowEnd; i++) {
          for (int j = column; j < columnEnd; j++) {
            y[yAt + i * yStep + j] = x[xAt + i + j * step];
          }
        }
      }
    }
  }
}
