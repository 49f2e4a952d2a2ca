package io.github.taipan.tensor;

import java.util.List;
import java.util.Optional;

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

  /**
   * Opens one of several devices of this kind.
   *
   * @param number counted from 0
   * @throws IllegalArgumentException where there is none of this number
   */
  default Device open(int number, int threads) {
    if (number != 0) {
      throw new IllegalArgumentException(
          "there is one %s device, so no %s:%d".formatted(name(), name(), number));
    }
    return open(threads);
  }

  /** The hardware that this kind of device could use, in words, where its drivers show any. */
  default Optional<String> hardware() {
    return Optional.empty();
  }

  /** What this machine has for this kind of device, and what is missing: lines for people. */
  default List<String> report() {
    return switch (availability()) {
      case Availability.Available() -> {
        try (Device device = open(Runtime.getRuntime().availableProcessors())) {
          yield List.of(device.description());
        }
      }
      case Availability.Unavailable(String reason) -> List.of(name() + ": " + reason);
    };
  }

  /** Whether a device can be used on this machine. */
  sealed interface Availability {
    /** It can. */
    record Available() implements Availability {}

    /** It cannot: one sentence says what is missing and what to do. */
    record Unavailable(String reason) implements Availability {}
  }
}
