package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Device code of matrix products, in tiles. A work-group computes a tile of {@value #TILE} rows and
 * {@value #TILE} columns of y. It walks along the inner axis, the depth, in steps of {@value
 * #DEPTH}: all its threads together fetch the values of a and b that a step needs into local
 * memory, and each thread then multiplies {@value #HIGH} rows by {@value #WIDE} columns of them. So
 * a value that is fetched once serves {@value #TILE} products, and the values that a thread reads
 * from local memory serve {@value #HIGH} or {@value #WIDE}. The sums stay in registers.
 *
 * <p>The loops that multiply stand in each of the kernels: in a method that is given a local array,
 * TornadoVM reads it at wrong places. They copy what they multiply to registers first, without
 * which TornadoVM unrolls all steps of the depth and takes twice as long to compile.
 */
final class MatrixKernels {
  /** Threads of a work-group. */
  static final int GROUP = 128;

  /** Rows and columns of a tile. */
  static final int TILE = 64;

  /** How far a step goes along the depth. */
  static final int DEPTH = 16;

  /** A thread's rows of a tile, which lie {@link #ROW_STEP} apart. */
  static final int HIGH = 8;

  /** A thread's columns of a tile, which lie {@link #COLUMN_STEP} apart. */
  static final int WIDE = 4;

  static final int ROW_STEP = TILE / HIGH;
  static final int COLUMN_STEP = TILE / WIDE;

  /** How many values of an operand a thread fetches in a step. */
  static final int FETCHES = TILE * DEPTH / GROUP;

  /**
   * How far apart the depths of a tile lie in local memory: so far that 32 threads that store two
   * lines of 16 depths, or that read 32 lines of one depth, do so in 32 banks.
   */
  static final int PITCH = TILE + 2;

  private MatrixKernels() {}

  /**
   * y ← a · b + bias, for a batch of matrices. The depth may be cut into slices, each of which
   * gives a result of its own. Launch: a, b, y, bias or -1, rows, columns, depth, strides of a
   * along its rows and the depth, strides of b along its columns and the depth, stride of y along
   * its rows (along its columns it is 1), slices, a slice's depth, how far apart the slices'
   * results lie, {@link Axes} of the batch with the strides of a, b, y and bias.
   *
   * <p>Work-groups: the tiles along the columns, for each along the rows, for each slice, for each
   * of the batch.
   */
  static void multiplyMatrices(KernelContext context, FloatArray memory, IntArray launch) {
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
    int rows = launch.get(4);
    int columns = launch.get(5);
    int strideA = launch.get(8);
    int strideB = launch.get(10);

    // Which tile it is
    int group = context.groupIdx;
    int tilesX = (columns + TILE - 1) / TILE;
    int tilesY = (rows + TILE - 1) / TILE;
    int firstColumn = group % tilesX * TILE;
    group /= tilesX;
    int firstRow = group % tilesY * TILE;
    group /= tilesY;
    int slice = group % launch.get(12);
    int matrix = group / launch.get(12);
    int start = slice * launch.get(13);
    int end = start + launch.get(13);
    if (end > launch.get(6)) {
      end = launch.get(6);
    }

    int a = launch.get(0);
    int b = launch.get(1);
    int y = launch.get(2) + slice * launch.get(14);
    int bias = launch.get(3);
    int rank = launch.get(15);
    for (int axis = 15 + rank; axis > 15; axis--) {
      int size = launch.get(axis);
      int at = matrix % size;
      matrix /= size;
      a += at * launch.get(axis + rank);
      b += at * launch.get(axis + 2 * rank);
      y += at * launch.get(axis + 3 * rank);
      bias += at * launch.get(axis + 4 * rank);
    }

    // What this thread fetches: neighbours fetch neighbours, be they rows or depths.
    int thread = context.localIdx;
    int lineA = thread / DEPTH;
    int depthA = thread % DEPTH;
    int lineStepA = GROUP / DEPTH;
    int depthStepA = 0;
    if (launch.get(7) < strideA) {
      lineA = thread % TILE;
      depthA = thread / TILE;
      lineStepA = 0;
      depthStepA = GROUP / TILE;
    }
    int lineB = thread / DEPTH;
    int depthB = thread % DEPTH;
    int lineStepB = GROUP / DEPTH;
    int depthStepB = 0;
    if (launch.get(9) < strideB) {
      lineB = thread % TILE;
      depthB = thread / TILE;
      lineStepB = 0;
      depthStepB = GROUP / TILE;
    }
    int placeA = depthA * PITCH + lineA;
    int placeB = depthB * PITCH + lineB;
    int placeStepA = depthStepA * PITCH + lineStepA;
    int placeStepB = depthStepB * PITCH + lineStepB;
    int rowsLeft = rows - firstRow - lineA;
    int columnsLeft = columns - firstColumn - lineB;
    int atA = a + (firstRow + lineA) * launch.get(7) + (start + depthA) * strideA;
    int atB = b + (firstColumn + lineB) * launch.get(9) + (start + depthB) * strideB;
    int stepA = lineStepA * launch.get(7) + depthStepA * strideA;
    int stepB = lineStepB * launch.get(9) + depthStepB * strideB;

    // And what it computes
    int row = thread / COLUMN_STEP;
    int column = thread % COLUMN_STEP;

    // A step's values are on their way while those of the step before are multiplied.
    for (int depth = start; depth < end + DEPTH; depth += DEPTH) {
      for (int i = 0; i < FETCHES; i++) {
        float value = 0;
        if (i * lineStepA < rowsLeft && depth + depthA + i * depthStepA < end) {
          value = memory.get(atA + i * stepA);
        }
        fetched[i] = value;
      }
      for (int i = 0; i < FETCHES; i++) {
        float value = 0;
        if (i * lineStepB < columnsLeft && depth + depthB + i * depthStepB < end) {
          value = memory.get(atB + i * stepB);
        }
        fetched[FETCHES + i] = value;
      }
      atA += DEPTH * strideA;
      atB += DEPTH * strideB;
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
        tileA[placeA + i * placeStepA] = fetched[i];
        tileB[placeB + i * placeStepB] = fetched[FETCHES + i];
      }
      context.localBarrier();
    }

    storeTile(
        memory,
        sums,
        y + (firstRow + row) * launch.get(11) + firstColumn + column,
        launch.get(11),
        rows - firstRow - row,
        columns - firstColumn - column,
        launch.get(3) < 0 ? -1 : bias + firstColumn + column);
  }

  /** Stores a thread's sums, as far as there are rows and columns left, with a bias or without. */
  static void storeTile(
      FloatArray memory, float[] sums, int y, int stride, int rows, int columns, int bias) {
    for (int j = 0; j < WIDE; j++) {
      if (j * COLUMN_STEP < columns) {
        float shift = 0;
        if (bias >= 0) {
          shift = memory.get(bias + j * COLUMN_STEP);
        }
        for (int i = 0; i < HIGH; i++) {
          if (i * ROW_STEP < rows) {
            memory.set(y + i * ROW_STEP * stride + j * COLUMN_STEP, sums[i * WIDE + j] + shift);
          }
        }
      }
    }
  }
}
