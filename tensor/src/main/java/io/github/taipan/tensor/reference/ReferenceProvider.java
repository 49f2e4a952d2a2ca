package io.github.taipan.tensor.reference;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.DeviceProvider;

/** The executable specification runs everywhere, on one thread. */
public final class ReferenceProvider implements DeviceProvider {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Availability availability() {
    return new Availability.Available();
  }

  @Override
  public Device open(int threads) {
    return new ReferenceDevice();
  }
}
