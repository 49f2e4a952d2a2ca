package io.github.taipan.vmambair.training;

/** Training met a value that is no finite number: where, and at which step. */
public final class DivergedException extends Exception {
  private static final long serialVersionUID = 1L;

  DivergedException(long step, String what, String where) {
    super("step %d: %s is not finite, first in %s".formatted(step, what, where));
  }
}
