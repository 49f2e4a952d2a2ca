package io.github.taipan.gpu;

import static io.github.taipan.gpu.MatrixKernels.COLUMN_STEP;
import static io.github.taipan.gpu.MatrixKernels.DEPTH;
import static io.github.taipan.gpu.MatrixKernels.FETCHES;
import static io.github.taipan.gpu.MatrixKernels.GROUP;
import static io.github.taipan.gpu.MatrixKernels.HIGH;
import static io.github.taipan.gpu.MatrixKernels.PITCH;
import static io.github.taipan.gpu.MatrixKernels.ROW_STEP;
import static io.github.taipan.gpu.MatrixKernels.TILE;
import static io.github.taipan.gpu.MatrixKernels.WIDE;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Device code of convolutions. They are matrix products in {@link MatrixKernels}' tiles, of
 * matrices that nobody builds: a row stands for a pixel and a depth for a kernel position and a
 * channel, and the values are gathered from the map when a step needs them.
 *
 * <p>A convolution and its gradient with respect to the input are one kernel, since both gather
 * from a map at
 *
 * <pre>
 * (pixel · factor + direction · kernel position + shift) / divisor
 * </pre>
 *
 * where that is a whole number and lies within the map. With the stride as factor, direction 1 and
 * minus the padding as shift that is the convolution; with the stride as divisor, direction -1 and
 * the padding as shift it is the gradient.
 */
final class ConvolutionKernels {
  /** A thread's rows or columns of a tile that it fetches, when neighbours fetch neighbours. */
  private static final int LINE_STEP = GROUP / DEPTH;

  /** A thread's depths that it fetches, when neighbours fetch neighbouring rows or columns. */
  private static final int DEPTH_STEP = GROUP / TILE;

  /** A row of a place that lies before every map, whatever the kernel adds. */
  private static final int OUTSIDE = -(1 << 28);

  private ConvolutionKernels() {}

