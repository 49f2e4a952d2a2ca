package io.github.taipan.gpu;

import io.github.taipan.gpu.KernelQueue.Sequence;
import io.github.taipan.tensor.Prepared;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel launches of a program, run one after the other on tensors that stay on the device. */
final class PreparedLaunches implements Prepared {
  private final KernelQueue queue;
  private final List<KernelLaunch> kernels;
  private final int[] ends;
  private final @Nullable Sequence sequence;

  /** What lies in the memory that the kernels use: held so that it is not given back. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final List<Object> held;

  /**
   * Launches ready to run.
   *
   * @param ends ends[i] kernels finish the program's launch i
   * @param held what lies in the memory that they use
   * @param sequence the same launches where they are to run together
   */
  PreparedLaunches(
      KernelQueue queue,
      List<KernelLaunch> kernels,
      int[] ends,
      List<Object> held,
      @Nullable Sequence sequence) {
    this.queue = queue;
    this.kernels = kernels;
    this.ends = ends;
    this.held = held;
    this.sequence = sequence;
  }

  @Override
  public void run() {
    synchronized (queue) {
      if (sequence == null) {
        queue.run(kernels);
      } else {
        queue.run(sequence);
      }
    }
  }

  @Override
  public int kernels() {
    return kernels.size();
  }

  @Override
  public void time(long[] nanos) {
    synchronized (queue) {
      int next = 0;
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        queue.run(kernels.subList(next, ends[i]));
        next = ends[i];
        nanos[i] += System.nanoTime() - start;
      }
    }
  }
}
