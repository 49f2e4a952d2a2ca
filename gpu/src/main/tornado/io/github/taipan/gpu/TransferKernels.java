package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Device code between the device's memory and the arrays that are copied from and to the host. */
final class TransferKernels {
  private TransferKernels() {}

  /** Changes nothing, but has the memory brought to the device. Launch: 0. */
  static void touchMemory(KernelContext context, FloatArray memory, IntArray launch) {
    if (context.globalIdx < launch.get(0)) {
      memory.set(context.globalIdx, memory.get(context.globalIdx) + 1);
    }
  }

  /** memory ← staging. Launch: place in the memory, count. */
  static void storeStaging(
      KernelContext context, FloatArray memory, FloatArray staging, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(1)) {
      memory.set(launch.get(0) + i, staging.get(i));
    }
  }

  /** staging ← memory. Launch: place in the memory, count. */
  static void loadStaging(
      KernelContext context, FloatArray memory, FloatArray staging, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(1)) {
      staging.set(i, memory.get(launch.get(0) + i));
    } else {
      staging.set(i, 0); // an array that a kernel writes in part is not kept
    }
  }
}
