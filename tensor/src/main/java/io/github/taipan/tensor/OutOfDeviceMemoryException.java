package io.github.taipan.tensor;

/**
 * A device's own memory has no room for a tensor. Work on less at a time: smaller tiles, patches or
 * batches.
 */
public final class OutOfDeviceMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says how much was wanted and how much there is. */
  public OutOfDeviceMemoryException(String message) {
    super(message);
  }
}
