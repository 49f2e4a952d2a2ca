package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.Update;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.ConformanceSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All CPU kernels that are no products, convolutions, normalisations or scans. */
class CpuElementwiseTest {
  private static final long SEED = 11;

  /** A launch too large for one task, on values from -1 to 1. */
  private record Large(Primitive primitive, List<Shape> shapes) {
    List<Tensor> inputs(Device device) {
      CounterRandom random = CounterRandom.seeded(SEED).split(toString());
      List<Tensor> inputs = new ArrayList<>();
      for (Shape shape : shapes) {
        CounterRandom own = random.split(inputs.size());
        double[] values = new double[shape.elements()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (2 * own.uniform(i) - 1);
        }
        inputs.add(device.tensor(shape, values));
      }
      return inputs;
    }

    double[] on(Device device) {
      return device.run(primitive, inputs(device)).getFirst().toDoubles();
    }
  }

  static Stream<Kernels> kernels() {
    return Stream.of(Kernels.vector(), Kernels.scalar("test"));
  }

  static List<Large> large() {
    Shape map = Shape.of(2, 67, 71, 12);
    Shape wide = Shape.of(3, 5, 9001);
    Resampling.MaxPool pool = new Resampling.MaxPool(3, 2);
    Shape pooled = pool.outputs(List.of(map)).getFirst();
    List<Large> large = new ArrayList<>();
    large.add(new Large(new Unary.Silu(), List.of(map)));
    large.add(new Large(new UnaryGradient(new Unary.Gelu()), List.of(map, map)));
    large.add(new Large(new Binary.Add(), List.of(map, map)));
    large.add(new Large(new Binary.Multiply(), List.of(map, Shape.of(12))));
    large.add(new Large(new Binary.Multiply(), List.of(Shape.of(2, 1, 1, 12), map)));
    large.add(new Large(new Binary.Subtract(), List.of(map, Shape.of(2, 67, 71, 1))));
    large.add(new Large(new Binary.Subtract(), List.of(Shape.of(), map)));
    large.add(new Large(new Binary.Add(), List.of(Shape.of(67, 1, 12), Shape.of(2, 1, 71, 1))));
    large.add(new Large(new Binary.Multiply(), List.of(wide, Shape.of(3, 1, 9001))));
    large.add(new Large(new Binary.Multiply(), List.of(wide, Shape.of(1, 5, 1))));
    for (List<Integer> axes :
        List.of(
            List.of(0, 1, 2, 3),
            List.of(0, 1, 2),
            List.of(1, 2),
            List.of(3),
            List.of(0, 2),
            List.of(1, 3),
            List.of(0))) {
      large.add(new Large(new Reduction.Sum(axes), List.of(map)));
      large.add(new Large(new Reduction.Max(axes), List.of(map)));
    }
    large.add(new Large(new Reduction.Sum(List.of(0, 1)), List.of(wide)));
    large.add(new Large(new Reduction.Sum(List.of(2)), List.of(wide)));
    large.add(new Large(new Layout.Permute(List.of(0, 3, 1, 2)), List.of(map)));
    large.add(new Large(new Layout.Permute(List.of(0, 2, 3, 1)), List.of(map)));
    large.add(new Large(new Layout.Permute(List.of(2, 1, 0)), List.of(wide)));
    large.add(new Large(new Layout.Permute(List.of(3, 1, 0, 2)), List.of(map)));
    large.add(new Large(new Layout.Flip(List.of(1, 2)), List.of(map)));
    large.add(new Large(new Layout.Flip(List.of(3)), List.of(map)));
    large.add(new Large(new Layout.Concat(3), List.of(map, map.with(3, 5), map)));
    large.add(new Large(new Layout.Slice(2, 3, 60), List.of(map)));
    large.add(new Large(new Layout.Pad(2, 7, 9, Layout.Border.REFLECT), List.of(map)));
    large.add(new Large(new Layout.Broadcast(map), List.of(Shape.of(2, 1, 1, 12))));
    large.add(new Large(new Resampling.PixelShuffle(2), List.of(map)));
    large.add(new Large(new Resampling.PixelUnshuffle(2), List.of(Shape.of(2, 68, 70, 12))));
    for (Resampling.Filter filter : Resampling.Filter.values()) {
      Resampling.Resize up = Resampling.Resize.to(filter, map, 130, 150);
      Resampling.Resize down = Resampling.Resize.to(filter, map, 31, 40);
      large.add(new Large(up, List.of(map)));
      large.add(new Large(down, List.of(map)));
      large.add(
          new Large(
              new Resampling.ResizeGradient(up, 67, 71), List.of(map.with(1, 130).with(2, 150))));
      large.add(
          new Large(
              new Resampling.ResizeGradient(down, 67, 71), List.of(map.with(1, 31).with(2, 40))));
    }
    large.add(new Large(new Resampling.AveragePool(3, 2), List.of(map)));
    large.add(new Large(pool, List.of(map)));
    large.add(new Large(new Resampling.MaxPoolGradient(pool), List.of(map, pooled)));
    large.add(new Large(new Update.Average(0.999), List.of(map, map)));
    return large;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void largeShapesAgreeWithTheReference(Kernels kernels) {
    double worst = 0;
    try (CpuDevice device = new CpuDevice(2, kernels);
        ReferenceDevice reference = new ReferenceDevice()) {
      for (Large large : large()) {
        double error = ConformanceSuite.error(large.on(reference), large.on(device));
        assertTrue(error <= 2e-6, large + ": error " + error);
        worst = Math.max(worst, error);
      }
    }
    System.out.printf(
        "%s: %d large launches, largest error %.2g%n",
        kernels.description(), large().size(), worst);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void resultsAreBitEqualAtAnyNumberOfThreads(Kernels kernels) {
    for (Large large : large()) {
      double[] expected;
      try (CpuDevice device = new CpuDevice(1, kernels)) {
        expected = large.on(device);
      }
      for (int threads : new int[] {2, 3, 8}) {
        try (CpuDevice device = new CpuDevice(threads, kernels)) {
          assertArrayEquals(expected, large.on(device), large + " on " + threads);
        }
      }
    }
  }

  /** A million values of one sign and of both, whose sums must not lose digits to their number. */
  @ParameterizedTest
  @MethodSource("kernels")
  void aMillionValuesAreSummedToFloatPrecision(Kernels kernels) {
    CounterRandom random = CounterRandom.seeded(SEED);
    float[] values = new float[1_000_003];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.uniform(i);
      sum += values[i];
    }
    try (CpuDevice device = new CpuDevice(2, kernels)) {
      Tensor x = device.tensor(Shape.of(values.length), values);
      assertEquals(sum, device.run(new Reduction.Sum(List.of(0)), x).item(), 2e-7 * sum);
      Tensor centred = device.run(new Unary.Affine(1, -0.5), x);
      double expected = 0;
      for (double value : centred.toDoubles()) {
        expected += value;
      }
      double total = 0.25 * values.length;
      assertEquals(
          expected, device.run(new Reduction.Sum(List.of(0)), centred).item(), 2e-9 * total);
    }
  }

  /** Every function over its whole range, each value to a relative precision of its own. */
  @Test
  void functionsKeepTheirRelativePrecision() {
    relative(new Unary.Exp(), -86, 88.7, 3e-7);
    relative(new Unary.Log(), 1e-44, 1e-37, 3e-7);
    relative(new Unary.Log(), 1e-3, 3, 5e-7);
    relative(new Unary.Log(), 3, 1e30, 3e-7);
    relative(new Unary.Sigmoid(), -80, 30, 5e-7);
    relative(new Unary.Silu(), -80, 30, 5e-7);
    relative(new Unary.Softplus(), -80, 19.9, 5e-7);
    relative(new Unary.Softplus(), 20.1, 1e30, 0);
    relative(new Unary.Tanh(), -10, 10, 3e-7);
    relative(new Unary.Tanh(), -1e-3, 1e-3, 3e-7);
    relative(new Unary.Gelu(), -3, 20, 1e-6);
    relative(new Unary.Gelu(), -10, -3, 5e-6);
  }

  private static void relative(Unary function, double low, double high, double tolerance) {
    int count = 100_003;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (low + (high - low) * i / (count - 1));
    }
    double worst = 0;
    try (CpuDevice device = new CpuDevice(1, Kernels.vector());
        ReferenceDevice reference = new ReferenceDevice()) {
      Shape shape = Shape.of(count);
      double[] expected = reference.run(function, reference.tensor(shape, values)).toDoubles();
      double[] actual = device.run(function, device.tensor(shape, values)).toDoubles();
      for (int i = 0; i < count; i++) {
        // Below the smallest normal number there is no relative precision.
        double difference = Math.abs(actual[i] - expected[i]);
        worst = Math.max(worst, difference / Math.max(Math.abs(expected[i]), Float.MIN_NORMAL));
      }
    }
    System.out.printf("%s from %g to %g: relative error %.2g%n", function, low, high, worst);
    assertTrue(worst <= tolerance, function + " has a relative error of " + worst);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void limitsAreTheMathematicalOnes(Kernels kernels) {
    float infinity = Float.POSITIVE_INFINITY;
    try (CpuDevice device = new CpuDevice(1, kernels)) {
      expect(device, new Unary.Exp(), -infinity, 0, 89, infinity, infinity, infinity);
      expect(device, new Unary.Log(), 0, -infinity, -1, Float.NaN, infinity, infinity);
      expect(device, new Unary.Sigmoid(), -infinity, 0, infinity, 1, 1000, 1);
      expect(device, new Unary.Silu(), -1000, 0, infinity, infinity, 0, 0);
      expect(device, new Unary.Gelu(), -1000, 0, infinity, infinity, 0, 0);
      expect(device, new Unary.Softplus(), -infinity, 0, infinity, infinity, 21, 21);
      expect(device, new Unary.Tanh(), -infinity, -1, infinity, 1, 0, 0);
      List<Unary> functions =
          List.of(
              new Unary.Exp(),
              new Unary.Log(),
              new Unary.Sqrt(),
              new Unary.Sigmoid(),
              new Unary.Silu(),
              new Unary.Gelu(),
              new Unary.Softplus(),
              new Unary.Tanh(),
              new Unary.Abs(),
              new Unary.Affine(2, 1),
              new Unary.LeakyRelu(0.2),
              new Unary.Clamp(-1, 1));
      for (Unary function : functions) {
        expect(device, function, Float.NaN, Float.NaN);
      }
    }
  }

  private static void expect(Device device, Unary function, float... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      Tensor x = device.tensor(Shape.of(1), pairs[i]);
      double y = device.run(function, x).item() + 0.0; // -0 is 0
      assertEquals(pairs[i + 1], y, function + " of " + pairs[i]);
    }
  }
}
