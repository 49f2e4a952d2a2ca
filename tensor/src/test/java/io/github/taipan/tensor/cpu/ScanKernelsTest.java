package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Scan.ProjectedScan;
import io.github.taipan.tensor.Scan.SelectiveScan;
import io.github.taipan.tensor.Scan.SelectiveScanGradient;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.ConformanceSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScanKernelsTest {
  private static final double TOLERANCE = 2e-6;
  private static final long SEED = 31;
  private static final List<ScanPath> FOUR = List.of(ScanPath.values());
  private static final List<ScanPath> BOTH = List.of(ScanPath.ROWS, ScanPath.ROWS_REVERSED);

  /** The two kinds of inner loops. */
  enum Loops {
    VECTOR(Kernels.vector()),
    SCALAR(Kernels.scalar("tested"));

    final Kernels kernels;

    Loops(Kernels kernels) {
      this.kernels = kernels;
    }
  }

  /** A scan over several tiles of pixels and slices of channels. */
  record Large(List<ScanPath> paths, Shape map, int groups, int states) {
    SelectiveScan forward() {
      return new SelectiveScan(paths, groups, true);
    }

    SelectiveScanGradient gradient() {
      return new SelectiveScanGradient(paths, groups, true);
    }

    /** u, delta, A, B, C, D, bias and the upstream gradient. */
    List<Tensor> inputs(Device device) {
      int all = paths.size() * map.size(3);
      Shape weights = map.with(3, paths.size() * groups * states);
      List<Tensor> inputs = new ArrayList<>();
      inputs.add(uniform(device, map, -1, 1, 0));
      inputs.add(uniform(device, map.with(3, all), -4, 1, 1));
      inputs.add(uniform(device, Shape.of(all, states), -16, -0.1, 2));
      inputs.add(uniform(device, weights, -1, 1, 3));
      inputs.add(uniform(device, weights, -1, 1, 4));
      inputs.add(uniform(device, Shape.of(all), 0, 1, 5));
      inputs.add(uniform(device, Shape.of(all), -1, 1, 6));
      inputs.add(uniform(device, map, -1, 1, 7));
      return inputs;
    }

    /** y, then the seven gradients. */
    List<Tensor> run(Device device) {
      List<Tensor> inputs = inputs(device);
      List<Tensor> results = new ArrayList<>(device.run(forward(), inputs.subList(0, 7)));
      results.addAll(device.run(gradient(), inputs));
      return results;
    }
  }

  private static Tensor uniform(Device device, Shape shape, double low, double high, int stream) {
    CounterRandom random = CounterRandom.seeded(SEED).split(stream);
    double[] values = new double[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (high - low) * random.uniform(i));
    }
    return device.tensor(shape, values);
  }

  static List<Large> large() {
    return List.of(
        new Large(FOUR, Shape.of(1, 23, 29, 48), 1, 16),
        new Large(FOUR, Shape.of(1, 5, 9, 7), 1, 16),
        new Large(FOUR, Shape.of(3, 17, 8, 70), 2, 16),
        new Large(FOUR, Shape.of(9, 9, 8, 33), 1, 5),
        new Large(BOTH, Shape.of(2, 1, 384, 1), 1, 16),
        new Large(BOTH, Shape.of(1, 1, 192, 4), 1, 16),
        new Large(List.of(ScanPath.COLUMNS_REVERSED), Shape.of(1, 129, 2, 101), 1, 17));
  }

  @ParameterizedTest
  @MethodSource("large")
  void agreesWithTheReference(Large large) {
    List<Tensor> expected = large.run(new ReferenceDevice());
    for (Loops loops : Loops.values()) {
      try (Device device = new CpuDevice(2, loops.kernels)) {
        List<Tensor> actual = large.run(device);
        for (int i = 0; i < expected.size(); i++) {
          double error =
              ConformanceSuite.error(expected.get(i).toDoubles(), actual.get(i).toDoubles());
          assertTrue(error <= TOLERANCE, loops + ", result " + i + ": error " + error);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("large")
  void isBitEqualAtAnyNumberOfThreads(Large large) {
    List<Tensor> expected = large.run(new CpuDevice(1));
    for (int threads : new int[] {2, 3, 8}) {
      try (Device device = new CpuDevice(threads)) {
        List<Tensor> actual = large.run(device);
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(expected.get(i).toFloats(), actual.get(i).toFloats(), "result " + i);
        }
      }
    }
  }

  /**
   * Columns are rows of the transposed map, and a reversed path is the path over reversed pixels.
   */
  @ParameterizedTest
  @EnumSource
  void pathsAreOrdersOfThePixels(ScanPath path) {
    int height = 5;
    int width = 31;
    Large walked = new Large(List.of(path), Shape.of(1, height, width, 11), 1, 16);
    Large plain = new Large(List.of(ScanPath.ROWS), Shape.of(1, 1, height * width, 11), 1, 16);
    boolean columns = path == ScanPath.COLUMNS || path == ScanPath.COLUMNS_REVERSED;
    boolean reversed = path == ScanPath.ROWS_REVERSED || path == ScanPath.COLUMNS_REVERSED;
    int[] order = new int[height * width];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int step = columns ? column * height + row : row * width + column;
        order[reversed ? order.length - 1 - step : step] = row * width + column;
      }
    }
    try (CpuDevice device = new CpuDevice(2)) {
      List<Tensor> maps = walked.inputs(device);
      List<Tensor> sequences = new ArrayList<>();
      for (Tensor map : maps) {
        sequences.add(map.shape().rank() == 4 ? reorder(map, order) : map);
      }
      Tensor y = device.run(walked.forward(), maps.subList(0, 7)).getFirst();
      Tensor expected = device.run(plain.forward(), sequences.subList(0, 7)).getFirst();
      assertArrayEquals(expected.toFloats(), reorder(y, order).toFloats());
      List<Tensor> gradients = device.run(walked.gradient(), maps);
      List<Tensor> wanted = device.run(plain.gradient(), sequences);
      for (int i = 0; i < gradients.size(); i++) {
        Tensor gradient = gradients.get(i);
        assertArrayEquals(
            wanted.get(i).toFloats(),
            (gradient.shape().rank() == 4 ? reorder(gradient, order) : gradient).toFloats());
      }
    }
  }

  /** Step sizes made within the scan are those that the convolution makes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 24})
  void aProjectedScanEqualsConvolutionAndScan(int rank) {
    for (Large large : large().subList(0, 4)) {
      for (Loops loops : Loops.values()) {
        try (CpuDevice device = new CpuDevice(2, loops.kernels)) {
          List<Tensor> inputs = new ArrayList<>(large.inputs(device).subList(0, 7));
          ProjectedScan scan = new ProjectedScan(large.paths, large.groups, true);
          Shape weight = Shape.of(inputs.get(1).shape().size(3), rank, 1, 1);
          Tensor low = uniform(device, large.map.with(3, large.paths.size() * rank), -1, 1, 8);
          Tensor raise = uniform(device, weight, -1, 1, 9);
          inputs.set(1, device.run(scan.projection(), low, raise));
          Tensor expected = device.run(large.forward(), inputs).getFirst();
          inputs.set(1, raise);
          inputs.add(1, low);
          Tensor actual = device.run(scan, inputs).getFirst();
          assertArrayEquals(expected.toFloats(), actual.toFloats(), loops + " " + large);
        }
      }
    }
  }

  private static Tensor reorder(Tensor map, int[] order) {
    int channels = map.shape().size(3);
    float[] from = map.toFloats();
    float[] to = new float[from.length];
    for (int l = 0; l < order.length; l++) {
      System.arraycopy(from, order[l] * channels, to, l * channels, channels);
    }
    return map.device().tensor(Shape.of(1, 1, order.length, channels), to);
  }

  @Test
  void exp2IsPreciseAndSafe() {
    CounterRandom random = CounterRandom.seeded(SEED);
    float[] x = new float[1 << 16];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (-120 + 240 * random.uniform(i));
    }
    double worst = 0;
    float[] y = exp2(x, 1.01f);
    for (int i = 0; i < x.length; i++) {
      worst = Math.max(worst, Math.abs(y[i] / Math.pow(2, x[i] * (double) 1.01f) - 1));
    }
    System.out.printf(Locale.ROOT, "exp2: largest relative error %.2g, seed %d%n", worst, SEED);
    assertTrue(worst < 2.5e-7);
    assertEquals(1, exp2(new float[VectorWidth.LANES], 3)[0]);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) -Math.pow(2, 7 + 15 * random.uniform(i));
    }
    for (float value : exp2(x, 1)) {
      assertTrue(value > 0 && value < 1e-37);
    }
  }

  private static float[] exp2(float[] x, float factor) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i += VectorWidth.LANES) {
      VectorScan.exp2(
              FloatVector.fromArray(VectorWidth.SPECIES, x, i),
              FloatVector.broadcast(VectorWidth.SPECIES, factor))
          .intoArray(y, i);
    }
    return y;
  }

  @Test
  void softplusAndItsSlopeArePrecise() {
    CounterRandom random = CounterRandom.seeded(SEED);
    float[] x = new float[1 << 16];
    float[] softplus = new float[x.length];
    float[] slope = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (-80 + 120 * random.uniform(i));
    }
    for (int i = 0; i < x.length; i += VectorWidth.LANES) {
      FloatVector values = FloatVector.fromArray(VectorWidth.SPECIES, x, i);
      VectorScan.softplus(values).intoArray(softplus, i);
      VectorScan.sigmoid(values).intoArray(slope, i);
    }
    for (int i = 0; i < x.length; i++) {
      double z = Math.exp(x[i]);
      assertEquals(1, softplus[i] / Math.log1p(z), 2e-6, "softplus of " + x[i]);
      assertEquals(1, slope[i] / (z / (1 + z)), 2e-6, "slope at " + x[i]);
    }
  }

  /** Rates and step sizes far beyond what training makes, against the reference. */
  @ParameterizedTest
  @EnumSource
  void extremeDecaysAreSafe(Loops loops) {
    Large small = new Large(List.of(ScanPath.ROWS), Shape.of(1, 3, 5, 9), 1, 4);
    float[] rates = {-1e-30f, -1, -1e4f, -1e6f};
    List<Tensor> expected = extreme(small, rates, new ReferenceDevice());
    try (CpuDevice device = new CpuDevice(1, loops.kernels)) {
      List<Tensor> actual = extreme(small, rates, device);
      for (int i = 0; i < expected.size(); i++) {
        double error =
            ConformanceSuite.error(expected.get(i).toDoubles(), actual.get(i).toDoubles());
        assertTrue(error <= TOLERANCE, "result " + i + ": error " + error);
      }
      for (float value :
          extreme(small, new float[] {-1e30f, 1, 1e8f, 1e30f}, device).getFirst().toFloats()) {
        assertTrue(!(value < 0), "growth keeps the sign: " + value);
      }
    }
  }

  /** Steps from 0 to 500, and all other inputs positive. */
  private static List<Tensor> extreme(Large large, float[] rates, Device device) {
    List<Tensor> inputs = large.inputs(device);
    for (int i : new int[] {0, 3, 4, 5, 7}) {
      inputs.set(i, uniform(device, inputs.get(i).shape(), 0, 1, i));
    }
    inputs.set(1, uniform(device, inputs.get(1).shape(), -100, 500, 1));
    Shape shape = inputs.get(2).shape();
    float[] a = new float[shape.elements()];
    for (int i = 0; i < a.length; i++) {
      a[i] = rates[i / large.states() % rates.length];
    }
    inputs.set(2, device.tensor(shape, a));
    List<Tensor> results = new ArrayList<>(device.run(large.forward(), inputs.subList(0, 7)));
    results.addAll(device.run(large.gradient(), inputs));
    return results;
  }

  @ParameterizedTest
  @EnumSource
  void notANumberInAnyInputReachesTheResult(Loops loops) {
    Large small = new Large(List.of(ScanPath.ROWS), Shape.of(1, 2, 3, 9), 1, 4);
    try (CpuDevice device = new CpuDevice(1, loops.kernels)) {
      for (int i = 0; i < 7; i++) {
        List<Tensor> inputs = small.inputs(device);
        float[] values = inputs.get(i).toFloats();
        values[0] = Float.NaN;
        device.write(inputs.get(i), values);
        float[] y = device.run(small.forward(), inputs.subList(0, 7)).getFirst().toFloats();
        assertTrue(Float.isNaN(y[0]), "input " + i);
      }
    }
  }
}