  /**
   * y ← the convolution of x with the weight, or the gradient of x; the names are those of the
   * convolution, x being what is gathered from. The depth runs over the chunks of a group's
   * channels, for each of them over the kernel's rows and columns, and there over the chunk's
   * channels: neighbouring threads fetch neighbouring channels, and what is fetched again for the
   * next kernel position is still in the cache.
   *
   * <p>Launch: x, weight, y, bias or -1, groups, pixels of y in all images, channels of y in a
   * group, channels of x in a group, height and width of y, of x, and of the kernel, factor,
   * direction, shift, divisor, the weight's strides along the channels of x, the channels of y, and
   * the groups, channels of a chunk.
   *
   * <p>Work-groups: the tiles along the channels, for each along the pixels, for each group.
   */
  static void convolveTiles(KernelContext context, FloatArray memory, IntArray launch) {
    float[] tileA = context.allocateFloatLocalArray(DEPTH * PITCH);
    float[] tileB = context.allocateFloatLocalArray(DEPTH * PITCH);
    float[] fetched = new float[2 * FETCHES];
    float[] sums = new float[HIGH * WIDE];
    float[] valuesA = new float[HIGH];
    float[] valuesB = new float[WIDE];
    int[] rowY = new int[FETCHES];
    int[] rowX = new int[FETCHES];
    int[] rowAt = new int[FETCHES];
    for (int i = 0; i < 2 * FETCHES; i++) {
      fetched[i] = 0;
    }
    for (int i = 0; i < HIGH * WIDE; i++) {
      sums[i] = 0;
    }
    for (int i = 0; i < HIGH; i++) {
      valuesA[i] = 0;
    }
    for (int i = 0; i < WIDE; i++) {
      valuesB[i] = 0;
    }
    int pixels = launch.get(5);
    int columns = launch.get(6);
    int channels = launch.get(7);
    int height = launch.get(10);
    int width = launch.get(11);
    int kernelHeight = launch.get(12);
    int kernelWidth = launch.get(13);
    int direction = launch.get(15);
    int divisor = launch.get(17);
    int chunk = launch.get(21);
    int weightDepthStride = launch.get(18);
    int weightColumnStride = launch.get(19);
    int pixelStride = channels * launch.get(4);

    // Which tile it is
    int place = context.groupIdx;
    int tilesX = (columns + TILE - 1) / TILE;
    int tilesY = (pixels + TILE - 1) / TILE;
    int firstColumn = place % tilesX * TILE;
    int firstRow = place / tilesX % tilesY * TILE;
    int group = place / tilesX / tilesY;

    // The pixels whose values this thread fetches, and the channels of y
    int thread = context.localIdx;
    int line = thread / DEPTH;
    for (int i = 0; i < FETCHES; i++) {
      int pixel = firstRow + line + i * LINE_STEP;
      int pixelX = pixel % launch.get(9);
      int pixelY = pixel / launch.get(9) % launch.get(8);
      int image = pixel / launch.get(9) / launch.get(8);
      int y = pixelY * launch.get(14) + launch.get(16);
      int x = pixelX * launch.get(14) + launch.get(16);
      rowAt[i] = image * height * width * divisor + y * width + x;
      rowX[i] = x;
      if (pixel < pixels) {
        rowY[i] = y;
      } else {
        rowY[i] = OUTSIDE;
      }
    }
    int xAt = launch.get(0) + group * channels;
    int weightAt =
        launch.get(1) + group * launch.get(20) + (firstColumn + line) * weightColumnStride;
    int columnsLeft = columns - firstColumn - line;

    // The depth at which it fetches, as four digits; a step adds those of DEPTH, with carries.
    int depthInStep = thread % DEPTH;
    int channel = depthInStep % chunk;
    int kernelX = depthInStep / chunk % kernelWidth;
    int kernelY = depthInStep / chunk / kernelWidth % kernelHeight;
    int first = depthInStep / chunk / kernelWidth / kernelHeight * chunk;
    int channelStep = DEPTH % chunk;
    int kernelStepX = DEPTH / chunk % kernelWidth;
    int kernelStepY = DEPTH / chunk / kernelWidth % kernelHeight;
    int firstStep = DEPTH / chunk / kernelWidth / kernelHeight * chunk;

    int row = thread / COLUMN_STEP;
    int column = thread % COLUMN_STEP;
    int end = (channels + chunk - 1) / chunk * chunk * kernelHeight * kernelWidth;
    for (int depth = 0; depth < end + DEPTH; depth += DEPTH) {
      int input = first + channel;
      int addY = direction * kernelY;
      int addX = direction * kernelX;
      int addAt = addY * width + addX;
      for (int i = 0; i < FETCHES; i++) {
        int y = rowY[i] + addY;
        int x = rowX[i] + addX;
        int at = rowAt[i] + addAt;
        boolean there = y >= 0 && y < height * divisor && x >= 0 && x < width * divisor;
        if (divisor > 1) {
          there = there && y % divisor == 0 && x % divisor == 0;
          at = at / divisor;
        }
        float value = 0;
        if (there && input < channels) {
          value = memory.get(xAt + input + at * pixelStride);
        }
        fetched[i] = value;
      }
      int tapAt = weightAt + input * weightDepthStride + kernelY * kernelWidth + kernelX;
      for (int i = 0; i < FETCHES; i++) {
        float value = 0;
        if (i * LINE_STEP < columnsLeft && input < channels) {
          value = memory.get(tapAt + i * LINE_STEP * weightColumnStride);
        }
        fetched[FETCHES + i] = value;
      }
      channel += channelStep;
      kernelX += kernelStepX;
      kernelY += kernelStepY;
      first += firstStep;
      if (channel >= chunk) {
        channel -= chunk;
        kernelX++;
      }
      if (kernelX >= kernelWidth) {
        kernelX -= kernelWidth;
        kernelY++;
      }
      if (kernelY >= kernelHeight) {
        kernelY -= kernelHeight;
        first += chunk;
      }
      if (depth > 0) {
        for (int k = 0; k < DEPTH; k++) {
          for (int i = 0; i < HIGH; i++) {
            valuesA[i] = tileA[k * PITCH + row + i * ROW_STEP];
          }
          for (int j = 0; j < WIDE; j++) {
            valuesB[j] = tileB[k * PITCH + column + j * COLUMN_STEP];
          }
          for (int i = 0; i < HIGH; i++) {
            for (int j = 0; j < WIDE; j++) {
              sums[i * WIDE + j] += valuesA[i] * valuesB[j];
            }
          }
        }
      }
      context.localBarrier();
      for (int i = 0; i < FETCHES; i++) {
        tileA[depthInStep * PITCH + line + i * LINE_STEP] = fetched[i];
        tileB[depthInStep * PITCH + line + i * LINE_STEP] = fetched[FETCHES + i];
      }
      context.localBarrier();
    }

    int stride = columns * launch.get(4);
    int output = group * columns + firstColumn + column;
    MatrixKernels.storeTile(
        memory,
        sums,
        launch.get(2) + (firstRow + row) * stride + output,
        stride,
        pixels - firstRow - row,
        columns - firstColumn - column,
        launch.get(3) < 0 ? -1 : launch.get(3) + output);
  }

