package io.github.taipan.gpu;

import io.github.taipan.tensor.testing.FixtureParity;
import org.junit.jupiter.api.Tag;

/** Float32 on TornadoVM's first device against PyTorch's float64. */
@Tag("gpu")
class GpuFixtureParityTest extends FixtureParity {
  GpuFixtureParityTest() {
    super(new TornadoBackend().open(0));
  }

  @Override
  protected double limit(String testedCase) {
    return 2e-6;
  }
}
