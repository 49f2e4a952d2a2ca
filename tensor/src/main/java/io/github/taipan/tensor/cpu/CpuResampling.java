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
  private static final List<Integer> SHUFFLE = List.of(0, 1, 4, 2, 5, 3);
  private static final List<Integer> UNSHUFFLE = List.of(0, 1, 3, 5, 2, 4);

  private CpuResampling() {}

  static void run(
      Context context, Resampling resampling, List<Tensor> inputs, List<Tensor> outputs) {
    float[] x = values(inputs.getFirst());
    float[] y = values(outputs.getFirst());
    Shape from = inputs.getFirst().shape();
    Shape to = outputs.getFirst().shape();
    switch (resampling) {
      case Resampling.PixelShuffle(int f) -> {
        Shape split = Shape.of(from.size(0), from.size(1), from.size(2), to.size(3), f, f);
        CpuLayout.permute(context, x, split, SHUFFLE, y);
      }
      case Resampling.PixelUnshuffle(int f) -> {
        Shape split = Shape.of(from.size(0), to.size(1), f, to.size(2), f, from.size(3));
        CpuLayout.permute(context, x, split, UNSHUFFLE, y);
      }
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
              float[] line = new float[vertical.width];
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

  private static void maxPool(
      Context context, float[] x, Shape from, int kernel, int stride, Shape to, float[] y) {
    int channels = to.size(3);
    int width = from.size(2) * channels;
    int pixels = to.size(2);
    context
        .workers()
        .forRanges(
            to.size(0) * to.size(1),
            Math.max(1, GRAIN / Math.max(kernel * width, 1)),
            (start, end) -> {
              for (int row = start; row < end; row++) {
                int b = row / to.size(1);
                int top = (b * from.size(1) + row % to.size(1) * stride) * width;
                for (int pixel = 0; pixel < pixels; pixel++) {
                  int corner = top + pixel * stride * channels;
                  for (int c = 0; c < channels; c++) {
                    y[(row * pixels + pixel) * channels + c] =
                        x[largest(x, corner + c, kernel, width, channels)];
                  }
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
    Arrays.fill(dx, 0);
    context
        .workers()
        .forEach(
            from.size(0),
            b -> {
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
