package io.github.taipan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.ConformanceCases;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each primitive refuses shapes that break its rules, and says so. */
class ShapeExceptionTest {
  /** Shapes that a primitive must refuse, and words of the rule they break. */
  private record Broken(Primitive primitive, String rule, List<Shape> inputs) {}

  private static final List<Broken> BROKEN = new ArrayList<>();

  private static void broken(Primitive primitive, String rule, int[]... sizes) {
    List<Shape> inputs = new ArrayList<>();
    for (int[] size : sizes) {
      inputs.add(Shape.of(size));
    }
    BROKEN.add(new Broken(primitive, rule, inputs));
  }

  private static int[] shape(int... sizes) {
    return sizes;
  }

  static {
    for (Unary function :
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
            new Unary.Clamp(0, 1))) {
      broken(function, "takes 1 inputs", shape(2), shape(2));
      broken(new UnaryGradient(function), "one shape", shape(2), shape(3));
    }
    for (Binary operator :
        List.of(
            new Binary.Add(), new Binary.Subtract(), new Binary.Multiply(), new Binary.Divide())) {
      broken(operator, "do not broadcast", shape(2, 3), shape(2));
      broken(operator, "takes 2 inputs", shape(2));
    }
    broken(new Reduction.Sum(List.of(2)), "has axis 2", shape(2, 3));
    broken(new Reduction.Max(List.of(-1)), "has axis -1", shape(2, 3));
    broken(
        new Reduction.MaxGradient(List.of(1)),
        "reduced shape [2, 1]",
        shape(2, 3),
        shape(2, 3),
        shape(2, 1));
    broken(new MatrixProduct(false, false), "inner sizes must be equal", shape(2, 3), shape(2, 3));
    broken(new MatrixProduct(true, true), "inner sizes must be equal", shape(3, 2), shape(2, 2));
    broken(new MatrixProduct(false, false), "takes matrices", shape(3), shape(3, 2));
    broken(new MatrixProduct(false, false), "do not broadcast", shape(2, 1, 3), shape(5, 3, 1));
    convolutions();
    maps();
    layouts();
    int[] u = {1, 2, 3, 4};
    int[] delta = {1, 2, 3, 8};
    int[] weights = {1, 2, 3, 32};
    int[] rows = {8};
    List<ScanPath> paths = List.of(ScanPath.ROWS, ScanPath.COLUMNS);
    Scan scan = new Scan.SelectiveScan(paths, 1, true);
    broken(scan, "takes 7 inputs", u, delta);
    broken(scan, "delta [1, 2, 3, 8]", u, u, shape(8, 16), weights, weights, rows, rows);
    broken(
        new Scan.SelectiveScan(paths, 3, true),
        "multiple of the 3 groups",
        u,
        delta,
        shape(8, 16),
        weights,
        weights,
        rows,
        rows);
    broken(
        new Scan.SelectiveScanGradient(paths, 1, true),
        "the gradient has u's shape",
        u,
        delta,
        shape(8, 16),
        weights,
        weights,
        rows,
        rows,
        delta);
    broken(
        new Scan.ProjectedScan(paths, 1, true),
        "stepWeight is [K·C, R, 1, 1]",
        u,
        shape(1, 2, 3, 6),
        shape(8, 3, 3, 3),
        shape(8, 16),
        weights,
        weights,
        rows,
        rows);
    Update adam = new Update.Adam(0.9, 0.99, 1e-8, 0, false);
    broken(adam, "the parameter's shape", shape(2), shape(3), shape(2), shape(2), shape(4));
    broken(adam, "four numbers", shape(2), shape(2), shape(2), shape(2), shape(3));
    broken(new Update.Average(0.9), "one shape", shape(2), shape(3));
  }

  private static void convolutions() {
    int[] map = {1, 5, 5, 4};
    Convolution plain = new Convolution.Conv2d(1, 0, 1);
    broken(plain, "NHWC", shape(5, 5, 4), shape(8, 4, 3, 3));
    broken(plain, "x has groups (1) times", map, shape(8, 3, 3, 3));
    broken(plain, "one value per output channel", map, shape(8, 4, 3, 3), shape(4));
    broken(plain, "the kernel fits", map, shape(8, 4, 7, 7));
    broken(new Convolution.Conv2d(0, 0, 1), "stride", map, shape(8, 4, 3, 3));
    broken(
        new Convolution.Conv2dInputGradient(1, 0, 1, 5, 5),
        "shape of the convolution's output",
        map,
        shape(4, 4, 3, 3));
    broken(
        new Convolution.Conv2dWeightGradient(1, 0, 1, 3, 3),
        "shape of the convolution's output",
        map,
        map);
  }

  private static void maps() {
    int[] map = {1, 5, 7, 6};
    int[] channels = {6};
    broken(new Normalization.LayerNorm(1e-5), "one value per channel", map, shape(7));
    broken(new Normalization.LayerNorm(1e-5), "takes x, weight and maybe a bias", map);
    broken(new Normalization.LayerNormGradient(1e-5, true), "one shape", map, channels, channels);
    broken(new Resampling.PixelShuffle(2), "multiple of factor²", map);
    broken(new Resampling.PixelUnshuffle(2), "multiples of the factor 2", map);
    Resampling.Resize resize = new Resampling.Resize(Resampling.Filter.AREA, 0, 3, 1, 1);
    broken(resize, "no size is 0", map);
    broken(new Resampling.ResizeGradient(resize, 5, 7), "the resized height and width", map);
    Resampling.AveragePool average = new Resampling.AveragePool(6, 1);
    Resampling.MaxPool max = new Resampling.MaxPool(6, 1);
    broken(average, "the window fits", map);
    broken(new Resampling.AveragePool(2, 0), "window and stride are positive", map);
    broken(new Resampling.AveragePoolGradient(average, 8, 8), "the pooled shape", map);
    broken(max, "the window fits", map);
    broken(max, "NHWC", shape(5, 7, 6));
    broken(new Resampling.MaxPoolGradient(new Resampling.MaxPool(2, 2)), "pooled shape", map, map);
  }

  private static void layouts() {
    broken(new Layout.Reshape(Shape.of(5)), "as many elements as [5]", shape(2, 3));
    broken(new Layout.Permute(List.of(0, 0)), "names each axis once", shape(2, 3));
    broken(new Layout.Concat(0), "all axes but 0 are equal", shape(2, 3), shape(2, 4));
    broken(new Layout.Concat(0), "at least one input");
    broken(new Layout.Slice(1, 2, 4), "2 to 4 lies within axis 1", shape(2, 3));
    Layout.Pad reflect = new Layout.Pad(1, 0, 3, Layout.Border.REFLECT);
    broken(reflect, "narrower than the axis", shape(2, 3));
    broken(new Layout.Pad(0, 1, 1, Layout.Border.REPLICATE), "an edge to replicate", shape(0));
    broken(new Layout.PadGradient(reflect), "the padded shape", shape(2, 2));
    broken(new Layout.Flip(List.of(2)), "has the axes [2]", shape(2, 3));
    broken(new Layout.Broadcast(Shape.of(2, 3)), "do not broadcast", shape(2));
    broken(new Layout.Broadcast(Shape.of(1, 3)), "broadcasts to [1, 3]", shape(2, 3));
    Fused pooled =
        new Fused(
            1,
            List.of(
                new Fused.Part(new Unary.Exp(), List.of(0)),
                new Fused.Part(new Reduction.Sum(List.of(1, 2)), List.of(1))),
            List.of(2));
    broken(pooled, "works pixel by pixel", shape(1, 4, 4, 3));
    broken(pooled, "takes 1 inputs", shape(1, 4, 4, 3), shape(1));
  }

  @Test
  void theMessageNamesThePrimitiveTheShapesAndTheRule() {
    for (Broken broken : BROKEN) {
      ShapeException error =
          assertThrows(
              ShapeException.class,
              () -> broken.primitive().outputs(broken.inputs()),
              broken::toString);
      String message = error.getMessage();
      assertTrue(message.startsWith(broken.primitive().name() + ": "), message);
      assertTrue(message.contains(broken.rule()), message);
      assertTrue(message.endsWith("got " + broken.inputs()), message);
    }
  }

  @Test
  void everyPrimitiveHasARuleBroken() {
    Set<Class<?>> tested = new HashSet<>();
    BROKEN.forEach(broken -> tested.add(broken.primitive().getClass()));
    List<String> missing =
        ConformanceCases.primitives().stream()
            .filter(primitive -> !tested.contains(primitive))
            .map(Class::getName)
            .toList();
    assertEquals(List.of(), missing, "primitives without a broken rule");
  }

  @Test
  void valuesThatDoNotFitAndTensorsOfOtherDevicesAreRefused() {
    try (Device device = new ReferenceDevice();
        Device other = new ReferenceDevice()) {
      assertThrows(ShapeException.class, () -> device.tensor(Shape.of(2, 3), 1, 2));
      Tensor tensor = device.zeros(Shape.of(2));
      assertThrows(ShapeException.class, () -> device.write(tensor, new float[3]));
      assertThrows(ShapeException.class, tensor::item);
      assertThrows(ShapeException.class, () -> tensor.reshape(Shape.of(3)));
      Exception error =
          assertThrows(IllegalArgumentException.class, () -> other.run(new Unary.Exp(), tensor));
      assertTrue(error.getMessage().startsWith("Exp: "), error.getMessage());
      assertThrows(ShapeException.class, () -> Shape.of(-1));
      assertThrows(ShapeException.class, () -> Shape.of(1 << 16, 1 << 16));
    }
  }
}
