package io.github.taipan.autograd;

import java.lang.ScopedValue.CallableOp;

/**
 * A scope in which nothing is recorded: results are constants and inputs are not kept alive. It
 * holds for the thread that opens it; a thread started inside opens its own.
 */
public final class NoGradient {
  private static final ScopedValue<Boolean> ACTIVE = ScopedValue.newInstance();

  private NoGradient() {}

  /** The result of the operation, computed without recording. */
  public static <R, X extends Throwable> R call(CallableOp<? extends R, X> operation) throws X {
    return ScopedValue.where(ACTIVE, true).call(operation);
  }

  /** Runs the operation without recording. */
  public static void run(Runnable operation) {
    ScopedValue.where(ACTIVE, true).run(operation);
  }

  /** Whether the current thread is inside such a scope. */
  public static boolean active() {
    return ACTIVE.orElse(false);
  }

  /** Records again inside the scope: for what a backward pass computes anew. */
  static <R, X extends Throwable> R suspend(CallableOp<? extends R, X> operation) throws X {
    return ScopedValue.where(ACTIVE, false).call(operation);
  }
}
