package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;
import java.util.Arrays;

/**
 * A window that slides over an NHWC map in a wide field of zeros: pixel (y, x) of the map lies at
 * {@code (dilation · y + top, dilation · x + left)}, and the window for output pixel (i, j) begins
 * at {@code (stride · i, stride · j)}.
 */
record Window(
    Shape map, int top, int left, int dilation, int kernelHeight, int kernelWidth, int stride) {

  /**
   * The window with which a convolution's gradient is convolved: steps of one over pixels that lie
   * the convolution's stride apart.
   */
  static Window ofGradient(Shape gradient, Shape weight, int stride, int padding) {
    int height = weight.size(2);
    int width = weight.size(3);
    return new Window(
        gradient, height - 1 - padding, width - 1 - padding, stride, height, width, 1);
  }

  int width() {
    return map.size(2);
  }

  int channels() {
    return map.size(3);
  }

  /** Whether each output pixel sees exactly the same pixel of the map. */
  boolean isPoint() {
    return kernelHeight == 1 && kernelWidth == 1 && stride == 1 && seesOnlyPixels();
  }

  /** Whether nothing but pixels of the map, in their places, is ever seen. */
  boolean seesOnlyPixels() {
    return top == 0 && left == 0 && dilation == 1;
  }

  /** How many field columns the windows of so many neighbouring output pixels cover. */
  int span(int outputs) {
    return (outputs - 1) * stride + kernelWidth;
  }

  /**
   * Where the window's values lie, counted from its first, in rows of {@code columns} pixels: one
   * run per kernel row, or per kernel pixel when groups split the channels.
   */
  int[] runs(int columns, int groups) {
    int[] runs = new int[groups == 1 ? kernelHeight : kernelHeight * kernelWidth];
    Arrays.setAll(
        runs,
        i ->
            groups == 1
                ? i * columns * channels()
                : (i / kernelWidth * columns + i % kernelWidth) * channels());
    return runs;
  }

  /**
   * Where the window of each output pixel of a block begins, in the map or in its {@link #copy}.
   */
  void rows(Block block, boolean inPlace, int columns, int[] rows) {
    int origin =
        inPlace
            ? ((block.image() * map.size(1) + block.y() * stride) * width() + block.x() * stride)
            : 0;
    for (int i = 0; i < block.pixels(); i++) {
      int row = i / block.width();
      rows[i] = (origin + (row * columns + i % block.width()) * stride) * channels();
    }
  }

  /** Copies the part of the field that a block's windows see, in rows of {@code columns} pixels. */
  float[] copy(float[] x, Block block, int columns) {
    int lines = (block.height() - 1) * stride + kernelHeight;
    int line = columns * channels();
    float[] copy = Scratch.floats(Scratch.Use.TASK_WINDOW, lines * line);
    for (int i = 0; i < lines; i++) {
      int row = source(block.y() * stride + i - top, map.size(1));
      if (row < 0) {
        Arrays.fill(copy, i * line, (i + 1) * line, 0);
      } else {
        int from = (block.image() * map.size(1) + row) * width() * channels();
        copyLine(x, from, block.x() * stride - left, copy, i * line, columns);
      }
    }
    return copy;
  }

  private void copyLine(float[] x, int from, int column, float[] copy, int to, int columns) {
    int channels = channels();
    if (dilation == 1) {
      int before = Math.clamp(-column, 0, columns);
      int end = Math.clamp(width() - column, before, columns);
      Arrays.fill(copy, to, to + before * channels, 0);
      Arrays.fill(copy, to + end * channels, to + columns * channels, 0);
      if (before < end) {
        int start = from + (column + before) * channels;
        System.arraycopy(x, start, copy, to + before * channels, (end - before) * channels);
      }
      return;
    }
    for (int i = 0; i < columns; i++, to += channels) {
      int source = source(column + i, width());
      if (source < 0) {
        Arrays.fill(copy, to, to + channels, 0);
      } else {
        System.arraycopy(x, from + source * channels, copy, to, channels);
      }
    }
  }

  /** The map's row or column at a position counted from its first, or -1 if zeros are there. */
  int source(int position, int size) {
    return position < 0 || position % dilation != 0 || position / dilation >= size
        ? -1
        : position / dilation;
  }

  /** The map's pixel that an output pixel sees through a tap of the kernel, or -1 for a zero. */
  int pixel(int image, int row, int column, int tap) {
    int first = firstPixel(image, row, tap);
    int x = source(column * stride + tap % kernelWidth - left, width());
    return first < 0 || x < 0 ? -1 : first + x;
  }

  /** The first pixel of the map's line that an output row sees through a tap, or -1 for zeros. */
  int firstPixel(int image, int row, int tap) {
    int y = source(row * stride + tap / kernelWidth - top, map.size(1));
    return y < 0 ? -1 : (image * map.size(1) + y) * width();
  }
}
