package io.github.taipan.gpu;

import java.util.ArrayList;
import java.util.List;

/** Has TornadoVM compile every kernel for a backend, by running each on nothing. */
final class CompileAll {
  private CompileAll() {}

  /** The first device of a backend. */
  static GpuDevice open(String driver) {
    TornadoBackend backend = new TornadoBackend();
    List<String> drivers = backend.devices().stream().map(Backend.Found::driver).toList();
    return (GpuDevice) backend.open(drivers.indexOf(driver));
  }

  /** {@code CUDA}, {@code PTX} or {@code OPENCL}. */
  public static void main(String[] arguments) {
    try (GpuDevice device = open(arguments[0])) {
      System.out.println(device.description());
      List<KernelLaunch> launches = new ArrayList<>();
      for (Kernel kernel : Kernel.values()) {
        launches.add(kernel.groups(1, 1, 1, new int[Kernel.ARGUMENTS]));
      }
      device.run(launches);
    }
  }
}
