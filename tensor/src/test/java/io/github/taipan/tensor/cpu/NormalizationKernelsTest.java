package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Normalization.LayerNorm;
import io.github.taipan.tensor.Normalization.LayerNormGradient;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.ConformanceSuite;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationKernelsTest {
  private static final double EPSILON = 1e-5;
  private static final double TOLERANCE = 2e-6;
  private static final long SEED = 32;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 48, 127, 384})
  void agreesWithTheReferenceOnManyRows(int channels) {
    List<Tensor> expected = run(new ReferenceDevice(), channels);
    for (ScanKernelsTest.Loops loops : ScanKernelsTest.Loops.values()) {
      try (Device device = new CpuDevice(2, loops.kernels)) {
        List<Tensor> actual = run(device, channels);
        for (int i = 0; i < expected.size(); i++) {
          double error =
              ConformanceSuite.error(expected.get(i).toDoubles(), actual.get(i).toDoubles());
          assertTrue(error <= TOLERANCE, loops + ", result " + i + ": error " + error);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 48, 127})
  void isBitEqualAtAnyNumberOfThreads(int channels) {
    List<Tensor> expected = run(new CpuDevice(1), channels);
    for (int threads : new int[] {2, 3, 8}) {
      try (Device device = new CpuDevice(threads)) {
        List<Tensor> actual = run(device, channels);
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(expected.get(i).toFloats(), actual.get(i).toFloats(), "result " + i);
        }
      }
    }
  }

  /** Both variants and their gradients, over several slabs of rows. */
  private static List<Tensor> run(Device device, int channels) {
    Shape map = Shape.of(3, 31, 37, channels);
    Tensor x = uniform(device, map, 0);
    Tensor weight = uniform(device, Shape.of(channels), 1);
    Tensor bias = uniform(device, Shape.of(channels), 2);
    Tensor upstream = uniform(device, map, 3);
    List<Tensor> results = new ArrayList<>();
    results.add(device.run(new LayerNorm(EPSILON), x, weight, bias));
    results.add(device.run(new LayerNorm(EPSILON), x, weight));
    for (boolean withBias : new boolean[] {true, false}) {
      LayerNormGradient gradient = new LayerNormGradient(EPSILON, withBias);
      List<Tensor> gradients = device.run(gradient, List.of(x, weight, upstream));
      // One channel is its own mean: its gradient is 0 but for rounding.
      results.addAll(channels == 1 ? gradients.subList(1, gradients.size()) : gradients);
    }
    return results;
  }

  private static Tensor uniform(Device device, Shape shape, int stream) {
    CounterRandom random = CounterRandom.seeded(SEED).split(stream);
    double[] values = new double[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.uniform(i) - 1);
    }
    return device.tensor(shape, values);
  }
}
