package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCases.Collector;
import java.util.Arrays;
import java.util.List;

/** Cases of reductions and matrix products. */
final class AlgebraCases {
  private AlgebraCases() {}

  static List<ConformanceCase> all() {
    Collector cases = new Collector();
    reductions(cases);
    products(cases);
    return cases.cases();
  }

  private static void reductions(Collector cases) {
    reduction(cases, Operand.of(1), 0);
    reduction(cases, Operand.of(17), 0);
    reduction(cases, Operand.of(17));
    reduction(cases, Operand.of());
    for (int axis = 0; axis < 4; axis++) {
      reduction(cases, Operand.of(2, 3, 5, 7), axis);
    }
    reduction(cases, Operand.of(2, 3, 5, 7), 1, 2);
    reduction(cases, Operand.of(2, 3, 5, 7), 2, 1);
    reduction(cases, Operand.of(2, 3, 5, 7), 0, 3);
    reduction(cases, Operand.of(2, 3, 5, 7), 0, 2);
    reduction(cases, Operand.of(2, 9, 8, 15), 0, 1, 2);
    reduction(cases, Operand.of(2, 9, 8, 15), 0, 1, 2, 3);
    reduction(cases, Operand.of(5, 1031), 1);
    reduction(cases, Operand.of(1031, 5), 0);
    reduction(cases, Operand.of(2, 67, 61, 9), 1, 2);
    reduction(cases, Operand.of(0, 3), 1);
    reduction(cases, Operand.of(3, 8).in(-2, 2).ofWholeNumbers(), 1);
    reduction(cases, Operand.of(31, 9).in(-2, 2).ofWholeNumbers(), 0);
    cases.rounded(new Reduction.Sum(List.of(1)), Operand.of(3, 0));
  }

  private static void reduction(Collector cases, Operand x, int... axes) {
    List<Integer> list = Arrays.stream(axes).boxed().toList();
    Reduction.Max max = new Reduction.Max(list);
    // Not around 0, or a sum over everything might be small by chance.
    cases.rounded(new Reduction.Sum(list), x.in(-0.5, 1));
    cases.exact(max, x);
    cases.rounded(
        new Reduction.MaxGradient(list),
        x.constant(),
        ConformanceCases.upstream(max, x),
        ConformanceCases.upstream(max, x));
  }

  private static void products(Collector cases) {
    for (boolean transposeA : new boolean[] {false, true}) {
      for (boolean transposeB : new boolean[] {false, true}) {
        MatrixProduct product = new MatrixProduct(transposeA, transposeB);
        product(cases, product, 1, 1, 1, Shape.of(), Shape.of());
        product(cases, product, 7, 9, 8, Shape.of(), Shape.of());
        product(cases, product, 17, 15, 31, Shape.of(), Shape.of());
        product(cases, product, 1, 17, 9, Shape.of(), Shape.of());
        product(cases, product, 9, 17, 1, Shape.of(), Shape.of());
        product(cases, product, 131, 67, 49, Shape.of(), Shape.of());
        product(cases, product, 5, 307, 16, Shape.of(), Shape.of());
        product(cases, product, 3, 1301, 5, Shape.of(2), Shape.of(1));
        product(cases, product, 7, 8, 9, Shape.of(2, 3), Shape.of(3));
        product(cases, product, 7, 3, 17, Shape.of(1), Shape.of(5));
        product(cases, product, 15, 4, 6, Shape.of(2, 1), Shape.of(1, 3));
        product(cases, product, 3, 0, 4, Shape.of(), Shape.of());
        product(cases, product, 0, 3, 4, Shape.of(), Shape.of());
        product(cases, product, 2, 3, 4, Shape.of(0), Shape.of(0));
      }
    }
  }

  private static void product(
      Collector cases, MatrixProduct product, int m, int k, int n, Shape batchA, Shape batchB) {
    Operand a = product.transposeA() ? matrices(batchA, k, m) : matrices(batchA, m, k);
    Operand b = product.transposeB() ? matrices(batchB, n, k) : matrices(batchB, k, n);
    cases.rounded(product, a, b);
  }

  private static Operand matrices(Shape batch, int rows, int columns) {
    int[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    sizes[batch.rank()] = rows;
    sizes[batch.rank() + 1] = columns;
    return Operand.of(sizes);
  }
}
