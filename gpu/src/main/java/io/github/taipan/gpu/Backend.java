package io.github.taipan.gpu;

import io.github.taipan.tensor.Device;
import java.util.List;

/** The part of this module that needs TornadoVM: compiled only where its SDK was found. */
interface Backend {
  /**
   * A device that TornadoVM has a driver for.
   *
   * @param name what the driver calls it
   * @param driver the kind of driver: OpenCL, PTX, CUDA
   * @param platform the driver's own name and version
   * @param accelerator whether it is something else than the CPU
   * @param memory in bytes
   */
  record Found(String name, String driver, String platform, boolean accelerator, long memory) {}

  /** All devices, in the order of their numbers. */
  List<Found> devices();

  /**
   * Opens a device.
   *
   * @param number its place in {@link #devices}
   */
  Device open(int number);
}
