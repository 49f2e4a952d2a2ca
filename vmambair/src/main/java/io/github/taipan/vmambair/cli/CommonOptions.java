package io.github.taipan.vmambair.cli;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import picocli.CommandLine.Option;

/** Options that every command has. */
final class CommonOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads to compute on (default: all cores)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "auto, cpu, reference or gpu (default: ${DEFAULT-VALUE})")
  private String device = Devices.AUTO;

  @Option(names = "--quiet", description = "print results and errors alone")
  private boolean quiet;

  @Option(names = "--verbose", description = "show where an error comes from")
  private boolean verbose;

  boolean verbose() {
    return verbose;
  }

  boolean quiet() {
    return quiet;
  }

  int threads() {
    return threads;
  }

  /** Opens the device that was asked for. */
  Device open() {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("--threads is from 1 to 1024, got " + threads);
    }
    return Devices.open(device, threads);
  }
}
