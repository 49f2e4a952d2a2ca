package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Device code that changes the number of pixels: one thread per value written. */
final class ResamplingKernels {
  private ResamplingKernels() {}

  /**
   * Pixel shuffle or its inverse; threads go over the fine map. Launch: x, y, count, factor, fine
   * height, width and channels, whether x is the coarse map.
   */
  static void shufflePixels(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(2)) {
      int factor = launch.get(3);
      int height = launch.get(4);
      int width = launch.get(5);
      int channels = launch.get(6);
      int c = i % channels;
      int column = i / channels % width;
      int row = i / channels / width % height;
      int image = i / channels / width / height;
      int block = (image * (height / factor) + row / factor) * (width / factor) + column / factor;
      int channel = factor * factor * c + factor * (row % factor) + column % factor;
      int coarse = block * channels * factor * factor + channel;
      if (launch.get(7) != 0) {
        memory.set(launch.get(1) + i, memory.get(launch.get(0) + coarse));
      } else {
        memory.set(launch.get(1) + coarse, memory.get(launch.get(0) + i));
      }
    }
  }

  /**
   * Weighted sums along both axes ({@link io.github.taipan.tensor.ResizeTaps}). Launch: x, y,
   * count, height and width of x, height and width of y, channels, and for rows and for columns
   * where the first positions, the offsets and the weights lie.
   */
  static void resizePixels(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(2)) {
      int inHeight = launch.get(3);
      int inWidth = launch.get(4);
      int height = launch.get(5);
      int width = launch.get(6);
      int channels = launch.get(7);
      int c = i % channels;
      int column = i / channels % width;
      int row = i / channels / width % height;
      int image = i / channels / width / height;
      int firstRow = (int) memory.get(launch.get(8) + row);
      int rowWeights = (int) memory.get(launch.get(9) + row);
      int rows = (int) memory.get(launch.get(9) + row + 1) - rowWeights;
      int firstColumn = (int) memory.get(launch.get(11) + column);
      int columnWeights = (int) memory.get(launch.get(12) + column);
      int columns = (int) memory.get(launch.get(12) + column + 1) - columnWeights;
      float sum = 0;
      for (int r = 0; r < rows; r++) {
        int x = (image * inHeight + firstRow + r) * inWidth + firstColumn;
        float weight = memory.get(launch.get(10) + rowWeights + r);
        for (int k = 0; k < columns; k++) {
          sum +=
              weight
                  * memory.get(launch.get(13) + columnWeights + k)
                  * memory.get(launch.get(0) + (x + k) * channels + c);
        }
      }
      memory.set(launch.get(1) + i, sum);
    }
  }

  /**
   * Maxima over windows. Launch: x, y, count of y, height and width of x, height and width of y,
   * channels, kernel, stride.
   */
  static void poolMaxima(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(2)) {
      int channels = launch.get(7);
      int c = i % channels;
      int column = i / channels % launch.get(6);
      int row = i / channels / launch.get(6) % launch.get(5);
      int image = i / channels / launch.get(6) / launch.get(5);
      int stride = launch.get(9);
      int start = (image * launch.get(3) + row * stride) * launch.get(4) + column * stride;
      int at = firstMaximum(memory, launch.get(0) + start * channels + c, launch);
      memory.set(launch.get(1) + i, memory.get(at));
    }
  }

  /**
   * The gradient of {@link #poolMaxima}: each value of x adds up the gradients of the windows whose
   * first maximum it is. Launch: x, dx, count of x, height and width of x, height and width of the
   * pooled map, channels, kernel, stride, dy.
   */
  static void poolGradients(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(2)) {
      int inHeight = launch.get(3);
      int inWidth = launch.get(4);
      int height = launch.get(5);
      int width = launch.get(6);
      int channels = launch.get(7);
      int kernel = launch.get(8);
      int stride = launch.get(9);
      int c = i % channels;
      int x = i / channels % inWidth;
      int y = i / channels / inWidth % inHeight;
      int image = i / channels / inWidth / inHeight;
      float sum = 0;
      for (int row = 0; row < height; row++) {
        if (row * stride <= y && y < row * stride + kernel) {
          for (int column = 0; column < width; column++) {
            if (column * stride <= x && x < column * stride + kernel) {
              int start = (image * inHeight + row * stride) * inWidth + column * stride;
              int at = firstMaximum(memory, launch.get(0) + start * channels + c, launch);
              if (at == launch.get(0) + i) {
                int window = (image * height + row) * width + column;
                sum += memory.get(launch.get(10) + window * channels + c);
              }
            }
          }
        }
      }
      memory.set(launch.get(1) + i, sum);
    }
  }

  /** Where the first maximum of a window lies, in row order. */
  static int firstMaximum(FloatArray memory, int start, IntArray launch) {
    int width = launch.get(4);
    int channels = launch.get(7);
    int kernel = launch.get(8);
    int largest = start;
    for (int k = 0; k < kernel * kernel; k++) {
      int at = start + (k / kernel * width + k % kernel) * channels;
      if (memory.get(at) > memory.get(largest)) {
        largest = at;
      }
    }
    return largest;
  }
}
