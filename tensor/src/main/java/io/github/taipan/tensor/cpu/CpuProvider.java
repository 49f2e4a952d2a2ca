package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.DeviceProvider;

/** Every machine has a CPU. */
public final class CpuProvider implements DeviceProvider {
  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Availability availability() {
    return new Availability.Available();
  }

  @Override
  public Device open(int threads) {
    return new CpuDevice(threads);
  }
}
