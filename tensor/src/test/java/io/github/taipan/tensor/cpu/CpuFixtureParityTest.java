package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.testing.FixtureParity;
import org.junit.jupiter.api.Nested;

/** Float32 against PyTorch's float64, with vectors and without. */
class CpuFixtureParityTest {
  private abstract static class OnCpu extends FixtureParity {
    OnCpu(Kernels kernels) {
      super(new CpuDevice(2, kernels));
    }

    @Override
    protected double limit(String testedCase) {
      return 2e-6;
    }
  }

  @Nested
  class WithVectors extends OnCpu {
    WithVectors() {
      super(Kernels.vector());
    }
  }

  @Nested
  class Scalar extends OnCpu {
    Scalar() {
      super(Kernels.scalar("for a test"));
    }
  }
}
