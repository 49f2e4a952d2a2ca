package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;
import java.util.Arrays;

/**
 * The gradient of convolution weights: for each tap of the kernel the product of the upstream
 * gradient, transposed, and the input pixels that the tap sees. Both operands are packed, since the
 * sum runs over pixels and not along channels: the gradient once, in strips of a tile's rows of
 * output channels; the input for each tap, in panels, which also drops in the zeros of the padding.
 *
 * <p>Tasks are panels of input channels and, where those are few, slabs of pixels too; slabs have
 * sums of their own, which are added in order.
 */
final class WeightGradientKernels {
  /** Pixels whose panel stays in the first-level cache. */
  private static final int BLOCK_PIXELS = 256;

  /** Tasks that a launch is cut into, as far as there are pixels. */
  private static final int TASKS = 16;

  /** A slab has at least so many pixels, or adding its sums would cost too much. */
  private static final int SLAB_PIXELS = 2 * BLOCK_PIXELS;

  private static final int SUM_ELEMENTS = 16_384;
  private static final int[] PLACES = {0, 1, 2, 3, 4, 5, 6, 7};

  private final Context context;
  private final GemmKernel kernel;
  private final Window window;
  private final int groups;
  private final float[] x;
  private final float[] g;
  private final Shape gradient;
  private final int panel;
  private final int in; // input channels of a group
  private final int out; // output channels of a group
  private final int taps;
  private final int pixels; // of the upstream gradient
  private final int panels; // of a group
  private final int strips; // of a group
  private final int stripSize; // of one strip of one block of pixels, when packed
  private final int rows; // of a tile
  private final int[] sumRows;

  private WeightGradientKernels(
      Context context, Window window, int groups, float[] x, float[] g, Shape gradient) {
    this.context = context;
    this.window = window;
    this.groups = groups;
    this.x = x;
    this.g = g;
    this.gradient = gradient;
    kernel = context.kernels().gemm();
    panel = kernel.panel();
    rows = kernel.rows();
    in = window.channels() / groups;
    out = gradient.size(3) / groups;
    taps = window.kernelHeight() * window.kernelWidth();
    pixels = gradient.elements(0, 3);
    panels = Math.ceilDiv(in, panel);
    strips = Math.ceilDiv(out, rows);
    stripSize = BLOCK_PIXELS * GemmKernel.STRIP + panel;
    sumRows = new int[rows];
    Arrays.setAll(sumRows, i -> i * panel);
  }

  /**
   * Computes a gradient.
   *
   * @param g the upstream gradient, of shape {@code gradient}
   * @param result the weight's gradient, OIHW
   */
  static void execute(
      Context context,
      Window window,
      int groups,
      float[] x,
      float[] g,
      Shape gradient,
      float[] result) {
    new WeightGradientKernels(context, window, groups, x, g, gradient).execute(result);
  }

  private void execute(float[] result) {
    int tasks = groups * panels;
    int slabs =
        Math.clamp(Math.ceilDiv(TASKS, Math.max(1, tasks)), 1, Math.max(1, pixels / SLAB_PIXELS));
    int blocks = Math.ceilDiv(pixels, BLOCK_PIXELS);
    int blocksPerSlab = Math.ceilDiv(blocks, slabs);
    int size = groups * out * in * taps;
    float[] strips = packStrips(blocks);
    float[] sums =
        slabs == 1 ? result : context.workers().scratch(Scratch.Use.PARTIAL, slabs * size);
    context
        .workers()
        .forEach(
            slabs * tasks,
            2L * pixels * size,
            task -> {
              int slab = task / tasks;
              int end = Math.min(blocks, (slab + 1) * blocksPerSlab);
              panel(strips, task % tasks, slab * blocksPerSlab, end, sums, slab * size);
            });
    if (slabs > 1) {
      context
          .workers()
          .forRanges(
              size, SUM_ELEMENTS, (from, to) -> addSlabs(sums, slabs, size, result, from, to));
    }
  }

  private static void addSlabs(
      float[] sums, int slabs, int size, float[] result, int from, int to) {
    System.arraycopy(sums, from, result, from, to - from);
    for (int slab = 1; slab < slabs; slab++) {
      for (int i = from; i < to; i++) {
        result[i] += sums[slab * size + i];
      }
    }
  }

  /**
   * Packs the upstream gradient: strip s of block b starts at {@code (b · strips + s) · stripSize}.
   */
  private float[] packStrips(int blocks) {
    float[] packed =
        context.workers().scratch(Scratch.Use.PACKED_A, blocks * groups * strips * stripSize);
    context
        .workers()
        .forEach(
            blocks,
            g.length,
            block -> {
              int first = block * BLOCK_PIXELS;
              int count = Math.min(BLOCK_PIXELS, pixels - first);
              for (int strip = 0; strip < groups * strips; strip++) {
                int channel = strip / strips * out + strip % strips * rows;
                packStrip(
                    first, channel, packed, (block * groups * strips + strip) * stripSize, count);
              }
            });
    return packed;
  }

