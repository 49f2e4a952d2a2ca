package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Convolution.Conv2dInputGradient;
import io.github.taipan.tensor.Convolution.Conv2dWeightGradient;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.ConformanceSuite;
import java.util.ArrayList;
import java.util.List;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionKernelsTest {
  private static final double TOLERANCE = 2e-6;
  private static final CounterRandom RANDOM = CounterRandom.seeded(25);

  /** A launch large enough to be cut into blocks and tasks. */
  record Large(Primitive primitive, List<Shape> inputs) {
    static Large of(Primitive primitive, Shape... inputs) {
      return new Large(primitive, List.of(inputs));
    }

    List<Tensor> run(Device device) {
      List<Tensor> tensors = new ArrayList<>();
      for (Shape shape : inputs) {
        double[] values = new double[shape.elements()];
        CounterRandom random = RANDOM.split(tensors.size());
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (2 * random.uniform(i) - 1);
        }
        tensors.add(device.tensor(shape, values));
      }
      return device.run(primitive, tensors);
    }
  }

  static List<Large> large() {
    List<Large> all = new ArrayList<>();
    add(all, 1, 0, 1, Shape.of(1, 33, 31, 48), Shape.of(254, 48, 1, 1));
    add(all, 1, 0, 1, Shape.of(2, 16, 16, 127), Shape.of(48, 127, 1, 1));
    add(all, 1, 0, 4, Shape.of(1, 40, 37, 12), Shape.of(384, 3, 1, 1));
    add(all, 1, 0, 1, Shape.of(1, 8, 8, 384), Shape.of(521, 384, 1, 1));
    add(all, 1, 1, 1, Shape.of(1, 45, 43, 48), Shape.of(50, 48, 3, 3));
    add(all, 1, 1, 1, Shape.of(1, 64, 64, 3), Shape.of(48, 3, 3, 3));
    add(all, 1, 1, 1, Shape.of(2, 40, 40, 33), Shape.of(3, 33, 3, 3));
    add(all, 1, 1, 1, Shape.of(1, 8, 8, 200), Shape.of(96, 200, 3, 3));
    add(all, 2, 1, 2, Shape.of(1, 33, 35, 40), Shape.of(36, 20, 4, 4));
    add(all, 1, 1, 127, Shape.of(2, 31, 37, 127), Shape.of(127, 1, 3, 3));
    add(all, 2, 2, 33, Shape.of(1, 41, 37, 33), Shape.of(33, 1, 5, 5));
    all.add(Large.of(new MatrixProduct(false, false), Shape.of(201, 667), Shape.of(667, 149)));
    all.add(Large.of(new MatrixProduct(true, true), Shape.of(341, 203), Shape.of(97, 341)));
    all.add(Large.of(new MatrixProduct(false, true), Shape.of(3, 70, 61), Shape.of(149, 61)));
    return all;
  }

  private static void add(
      List<Large> all, int stride, int padding, int groups, Shape x, Shape weight) {
    Conv2d forward = new Conv2d(stride, padding, groups);
    Shape y = forward.outputs(List.of(x, weight)).getFirst();
    all.add(Large.of(forward, x, weight, Shape.of(weight.size(0))));
    all.add(
        Large.of(
            new Conv2dInputGradient(stride, padding, groups, x.size(1), x.size(2)), y, weight));
    all.add(
        Large.of(
            new Conv2dWeightGradient(stride, padding, groups, weight.size(2), weight.size(3)),
            x,
            y));
  }

  @ParameterizedTest
  @MethodSource("large")
  void agreesWithTheReferenceWithAllKindsOfLoops(Large large) {
    List<Tensor> expected = large.run(new ReferenceDevice());
    for (Kernels kernels : kernels()) {
      try (Device device = new CpuDevice(2, kernels)) {
        List<Tensor> actual = large.run(device);
        assertClose(expected.getFirst().toDoubles(), actual.getFirst().toDoubles(), large, device);
      }
    }
  }

  /** The scalar loops, and vectors with each of the tiles, whatever the machine would take. */
  private static List<Kernels> kernels() {
    return List.of(
        Kernels.scalar("tested"), vector(new VectorGemm()), vector(new WideVectorGemm()));
  }

  private static Kernels vector(GemmKernel gemm) {
    Kernels vector = Kernels.vector();
    return new Kernels(
        gemm.getClass().getSimpleName(),
        gemm,
        vector.depthwise(),
        vector.unary(),
        vector.rows(),
        vector.scan(),
        vector.normalization());
  }

  @ParameterizedTest
  @MethodSource("large")
  void isBitEqualAtAnyNumberOfThreads(Large large) {
    float[] expected = large.run(new CpuDevice(1)).getFirst().toFloats();
    for (int threads : new int[] {2, 3, 8}) {
      try (Device device = new CpuDevice(threads)) {
        assertArrayEquals(expected, large.run(device).getFirst().toFloats(), 0);
      }
    }
  }

  @Test
  void aMatrixProductAgreesWithEjml() {
    int rows = 123;
    int depth = 457;
    int columns = 89;
    Large large =
        Large.of(new MatrixProduct(false, false), Shape.of(rows, depth), Shape.of(depth, columns));
    double[] a = new double[rows * depth];
    double[] b = new double[depth * columns];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) (2 * RANDOM.split(0).uniform(i) - 1);
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = (float) (2 * RANDOM.split(1).uniform(i) - 1);
    }
    SimpleMatrix product =
        new SimpleMatrix(rows, depth, true, a).mult(new SimpleMatrix(depth, columns, true, b));
    try (Device device = new CpuDevice(2)) {
      double[] actual = large.run(device).getFirst().toDoubles();
      assertClose(product.getDDRM().getData(), actual, large, device);
    }
  }

  private static void assertClose(double[] expected, double[] actual, Object what, Device device) {
    double error = ConformanceSuite.error(expected, actual);
    assertTrue(
        error <= TOLERANCE,
        () -> "%s on %s: error %g".formatted(what, device.description(), error));
  }
}
