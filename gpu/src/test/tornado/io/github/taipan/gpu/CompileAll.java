package io.github.taipan.gpu;

import java.util.ArrayList;
import java.util.List;

/** Has TornadoVM compile every kernel for a backend, by running each on nothing. */
final class CompileAll {
  private CompileAll() {}

  /** {@code CUDA}, {@code PTX} or {@code OPENCL}. */
  public static void main(String[] arguments) {
    TornadoBackend backend = new TornadoBackend();
    int number =
        backend.devices().stream().map(Backend.Found::driver).toList().indexOf(arguments[0]);
    try (GpuDevice device = (GpuDevice) backend.open(number)) {
      System.out.println(device.description());
      List<KernelLaunch> launches = new ArrayList<>();
      for (Kernel kernel : Kernel.values()) {
        launches.add(kernel.groups(1, 1, 1, new int[Kernel.ARGUMENTS]));
      }
      device.run(launches);
    }
  }
}
