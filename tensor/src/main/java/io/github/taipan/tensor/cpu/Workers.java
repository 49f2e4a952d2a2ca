package io.github.taipan.tensor.cpu;

import java.util.function.IntConsumer;

/**
 * Who runs the tasks of a kernel: a {@link WorkerPool} at once, or {@link Phases}, which keeps them
 * to be run again and again. Which thread runs which task is left to chance, so the list of tasks
 * must follow from the shapes alone and each task must write outputs of its own: then results do
 * not depend on the number of threads. For {@link Phases}, all that depends on values has to happen
 * inside tasks.
 */
interface Workers {
  /** So few operations are not worth a second thread. */
  long WORTH_SHARING = 100_000;

  /** A part of a range of indices. */
  interface RangeTask {
    void accept(int from, int to);
  }

  /**
   * The tasks 0 to {@code tasks} − 1, after those of all calls before; on one thread alone if there
   * are few operations.
   */
  void forEach(int tasks, long operations, IntConsumer task);

  /** The same, worth sharing among threads. */
  default void forEach(int tasks, IntConsumer task) {
    forEach(tasks, WORTH_SHARING, task);
  }

  /** A task for each part, {@code grain} long, of the indices 0 to {@code size} − 1. */
  default void forRanges(int size, int grain, RangeTask task) {
    int tasks = Math.ceilDiv(size, grain);
    forEach(tasks, i -> task.accept(i * grain, Math.min(size, (i + 1) * grain)));
  }

  /**
   * An array of at least this length for what one call of {@link #forEach} writes and later ones of
   * the same kernel read. It holds whatever the last user left, and is the next kernel's after
   * that.
   */
  default float[] scratch(Scratch.Use use, int length) {
    return Scratch.floats(use, length);
  }
}
