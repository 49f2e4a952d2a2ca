package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What every kernel is given.
 *
 * @param pool runs tasks at once
 * @param workers who runs the kernel's tasks: the pool, or {@link Phases} for later
 * @param kernels the inner loops to use
 * @param constants what stays the same from run to run; null where a kernel runs once
 */
record Context(WorkerPool pool, Workers workers, Kernels kernels, @Nullable Constants constants) {
  /** Whether tasks are kept, to be run again and again. */
  boolean isForLater() {
    return workers != pool;
  }

  /** The constants, if they hold these tensors. */
  @Nullable Constants constantsOf(Iterable<Tensor> tensors) {
    if (constants != null) {
      for (Tensor tensor : tensors) {
        if (!constants.holds(tensor)) {
          return null;
        }
      }
    }
    return constants;
  }

  /** The same, where all is done at once. */
  Context now() {
    return new Context(pool, pool, kernels, null);
  }
}
