package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Device code of convolutions that give each channel a kernel of its own. There is no product in
 * them to make tiles of; neighbouring threads have neighbouring channels, which lie next to each
 * other in memory.
 */
final class DepthwiseKernels {
  /** How many neighbouring pixels a thread computes in {@link #convolveChannels}. */
  static final int PIXELS = 4;

  private DepthwiseKernels() {}

  /**
   * y ← the convolution of x, each channel with a kernel of its own, or the gradient of x; one
   * thread for a channel and {@value #PIXELS} neighbouring pixels. Launch: x, weight, y, bias or
   * -1, count of threads, channels, height and width of y, of x, and of the kernel, factor,
   * direction, shift, divisor, as {@link ConvolutionKernels} has them.
   */
  static void convolveChannels(KernelContext context, FloatArray memory, IntArray launch) {
    int thread = context.globalIdx;
    float[] sums = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      sums[i] = 0;
    }
    if (thread < launch.get(4)) {
      int channels = launch.get(5);
      int pixelWidth = launch.get(7);
      int height = launch.get(8);
      int width = launch.get(9);
      int kernelHeight = launch.get(10);
      int kernelWidth = launch.get(11);
      int factor = launch.get(12);
      int direction = launch.get(13);
      int divisor = launch.get(15);
      int runs = (pixelWidth + PIXELS - 1) / PIXELS;
      int channel = thread % channels;
      int firstX = thread / channels % runs * PIXELS;
      int line = thread / channels / runs; // of all images
      int image = line / launch.get(6);
      int startY = line % launch.get(6) * factor + launch.get(14);
      int startX = firstX * factor + launch.get(14);
      int weight = launch.get(1) + channel * kernelHeight * kernelWidth;
      for (int kernelY = 0; kernelY < kernelHeight; kernelY++) {
        int y = startY + direction * kernelY;
        if (y >= 0 && y < height * divisor && y % divisor == 0) {
          int lineAt = launch.get(0) + (image * height + y / divisor) * width * channels + channel;
          for (int kernelX = 0; kernelX < kernelWidth; kernelX++) {
            float w = memory.get(weight + kernelY * kernelWidth + kernelX);
            int nearX = startX + direction * kernelX;
            for (int i = 0; i < PIXELS; i++) {
              int x = nearX + i * factor;
              boolean there = x >= 0 && x < width * divisor;
              if (divisor > 1) {
                there = there && x % divisor == 0;
                x = x / divisor;
              }
              if (there) {
                sums[i] += w * memory.get(lineAt + x * channels);
              }
            }
          }
        }
      }
      float bias = 0;
      if (launch.get(3) >= 0) {
        bias = memory.get(launch.get(3) + channel);
      }
      int at = launch.get(2) + (line * pixelWidth + firstX) * channels + channel;
      for (int i = 0; i < PIXELS; i++) {
        if (firstX + i < pixelWidth) {
          memory.set(at + i * channels, sums[i] + bias);
        }
      }
    }
  }

  /**
   * dw ← the gradient of the weight where each channel has a kernel of its own, for each slice of
   * the lines of dy its part of it; one thread for a weight and a slice. Launch: x, dy, dw, count
   * of threads, channels, height and width of dy, of x, and of the kernel, stride, padding, lines
   * of dy in all images, a slice's lines.
   */
  static void weighChannels(KernelContext context, FloatArray memory, IntArray launch) {
    int thread = context.globalIdx;
    if (thread < launch.get(3)) {
      int channels = launch.get(4);
      int pixelHeight = launch.get(5);
      int pixelWidth = launch.get(6);
      int height = launch.get(7);
      int width = launch.get(8);
      int kernelSize = launch.get(9) * launch.get(10);
      int stride = launch.get(11);
      int channel = thread % channels;
      int tap = thread / channels % kernelSize;
      int slice = thread / channels / kernelSize;
      int addY = tap / launch.get(10) - launch.get(12);
      int addX = tap % launch.get(10) - launch.get(12);
      int end = (slice + 1) * launch.get(14);
      if (end > launch.get(13)) {
        end = launch.get(13);
      }
      float sum = 0;
      for (int line = slice * launch.get(14); line < end; line++) {
        int y = line % pixelHeight * stride + addY;
        if (y >= 0 && y < height) {
          int upstream = launch.get(1) + line * pixelWidth * channels + channel;
          int lineAt =
              launch.get(0) + (line / pixelHeight * height + y) * width * channels + channel;
          for (int pixel = 0; pixel < pixelWidth; pixel++) {
            int x = pixel * stride + addX;
            if (x >= 0 && x < width) {
              sum += memory.get(upstream + pixel * channels) * memory.get(lineAt + x * channels);
            }
          }
        }
      }
      memory.set(launch.get(2) + (slice * channels + channel) * kernelSize + tap, sum);
    }
  }
}