  private void packStrip(int first, int channel, float[] packed, int to, int count) {
    int step = groups * out;
    int from = first * step + channel;
    // The kernel reads a whole vector at each pixel: the last pixels are done here.
    int reach = Math.max(GemmKernel.STRIP, panel);
    int safe = Math.clamp(Math.floorDiv(g.length - reach - from, step) + 1, 0, count);
    kernel.packStrip(g, from, step, packed, to, safe);
    for (int k = safe; k < count; k++) {
      for (int i = 0; i < rows; i++) {
        int at = from + k * step + i;
        packed[to + k * GemmKernel.STRIP + i] = at < g.length ? g[at] : 0;
      }
    }
  }

  /** All taps of one panel of input channels, over some blocks of pixels. */
  private void panel(
      float[] strips, int index, int fromBlock, int endBlock, float[] result, int resultAt) {
    int group = index / panels;
    int channel = index % panels * panel;
    int tileSize = rows * panel;
    int tiles = taps * this.strips;
    float[] sums = Scratch.floats(Scratch.Use.TASK_TILE, tiles * tileSize);
    float[] seen = Scratch.floats(Scratch.Use.TASK_PANEL, BLOCK_PIXELS * panel);
    int[] starts = Scratch.ints(Scratch.Use.TASK_A_ROWS, BLOCK_PIXELS);
    Arrays.fill(sums, 0, tiles * tileSize, 0);
    Tile tile = Scratch.tile();
    tile.a = strips;
    tile.aRows = PLACES;
    tile.b = seen;
    tile.bStart = 0;
    tile.c = sums;
    tile.cRows = sumRows;
    tile.cRow = 0;
    for (int block = fromBlock; block < endBlock; block++) {
      int first = block * BLOCK_PIXELS;
      int count = Math.min(BLOCK_PIXELS, pixels - first);
      for (int tap = 0; tap < taps; tap++) {
        starts(tap, first, count, group * in + channel, starts);
        packPanel(starts, count, seen);
        for (int strip = 0; strip < this.strips; strip++) {
          int aStart = ((block * groups + group) * this.strips + strip) * stripSize;
          tile.column = (tap * this.strips + strip) * tileSize;
          kernel.multiplyStrips(tile, aStart, count);
        }
      }
    }
    for (int o = 0; o < out; o++) {
      int from = o * panel;
      int to = resultAt + ((group * out + o) * in + channel) * taps;
      unpack(sums, from, this.strips * tileSize, result, to, Math.min(panel, in - channel));
    }
  }

  /** From sums per tap and channel to weights, whose taps are innermost. */
  private void unpack(float[] sums, int from, int tapStep, float[] result, int to, int channels) {
    if (taps == 1) {
      System.arraycopy(sums, from, result, to, channels);
      return;
    }
    int tap = 0;
    for (; tap + 3 <= taps; tap += 3, from += 3 * tapStep) {
      for (int channel = 0; channel < channels; channel++) {
        int at = to + channel * taps + tap;
        result[at] = sums[from + channel];
        result[at + 1] = sums[from + tapStep + channel];
        result[at + 2] = sums[from + 2 * tapStep + channel];
      }
    }
    for (; tap < taps; tap++, from += tapStep) {
      for (int channel = 0; channel < channels; channel++) {
        result[to + channel * taps + tap] = sums[from + channel];
      }
    }
  }

  /** Where the input pixels that a tap sees start in x, or -1 for zeros. */
  private void starts(int tap, int first, int count, int channel, int[] starts) {
    int lines = gradient.size(1);
    int columns = gradient.size(2);
    for (int i = 0; i < count; ) {
      int line = (first + i) / columns;
      int column = (first + i) % columns;
      int end = Math.min(count, i + columns - column);
      int left = window.firstPixel(line / lines, line % lines, tap);
      int x = column * window.stride() + tap % window.kernelWidth() - window.left();
      lineStarts(left, x, channel, starts, i, end);
      i = end;
    }
  }

  private void lineStarts(int left, int x, int channel, int[] starts, int from, int end) {
    int width = left < 0 ? 0 : window.width();
    int channels = window.channels();
    int step = window.stride();
    for (int i = from; i < end; i++, x += step) {
      starts[i] = x < 0 || x >= width ? -1 : (left + x) * channels + channel;
    }
  }

  private void packPanel(int[] starts, int count, float[] seen) {
    int last = x.length - panel;
    for (int i = 0; i < count; i++) {
      if (starts[i] >= 0
          && starts[i] > last) { // the kernel reads whole panels: not past the end of x
        Arrays.fill(seen, i * panel, (i + 1) * panel, 0);
        System.arraycopy(x, starts[i], seen, i * panel, x.length - starts[i]);
        starts[i] = Integer.MIN_VALUE;
      }
    }
    kernel.packPanel(x, starts, seen, count);
  }
}
