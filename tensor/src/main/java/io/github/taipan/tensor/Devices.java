package io.github.taipan.tensor;

import io.github.taipan.tensor.DeviceProvider.Availability.Unavailable;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds and opens devices by name. */
public final class Devices {
  /** The name that stands for the CPU, which every machine has. */
  public static final String AUTO = "auto";

  private static final Pattern NAME = Pattern.compile("([a-z]+)(?::(\\d{1,4}))?");

  private Devices() {}

  /** Every kind of device on the class path, by name. */
  public static List<DeviceProvider> providers() {
    return ServiceLoader.load(DeviceProvider.class, Devices.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(DeviceProvider::name))
        .toList();
  }

  /**
   * Opens a device.
   *
   * @param name the name of a provider, with {@code :1} and so on where there are several devices
   *     of its kind, or {@link #AUTO} for the CPU
   * @param threads how many threads of the CPU it may use
   * @throws IllegalArgumentException where the name is unknown or the device unavailable, with what
   *     to do
   */
  public static Device open(String name, int threads) {
    if (name.equals(AUTO)) {
      return open("cpu", threads);
    }
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw unknown(name);
    }
    DeviceProvider provider = provider(parts.group(1));
    if (provider.availability() instanceof Unavailable(String reason)) {
      throw new IllegalArgumentException("device %s is unavailable: %s".formatted(name, reason));
    }
    return provider.open(parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2)), threads);
  }

  private static DeviceProvider provider(String name) {
    return providers().stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "no device is named \"%s\": there are %s, %s"
            .formatted(
                name,
                AUTO,
                providers().stream().map(DeviceProvider::name).collect(Collectors.joining(", "))));
  }
}
