package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;
import static io.github.taipan.tensor.cpu.CpuPointwise.GRAIN;

import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.ResizeTaps;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Resampling of NHWC maps. Resizing and average pooling are one separable linear map, rows first; a
 * gradient is the map transposed, so that every output is still computed by one task.
 */
final class CpuResampling {
  private CpuResampling() {}

  static void run(
      Context context, Resampling resampling, List<Tensor> inputs, List<Tensor> outputs) {
    float[] x = values(inputs.getFirst());
    float[] y = values(outputs.getFirst());
    Shape from = inputs.getFirst().shape();
    Shape to = outputs.getFirst().shape();
    switch (resampling) {
      case Resampling.PixelShuffle(int factor) -> shuffle(context, factor, x, y, to, true);
      case Resampling.PixelUnshuffle(int factor) -> shuffle(context, factor, y, x, from, false);
      case Resampling.Resize r -> {
        ResizeTaps rows = ResizeTaps.of(r.filter(), from.size(1), to.size(1), r.stepY());
        ResizeTaps columns = ResizeTaps.of(r.filter(), from.size(2), to.size(2), r.stepX());
        resize(context, x, rows, columns, to, y);
      }
      case Resampling.ResizeGradient(Resampling.Resize r, int _, int _) -> {
        ResizeTaps rows = ResizeTaps.of(r.filter(), to.size(1), from.size(1), r.stepY());
        ResizeTaps columns = ResizeTaps.of(r.filter(), to.size(2), from.size(2), r.stepX());
        resize(context, x, rows.transpose(), columns.transpose(), to, y);
      }
      case Resampling.AveragePool(int kernel, int stride) ->
          resize(
              context,
              x,
              ResizeTaps.average(kernel, stride, from.size(1), to.size(1)),
              ResizeTaps.average(kernel, stride, from.size(2), to.size(2)),
              to,
              y);
      case Resampling.AveragePoolGradient(Resampling.AveragePool pool, int _, int _) ->
          resize(
              context,
              x,
              ResizeTaps.average(pool.kernel(), pool.stride(), to.size(1), from.size(1))
                  .transpose(),
              ResizeTaps.average(pool.kernel(), pool.stride(), to.size(2), from.size(2))
                  .transpose(),
              to,
              y);
      case Resampling.MaxPool(int kernel, int stride) ->
          maxPool(context, x, from, kernel, stride, to, y);
      case Resampling.MaxPoolGradient(Resampling.MaxPool pool) -> {
        Tensor gradient = inputs.get(1);
        maxPoolGradient(context, x, from, pool, values(gradient), gradient.shape(), y);
      }
    }
  }

  /** Moves values between a map of many channels and one of many pixels, whose shape is given. */
  private static void shuffle(
      Context context, int factor, float[] deep, float[] wide, Shape shape, boolean toWide) {
    int channels = shape.size(3);
    if (factor == 2) {
      shuffleByTwo(context, deep, wide, shape, toWide);
      return;
    }
    int step = factor * factor;
    int pixels = shape.size(2) / factor;
    int length = shape.size(2) * channels;
    context
        .workers()
        .forRanges(
            shape.size(0) * shape.size(1),
            Math.max(1, GRAIN / Math.max(length, 1)),
            (start, end) -> {
              for (int row = start; row < end; row++) {
                for (int i = 0; i < pixels * factor; i++) {
                  int pixel = row / factor * pixels + i / factor;
                  int deepAt = pixel * step * channels + row % factor * factor + i % factor;
                  int wideAt = row * length + i * channels;
                  if (toWide) {
                    for (int k = 0; k < channels; k++) {
                      wide[wideAt + k] = deep[deepAt + k * step];
                    }
                  } else {
                    for (int k = 0; k < channels; k++) {
                      deep[deepAt + k * step] = wide[wideAt + k];
                    }
                  }
                }
              }
            });
  }

  /** A pixel's groups of four values go to the pixels of a square, or come from there. */
  private static void shuffleByTwo(
      Context context, float[] deep, float[] wide, Shape shape, boolean toWide) {
    RowLoops loops = context.kernels().rows();
    int channels = shape.size(3);
    int pixels = shape.size(2) / 2;
    int length = shape.size(2) * channels;
    context
        .workers()
        .forRanges(
            shape.size(0) * (shape.size(1) / 2),
            Math.max(1, GRAIN / Math.max(2 * length, 1)),
            (start, end) -> {
              for (int row = start; row < end; row++) {
                for (int i = 0; i < pixels; i++) {
                  int at = (row * pixels + i) * 4 * channels;
                  int top = 2 * row * length + 2 * i * channels;
                  int right = top + channels;
                  int low = top + length;
                  int last = low + channels;
                  if (toWide) {
                    loops.unzip(deep, at, wide, top, right, low, last, channels);
                  } else {
                    loops.zip(wide, top, right, low, last, deep, at, channels);
                  }
                }
              }
            });
  }