  /**
   * dw ← the gradient of the weight, or for each slice of the pixels its part of it. Rows are a
   * group's channels of dy, columns kernel positions and for each a group's channels of x, and the
   * depth runs over the pixels.
   *
   * <p>Launch: x, dy, dw, groups, pixels of dy in all images, channels of dy in a group, channels
   * of x in a group, height and width of dy, of x, and of the kernel, stride, padding, slices, a
   * slice's pixels, values of dw.
   *
   * <p>Work-groups: the tiles along the columns, for each along the rows, for each slice, for each
   * group.
   */
  static void weighTiles(KernelContext context, FloatArray memory, IntArray launch) {
    float[] tileA = context.allocateFloatLocalArray(DEPTH * PITCH);
    float[] tileB = context.allocateFloatLocalArray(DEPTH * PITCH);
    float[] fetched = new float[2 * FETCHES];
    float[] sums = new float[HIGH * WIDE];
    float[] valuesA = new float[HIGH];
    float[] valuesB = new float[WIDE];
    for (int i = 0; i < 2 * FETCHES; i++) {
      fetched[i] = 0;
    }
    for (int i = 0; i < HIGH * WIDE; i++) {
      sums[i] = 0;
    }
    for (int i = 0; i < HIGH; i++) {
      valuesA[i] = 0;
    }
    for (int i = 0; i < WIDE; i++) {
      valuesB[i] = 0;
    }
    int rows = launch.get(5);
    int channels = launch.get(6);
    int pixelHeight = launch.get(7);
    int pixelWidth = launch.get(8);
    int height = launch.get(9);
    int width = launch.get(10);
    int kernelWidth = launch.get(12);
    int kernelSize = launch.get(11) * kernelWidth;
    int columns = kernelSize * channels;
    int stride = launch.get(13);
    int strideA = rows * launch.get(3);
    int strideB = channels * launch.get(3);

    // Which tile it is
    int place = context.groupIdx;
    int tilesX = (columns + TILE - 1) / TILE;
    int tilesY = (rows + TILE - 1) / TILE;
    int firstColumn = place % tilesX * TILE;
    int firstRow = place / tilesX % tilesY * TILE;
    int slice = place / tilesX / tilesY % launch.get(15);
    int group = place / tilesX / tilesY / launch.get(15);
    int start = slice * launch.get(16);
    int end = start + launch.get(16);
    if (end > launch.get(4)) {
      end = launch.get(4);
    }

    // The row and the column whose values this thread fetches
    int thread = context.localIdx;
    int line = thread % TILE;
    int depthInStep = thread / TILE;
    boolean hasRow = firstRow + line < rows;
    boolean hasColumn = firstColumn + line < columns;
    int tap = (firstColumn + line) / channels;
    int addY = tap / kernelWidth - launch.get(14);
    int addX = tap % kernelWidth - launch.get(14);
    int atA = launch.get(1) + group * rows + firstRow + line + (start + depthInStep) * strideA;
    int atB = launch.get(0) + group * channels + (firstColumn + line) % channels;

    // The pixel at which it fetches; each fetch adds DEPTH_STEP, with carries.
    int pixelX = (start + depthInStep) % pixelWidth;
    int pixelY = (start + depthInStep) / pixelWidth % pixelHeight;
    int image = (start + depthInStep) / pixelWidth / pixelHeight;
    int pixelStepX = DEPTH_STEP % pixelWidth;
    int pixelStepY = DEPTH_STEP / pixelWidth % pixelHeight;
    int imageStep = DEPTH_STEP / pixelWidth / pixelHeight;

    int row = thread / COLUMN_STEP;
    int column = thread % COLUMN_STEP;
    for (int depth = start; depth < end + DEPTH; depth += DEPTH) {
      for (int i = 0; i < FETCHES; i++) {
        boolean there = depth + depthInStep + i * DEPTH_STEP < end;
        float value = 0;
        if (there && hasRow) {
          value = memory.get(atA + i * DEPTH_STEP * strideA);
        }
        fetched[i] = value;
        int y = pixelY * stride + addY;
        int x = pixelX * stride + addX;
        value = 0;
        if (there && hasColumn && y >= 0 && y < height && x >= 0 && x < width) {
          value = memory.get(atB + ((image * height + y) * width + x) * strideB);
        }
        fetched[FETCHES + i] = value;
        pixelX += pixelStepX;
        pixelY += pixelStepY;
        image += imageStep;
        if (pixelX >= pixelWidth) {
          pixelX -= pixelWidth;
          pixelY++;
        }
        if (pixelY >= pixelHeight) {
          pixelY -= pixelHeight;
          image++;
        }
      }
      atA += DEPTH * strideA;
      if (depth > start) {
        for (int k = 0; k < DEPTH; k++) {
          for (int i = 0; i < HIGH; i++) {
            valuesA[i] = tileA[k * PITCH + row + i * ROW_STEP];
          }
          for (int j = 0; j < WIDE; j++) {
            valuesB[j] = tileB[k * PITCH + column + j * COLUMN_STEP];
          }
          for (int i = 0; i < HIGH; i++) {
            for (int j = 0; j < WIDE; j++) {
              sums[i * WIDE + j] += valuesA[i] * valuesB[j];
            }
          }
        }
      }
      context.localBarrier();
      for (int i = 0; i < FETCHES; i++) {
        tileA[(depthInStep + i * DEPTH_STEP) * PITCH + line] = fetched[i];
        tileB[(depthInStep + i * DEPTH_STEP) * PITCH + line] = fetched[FETCHES + i];
      }
      context.localBarrier();
    }

    int result = launch.get(2) + slice * launch.get(17);
    for (int j = 0; j < WIDE; j++) {
      int at = firstColumn + column + j * COLUMN_STEP;
      if (at < columns) {
        int inRow = at % channels * kernelSize + at / channels;
        for (int i = 0; i < HIGH; i++) {
          int output = firstRow + row + i * ROW_STEP;
          if (output < rows) {
            memory.set(result + (group * rows + output) * columns + inRow, sums[i * WIDE + j]);
          }
        }
      }
    }
  }
}
