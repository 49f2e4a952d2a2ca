package io.github.taipan.gpu;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.testing.ConformanceSuite;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every case on TornadoVM's first device, against the reference. */
@Tag("gpu")
class GpuConformanceTest {
  @Test
  void theGpuAgreesWithTheReference() {
    try (Device device = new TornadoBackend().open(0)) {
      ConformanceSuite.check(device);
    }
  }
}