  /**
   * Each output row: some input rows are mixed, and then some pixels of that line for each pixel.
   */
  private static void resize(
      Context context, float[] x, ResizeTaps rows, ResizeTaps columns, Shape to, float[] y) {
    RowLoops loops = context.kernels().rows();
    Mix vertical = new Mix(loops, rows, columns.inputs() * to.size(3));
    Mix horizontal = new Mix(loops, columns, to.size(3));
    int height = rows.outputs();
    int length = columns.outputs() * to.size(3);
    context
        .workers()
        .forRanges(
            to.size(0) * height,
            Math.max(1, GRAIN / Math.max(length, 1)),
            (start, end) -> {
              float[] line = Scratch.floats(Scratch.Use.TASK_LINE, vertical.width);
              for (int row = start; row < end; row++) {
                int i = row % height;
                if (row > start && i > 0 && vertical.repeats(i)) {
                  System.arraycopy(y, (row - 1) * length, y, row * length, length);
                  continue;
                }
                vertical.apply(x, row / height * rows.inputs() * vertical.width, i, line, 0);
                for (int j = 0; j < columns.outputs(); j++) {
                  horizontal.apply(line, 0, j, y, row * length + j * to.size(3));
                }
              }
            });
  }

  /** Taps along an axis whose positions are {@code width} values each. */
  private static final class Mix {
    private final RowLoops loops;
    private final ResizeTaps taps;
    private final float[] weights;
    private final int width;

    Mix(RowLoops loops, ResizeTaps taps, int width) {
      this.loops = loops;
      this.taps = taps;
      this.width = width;
      this.weights = new float[taps.weights().length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) taps.weights()[i];
      }
    }

    /** Whether output position i only copies, and what the one before it copies. */
    boolean repeats(int i) {
      return copies(i) && copies(i - 1) && taps.first()[i] == taps.first()[i - 1];
    }

    private boolean copies(int i) {
      return taps.count(i) == 1 && weights[taps.offsets()[i]] == 1;
    }

    /** Computes output position i from the axis that starts at {@code at}. */
    void apply(float[] x, int at, int i, float[] y, int yAt) {
      int from = at + taps.first()[i] * width;
      if (taps.count(i) == 0) {
        Arrays.fill(y, yAt, yAt + width, 0);
      } else if (copies(i)) {
        System.arraycopy(x, from, y, yAt, width);
      } else {
        loops.mix(x, from, width, weights, taps.offsets()[i], taps.count(i), y, yAt, width);
      }
    }
  }

  /** Each output row: the largest of some input rows, then of some pixels of that line. */
  private static void maxPool(
      Context context, float[] x, Shape from, int kernel, int stride, Shape to, float[] y) {
    RowLoops loops = context.kernels().rows();
    int channels = to.size(3);
    int width = from.size(2) * channels;
    int pixels = to.size(2);
    context
        .workers()
        .forRanges(
            to.size(0) * to.size(1),
            Math.max(1, GRAIN / Math.max(kernel * width, 1)),
            (start, end) -> {
              float[] line = Scratch.floats(Scratch.Use.TASK_LINE, width);
              for (int row = start; row < end; row++) {
                int top = row / to.size(1) * from.size(1) + row % to.size(1) * stride;
                loops.maxRows(x, top * width, kernel, width, width, line, 0);
                for (int i = 0; i < pixels; i++) {
                  int at = i * stride * channels;
                  int yAt = (row * pixels + i) * channels;
                  loops.maxRows(line, at, kernel, channels, channels, y, yAt);
                }
              }
            });
  }

  private static void maxPoolGradient(
      Context context,
      float[] x,
      Shape from,
      Resampling.MaxPool pool,
      float[] dy,
      Shape pooled,
      float[] dx) {
    int channels = from.size(3);
    int width = from.size(2) * channels;
    int pixels = pooled.size(2);
    int image = from.size(1) * width;
    context
        .workers()
        .forEach(
            from.size(0),
            b -> {
              Arrays.fill(dx, b * image, (b + 1) * image, 0);
              for (int i = 0; i < pooled.size(1) * pixels; i++) {
                int corner =
                    b * image
                        + i / pixels * pool.stride() * width
                        + i % pixels * pool.stride() * channels;
                for (int c = 0; c < channels; c++) {
                  dx[largest(x, corner + c, pool.kernel(), width, channels)] +=
                      dy[(b * pooled.size(1) * pixels + i) * channels + c];
                }
              }
            });
  }

  /** Where the first largest value of a window is; not-a-number counts as larger than all. */
  private static int largest(float[] x, int corner, int kernel, int width, int channels) {
    int best = corner;
    for (int i = 0; i < kernel; i++) {
      for (int j = 0; j < kernel; j++) {
        int at = corner + i * width + j * channels;
        if (x[at] > x[best] || Float.isNaN(x[at])) {
          best = at;
        }
      }
    }
    return best;
  }
}
