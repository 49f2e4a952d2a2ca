package io.github.taipan.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Notes the tasks of kernels, phase after phase, instead of running them. */
final class Phases implements Workers {
  /**
   * Tasks that may run at the same time.
   *
   * @param shared whether they are worth more than one thread
   */
  record Phase(int tasks, boolean shared, IntConsumer task) {
    static Phase of(int tasks, long operations, IntConsumer task) {
      return new Phase(tasks, tasks > 1 && operations >= WORTH_SHARING, task);
    }

    void runAlone() {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
    }
  }

  private final List<Phase> phases = new ArrayList<>();

  /** Not the thread's, as programs that one thread made ready may run at the same time. */
  private final Scratch scratch = new Scratch();

  @Override
  public void forEach(int tasks, long operations, IntConsumer task) {
    if (tasks > 0) {
      phases.add(Phase.of(tasks, operations, task));
    }
  }

  @Override
  public float[] scratch(Scratch.Use use, int length) {
    return scratch.array(use, length);
  }

  /** The number of phases so far. */
  int count() {
    return phases.size();
  }

  /** All phases, in order. */
  Phase[] toArray() {
    return phases.toArray(Phase[]::new);
  }
}
