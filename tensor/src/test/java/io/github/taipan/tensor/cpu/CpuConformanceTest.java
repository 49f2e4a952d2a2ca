package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.testing.ConformanceCase;
import io.github.taipan.tensor.testing.ConformanceCases;
import io.github.taipan.tensor.testing.ConformanceSuite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every case on the CPU device, with vectors and without, against the reference. */
class CpuConformanceTest {
  private static CpuDevice device(int threads, boolean vectors) {
    return new CpuDevice(threads, vectors ? Kernels.vector() : Kernels.scalar("for a test"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theCpuAgreesWithTheReference(boolean vectors) {
    try (Device device = device(2, vectors)) {
      ConformanceSuite.check(device);
    }
  }

  /** Also into outputs that hold something else, as buffers that are used again do. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resultsAreTheSameBitsAtAnyNumberOfThreads(boolean vectors) {
    try (Device one = device(1, vectors);
        Device three = device(3, vectors)) {
      List<String> different = new ArrayList<>();
      for (ConformanceCase tested : ConformanceCases.all()) {
        List<Tensor> expected = one.run(tested.primitive(), tested.inputs(one));
        List<Tensor> actual = ConformanceSuite.executeOverOldValues(tested, three);
        for (int i = 0; i < expected.size(); i++) {
          if (!Arrays.equals(expected.get(i).toFloats(), actual.get(i).toFloats())) {
            different.add("output " + i + " of " + tested.name());
          }
        }
      }
      assertEquals(List.of(), different);
    }
  }
}
