package io.github.taipan.nn;

import io.github.taipan.autograd.Variable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Shows the outputs of named modules to an observer while a network runs, as hooks do in PyTorch.
 */
public final class Observation {
  private static final ScopedValue<BiConsumer<String, Variable>> OBSERVER =
      ScopedValue.newInstance();

  private Observation() {}

  /** Runs {@code action}; the observer is called with the name and output of each module. */
  public static <T> T observe(BiConsumer<String, Variable> observer, Supplier<T> action) {
    return ScopedValue.where(OBSERVER, observer).call(action::get);
  }

  /** Called by modules: reports an output to the observer, if there is one, and returns it. */
  public static Variable report(String name, Variable output) {
    report(name, () -> output);
    return output;
  }

  /** The same for a value that is only made where somebody observes. */
  public static void report(String name, Supplier<Variable> output) {
    if (OBSERVER.isBound()) {
      OBSERVER.get().accept(name, output.get());
    }
  }
}
