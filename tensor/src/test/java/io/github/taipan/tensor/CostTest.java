package io.github.taipan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.testing.ConformanceCase;
import io.github.taipan.tensor.testing.ConformanceCases;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Floating-point operations and bytes against counts by hand. */
class CostTest {
  private static void cost(long flops, long values, Primitive primitive, Shape... inputs) {
    assertEquals(flops, primitive.flops(List.of(inputs)), primitive.name());
    assertEquals(4 * values, primitive.bytes(List.of(inputs)), primitive.name());
  }

  @Test
  void aConvolutionCountsTwoForEachWeightAtEachOutput() {
    Shape x = Shape.of(1, 5, 6, 3);
    // 8 output channels on 5·6 pixels, each the sum of 3·3·3 products
    cost(
        2 * 8 * 30 * 27,
        90 + 8 * 27 + 240,
        new Convolution.Conv2d(1, 1, 1),
        x,
        Shape.of(8, 3, 3, 3));
    // depthwise: 9 products each, and a bias
    cost(
        2 * 3 * 30 * 9 + 90,
        90 + 27 + 3 + 90,
        new Convolution.Conv2d(1, 1, 3),
        x,
        Shape.of(3, 1, 3, 3),
        Shape.of(3));
    cost(
        2 * 8 * 30 * 27,
        240 + 8 * 27 + 90,
        new Convolution.Conv2dInputGradient(1, 1, 1, 5, 6),
        Shape.of(1, 5, 6, 8),
        Shape.of(8, 3, 3, 3));
    cost(
        2 * 8 * 30 * 27,
        90 + 240 + 8 * 27,
        new Convolution.Conv2dWeightGradient(1, 1, 1, 3, 3),
        x,
        Shape.of(1, 5, 6, 8));
  }

  @Test
  void aMatrixProductCountsTwoForEachProduct() {
    cost(
        2 * 5 * (3 * 4 * 7),
        5 * 12 + 28 + 5 * 21,
        new MatrixProduct(false, true),
        Shape.of(5, 3, 4),
        Shape.of(7, 4));
  }

  @Test
  void aScanCountsSevenPerStateAndSixPerStep() {
    Shape u = Shape.of(1, 2, 3, 4);
    Shape delta = Shape.of(1, 2, 3, 8);
    Shape weights = Shape.of(1, 2, 3, 32);
    // 2 paths · 6 pixels · 4 channels; per state t·A, exp, its product with h, (t·u)·B, +, C·h, +
    cost(
        48 * (7 * 16 + 6),
        24 + 48 + 128 + 192 + 192 + 8 + 8 + 24,
        new Scan.SelectiveScan(List.of(ScanPath.ROWS, ScanPath.COLUMNS), 1, true),
        u,
        delta,
        Shape.of(8, 16),
        weights,
        weights,
        Shape.of(8),
        Shape.of(8));
  }

  @Test
  void otherPrimitives() {
    cost(3 * 7, 14, new Unary.Sigmoid(), Shape.of(7));
    cost(6, 3 + 2 + 6, new Binary.Add(), Shape.of(3), Shape.of(2, 1));
    cost(6, 6 + 2, new Reduction.Sum(List.of(1)), Shape.of(2, 3));
    cost(0, 12, new Layout.Permute(List.of(1, 0)), Shape.of(2, 3));
    cost(2 * 2 * 6, 24 + 6, new Resampling.AveragePool(2, 2), Shape.of(1, 4, 6, 1));
  }

  @Test
  void noPrimitiveHasNegativeCostAndEmptyOutputsAreFree() {
    for (ConformanceCase tested : ConformanceCases.all()) {
      assertTrue(tested.primitive().flops(tested.shapes()) >= 0, tested.name());
      assertTrue(tested.primitive().bytes(tested.shapes()) >= 0, tested.name());
    }
    assertEquals(0, new Unary.Exp().flops(List.of(Shape.of(0))));
  }
}
