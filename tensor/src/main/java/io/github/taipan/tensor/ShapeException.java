package io.github.taipan.tensor;

/** Says which primitive was given which shapes, and the rule that they break. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** A shape error with its one-sentence explanation. */
  public ShapeException(String message) {
    super(message);
  }
}
