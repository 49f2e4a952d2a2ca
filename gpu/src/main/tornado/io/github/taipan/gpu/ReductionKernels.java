package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Device code of reductions, in two fixed stages: threads reduce slices of what is to be reduced,
 * and a work-group reduces the results of the slices. Which values meet in which order follows from
 * the shapes alone.
 */
final class ReductionKernels {
  static final int SUM = 0;
  static final int MAX = 1;
  static final int COUNT = 2;

  /** Threads of a group in {@link #reduceGroups}. */
  static final int GROUP = 128;

  private ReductionKernels() {}

  /**
   * The first stage, one thread per output and slice: slice s reduces elements s, s + slices, s + 2
   * slices ... Launch: operation, x, partial results {@code [outputs, slices]}, outputs, slices,
   * count of elements to reduce, whether neighbouring threads have neighbouring slices rather than
   * outputs, maxima (for COUNT: how many elements equal the output's maximum), then {@link Axes} of
   * the outputs and {@link Axes} of the elements, both with the strides of x.
   */
  static void reduceSlices(KernelContext context, FloatArray memory, IntArray launch) {
    int thread = context.globalIdx;
    int outputs = launch.get(3);
    int slices = launch.get(4);
    if (thread < outputs * slices) {
      int operation = launch.get(0);
      int output = launch.get(6) != 0 ? thread / slices : thread % outputs;
      int slice = launch.get(6) != 0 ? thread % slices : thread / outputs;
      int rank = launch.get(8);
      int inner = 9 + 2 * rank;
      int start = launch.get(1) + offset(launch, 8, output);
      float sum = 0;
      if (operation == MAX) {
        sum = memory.get(start + offset(launch, inner, slice));
      }
      for (int i = slice; i < launch.get(5); i += slices) {
        float x = memory.get(start + offset(launch, inner, i));
        if (operation == MAX) {
          sum = TornadoMath.max(sum, x);
        } else if (operation == SUM) {
          sum += x;
        } else if (x == memory.get(launch.get(7) + output)) {
          sum += 1;
        }
      }
      memory.set(launch.get(2) + output * slices + slice, sum);
    }
  }

  /**
   * The second stage, one work-group per output. Launch: operation (SUM or MAX), partial results
   * {@code [outputs, slices]}, y, slices.
   */
  static void reduceGroups(KernelContext context, FloatArray memory, IntArray launch) {
    float[] shared = context.allocateFloatLocalArray(GROUP);
    int thread = context.localIdx;
    int operation = launch.get(0);
    int slices = launch.get(3);
    int start = launch.get(1) + context.groupIdx * slices;
    float sum = 0;
    if (operation == MAX) {
      sum = memory.get(start);
    }
    for (int i = thread; i < slices; i += GROUP) {
      float x = memory.get(start + i);
      if (operation == MAX) {
        sum = TornadoMath.max(sum, x);
      } else {
        sum += x;
      }
    }
    shared[thread] = sum;
    for (int half = GROUP / 2; half > 0; half /= 2) {
      context.localBarrier();
      if (thread < half) {
        if (operation == MAX) {
          shared[thread] = TornadoMath.max(shared[thread], shared[thread + half]);
        } else {
          shared[thread] = shared[thread] + shared[thread + half];
        }
      }
    }
    if (thread == 0) {
      memory.set(launch.get(2) + context.groupIdx, shared[0]);
    }
  }

  /**
   * The gradient of a maximum. Launch: x, maxima, their gradient, how often each occurs, dx, count,
   * {@link Axes} of x with the strides of the maxima.
   */
  static void spreadMaxima(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(5)) {
      int at = offset(launch, 6, i);
      float dx = 0;
      if (memory.get(launch.get(0) + i) == memory.get(launch.get(1) + at)) {
        dx = memory.get(launch.get(2) + at) / memory.get(launch.get(3) + at);
      }
      memory.set(launch.get(4) + i, dx);
    }
  }

  /** The offset of element i of {@link Axes} that start at a place in the launch array. */
  static int offset(IntArray launch, int axes, int i) {
    int rank = launch.get(axes);
    int offset = 0;
    int rest = i;
    for (int axis = rank; axis > 0; axis--) {
      int size = launch.get(axes + axis);
      offset += rest % size * launch.get(axes + rank + axis);
      rest /= size;
    }
    return offset;
  }
}
