package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Normalization.LayerNorm;
import io.github.taipan.tensor.Normalization.LayerNormGradient;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.ConformanceCases;
import io.github.taipan.tensor.testing.ConformanceSuite;
import io.github.taipan.tensor.testing.FixtureFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationKernelsTest {
  private static final double EPSILON = 1e-5;
  private static final double TOLERANCE = 2e-6;
  private static final long SEED = 32;

  @ParameterizedTest
  @EnumSource
  void conforms(ScanKernelsTest.Loops loops) {
    try (Device device = new CpuDevice(2, loops.kernels)) {
      var cases =
          ConformanceCases.all().stream()
              .filter(c -> c.primitive() instanceof Normalization)
              .toList();
      var results = ConformanceSuite.run(device, cases);
      System.out.print(ConformanceSuite.summary(device, results));
      assertTrue(
          results.stream().allMatch(ConformanceSuite.Result::passed),
          () -> results.stream().filter(r -> !r.passed()).toList().toString());
    }
  }

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

  @ParameterizedTest
  @EnumSource
  void agreesWithPyTorch(ScanKernelsTest.Loops loops) {
    FixtureFile file = FixtureFile.load("op_misc.safetensors");
    int checked = 0;
    try (Device device = new CpuDevice(2, loops.kernels)) {
      for (String name : List.of("withbias", "biasfree", "c1x1", "tiny_variance")) {
        String prefix = "ln_" + name + ".";
        double tolerance = name.equals("tiny_variance") ? 5e-4 : TOLERANCE;
        Tensor x = map(file, prefix + "x", device);
        Tensor weight = map(file, prefix + "w", device);
        boolean bias = file.names().contains(prefix + "b");
        List<Tensor> inputs = new ArrayList<>(List.of(x, weight));
        if (bias) {
          inputs.add(map(file, prefix + "b", device));
        }
        List<Tensor> results = new ArrayList<>(device.run(new LayerNorm(EPSILON), inputs));
        results.addAll(
            device.run(
                new LayerNormGradient(EPSILON, bias),
                List.of(x, weight, map(file, prefix + "dout", device))));
        List<String> names = List.of("out", "d_x", "d_w", "d_b").subList(0, results.size());
        double largest = 0;
        for (int i = 0; i < names.size(); i++) {
          Tensor expected = map(file, prefix + names.get(i), device);
          assertEquals(expected.shape(), results.get(i).shape());
          double error =
              ConformanceSuite.error(expected.toDoubles(), results.get(i).toDoubles());
          assertTrue(error <= tolerance, prefix + names.get(i) + ": error " + error);
          largest = Math.max(largest, error);
          checked++;
        }
        System.out.printf(
            Locale.ROOT, "%s: layer norm %s agrees with PyTorch, largest error %.1e%n", loops, name, largest);
      }
    }
    assertEquals(15, checked);
  }

  /** A fixture's NCHW tensor as an NHWC map; others as they are. */
  private static Tensor map(FixtureFile file, String name, Device device) {
    int[] shape = file.shape(name);
    float[] values = file.values(name);
    if (shape.length < 4) {
      return device.tensor(Shape.of(shape), values);
    }
    int channels = shape[1];
    int pixels = shape[2] * shape[3];
    float[] map = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int row = i / pixels;
      map[(row / channels * pixels + i % pixels) * channels + row % channels] = values[i];
    }
    return device.tensor(Shape.of(shape[0], shape[2], shape[3], channels), map);
  }
}
