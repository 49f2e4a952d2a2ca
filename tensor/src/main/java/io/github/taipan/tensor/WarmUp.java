package io.github.taipan.tensor;

/** Hears how a device makes itself ready: compiles kernels when they are first needed. */
@FunctionalInterface
public interface WarmUp {
  /** Nobody listens. */
  WarmUp UNHEARD = (done, all) -> {};

  /** So many steps are done of all: 0 before the first, all of them when it is ready. */
  void step(int done, int all);
}
