package io.github.taipan.tensor;

/**
 * A kind of device, found through {@link java.util.ServiceLoader}: it says whether this machine has
 * one, and opens it. Asking is cheap and never throws.
 */
public interface DeviceProvider {
  /** The name used on the command line: {@code cpu}, {@code reference}, {@code gpu}. */
  String name();

  /** Whether {@link #open} will work here. */
  Availability availability();

  /**
   * Opens the device.
   *
   * @param threads how many threads of the CPU it may use; a device without such ignores it
   * @throws IllegalStateException with the reason where the device is unavailable
   */
  Device open(int threads);

  /** Whether a device can be used on this machine. */
  sealed interface Availability {
    /** It can. */
    record Available() implements Availability {}

    /** It cannot: one sentence says what is missing and what to do. */
    record Unavailable(String reason) implements Availability {}
  }
}
