package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.Update;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCases.Collector;
import java.util.List;

/** Cases of the primitives that work element by element. */
final class PointwiseCases {
  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(),
          Shape.of(1),
          Shape.of(7),
          Shape.of(8),
          Shape.of(9),
          Shape.of(15),
          Shape.of(17),
          Shape.of(0),
          Shape.of(3, 0, 2),
          Shape.of(2, 3, 5, 7),
          Shape.of(1031));
  private static final Shape LARGE = Shape.of(3, 101, 211);

  private PointwiseCases() {}

  static List<ConformanceCase> all() {
    Collector cases = new Collector();
    unary(cases);
    binary(cases);
    update(cases);
    return cases.cases();
  }

  private static void unary(Collector cases) {
    function(cases, new Unary.Exp(), -3, 3);
    function(cases, new Unary.Log(), 0.1, 10);
    function(cases, new Unary.Sqrt(), 0.01, 100);
    function(cases, new Unary.Sigmoid(), -3, 3);
    function(cases, new Unary.Silu(), -3, 3);
    function(cases, new Unary.Gelu(), -3, 3);
    function(cases, new Unary.Softplus(), -3, 3);
    function(cases, new Unary.Tanh(), -3, 3);
    function(cases, new Unary.Abs(), -3, 3);
    function(cases, new Unary.Affine(-1.7, 0.3), -3, 3);
    function(cases, new Unary.LeakyRelu(0.2), -3, 3);
    function(cases, new Unary.Clamp(-1.5, 1), -3, 3);

    Operand far = Operand.of(257).in(-85, 85);
    for (Unary function :
        List.of(
            new Unary.Sigmoid(),
            new Unary.Silu(),
            new Unary.Gelu(),
            new Unary.Softplus(),
            new Unary.Tanh())) {
      both(cases, function, far);
      both(cases, function, far.in(-85, -3)); // where only the relative error of small values shows
      both(cases, function, far.in(-0.01, 0.01));
    }
    both(cases, new Unary.Exp(), far.in(-85, -3));
    both(cases, new Unary.Exp(), far.in(3, 85));
    both(cases, new Unary.Log(), far.in(1e-6, 1e-3));
    both(cases, new Unary.Log(), far.in(0.99, 1.01));
    both(cases, new Unary.Softplus(), far.in(15, 25));
    both(cases, new Unary.Abs(), Operand.of(33).in(-2, 2).ofWholeNumbers());
    both(cases, new Unary.LeakyRelu(0.2), Operand.of(33).in(-2, 2).ofWholeNumbers());
    both(cases, new Unary.Clamp(-1, 1), Operand.of(33).in(-2, 2).ofWholeNumbers());
    both(cases, new Unary.Silu(), Operand.of(LARGE).in(-3, 3));
  }

  private static void function(Collector cases, Unary function, double low, double high) {
    for (Shape shape : SHAPES) {
      both(cases, function, Operand.of(shape).in(low, high));
    }
  }

  private static void both(Collector cases, Unary function, Operand x) {
    cases.rounded(function, x);
    cases.rounded(new UnaryGradient(function), x.constant(), Operand.of(x.shape()).constant());
  }

  private static void binary(Collector cases) {
    int[][][] shapes = {
      {{}, {}},
      {{1}, {1}},
      {{7}, {7}},
      {{17}, {17}},
      {{1031}, {1031}},
      {{0}, {0}},
      {{2, 3, 5, 7}, {2, 3, 5, 7}},
      {{2, 3, 5, 7}, {7}},
      {{15}, {2, 3, 1, 15}},
      {{2, 3, 5, 7}, {}},
      {{}, {9}},
      {{9, 17}, {1}},
      {{2, 1, 5, 1}, {3, 1, 7}},
      {{8, 1}, {1, 9}},
      {{0, 3}, {1}},
      {{0, 3}, {1, 3}},
      {{2, 9, 8, 17}, {2, 1, 1, 17}},
      {{2, 9, 8, 17}, {2, 9, 8, 1}},
      {{2, 1, 8, 1}, {2, 9, 8, 17}},
      {{1, 67, 61, 17}, {17}},
      {{3, 101, 211}, {3, 101, 211}},
    };
    for (int[][] pair : shapes) {
      Operand a = Operand.of(pair[0]);
      Operand b = Operand.of(pair[1]);
      cases.rounded(new Binary.Add(), a, b);
      cases.rounded(new Binary.Subtract(), a, b);
      cases.rounded(new Binary.Multiply(), a, b);
      cases.rounded(new Binary.Divide(), a, b.in(0.5, 2));
    }
  }

  private static void update(Collector cases) {
    for (int size : new int[] {1, 7, 8, 9, 17, 1031, 63_933}) {
      Operand x = Operand.of(size).constant();
      Operand step = Operand.of(Update.Adam.STEP_NUMBERS).constant().in(0.1, 1);
      cases.rounded(new Update.Adam(0.9, 0.99, 1e-8, 0, false), x, x, x, x.in(0, 1), step);
      cases.rounded(new Update.Adam(0.9, 0.999, 1e-8, 0.1, false), x, x, x, x.in(0, 1), step);
      cases.rounded(new Update.Adam(0.5, 0.999, 1e-6, 0.1, true), x, x, x, x.in(0, 1), step);
      cases.rounded(new Update.Average(0.999), x, x);
    }
  }
}
