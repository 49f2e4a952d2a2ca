package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCases.Collector;
import java.util.List;

/** Cases of the primitives that move values. */
final class LayoutCases {
  private LayoutCases() {}

  static List<ConformanceCase> all() {
    Collector cases = new Collector();
    cases.exact(new Layout.Reshape(Shape.of(6, 4)), Operand.of(2, 3, 4));
    cases.exact(new Layout.Reshape(Shape.of(1)), Operand.of());
    cases.exact(new Layout.Reshape(Shape.of(0, 9)), Operand.of(3, 0));
    permutes(cases);
    concats(cases);
    slices(cases);
    pads(cases);
    cases.exact(new Layout.Flip(List.of(0)), Operand.of(7));
    cases.exact(new Layout.Flip(List.of()), Operand.of(2, 3));
    cases.exact(new Layout.Flip(List.of(1, 2)), Operand.of(2, 5, 7, 9));
    cases.exact(new Layout.Flip(List.of(3)), Operand.of(2, 5, 7, 17));
    cases.exact(new Layout.Flip(List.of(2, 0)), Operand.of(2, 5, 8, 15));
    cases.exact(new Layout.Flip(List.of(0)), Operand.of(0, 4));
    cases.exact(new Layout.Broadcast(Shape.of(3, 7)), Operand.of(7));
    cases.exact(new Layout.Broadcast(Shape.of(5)), Operand.of());
    cases.exact(new Layout.Broadcast(Shape.of(2, 5, 3, 17)), Operand.of(2, 1, 1, 17));
    cases.exact(new Layout.Broadcast(Shape.of(2, 5, 3, 9)), Operand.of(2, 5, 3, 1));
    cases.exact(new Layout.Broadcast(Shape.of(2, 3)), Operand.of(2, 3));
    cases.exact(new Layout.Broadcast(Shape.of(0, 3)), Operand.of(1, 3));
    return cases.cases();
  }

  private static void permutes(Collector cases) {
    cases.exact(new Layout.Permute(List.of()), Operand.of());
    cases.exact(new Layout.Permute(List.of(0)), Operand.of(9));
    cases.exact(new Layout.Permute(List.of(1, 0)), Operand.of(7, 9));
    cases.exact(new Layout.Permute(List.of(1, 0)), Operand.of(67, 129));
    cases.exact(new Layout.Permute(List.of(1, 0)), Operand.of(0, 9));
    cases.exact(new Layout.Permute(List.of(0, 2, 1)), Operand.of(3, 17, 8));
    cases.exact(new Layout.Permute(List.of(2, 0, 1)), Operand.of(5, 3, 15));
    cases.exact(new Layout.Permute(List.of(0, 1, 2, 3)), Operand.of(2, 3, 5, 7));
    cases.exact(new Layout.Permute(List.of(0, 2, 3, 1)), Operand.of(2, 17, 5, 7));
    cases.exact(new Layout.Permute(List.of(0, 3, 1, 2)), Operand.of(2, 5, 7, 17));
    cases.exact(new Layout.Permute(List.of(3, 2, 1, 0)), Operand.of(2, 3, 5, 7));
    cases.exact(new Layout.Permute(List.of(0, 2, 1, 3)), Operand.of(2, 9, 5, 8));
    cases.exact(new Layout.Permute(List.of(0, 3, 1, 4, 2, 5)), Operand.of(2, 3, 2, 4, 2, 3));
  }

  private static void concats(Collector cases) {
    cases.exact(new Layout.Concat(0), Operand.of(7));
    cases.exact(new Layout.Concat(0), Operand.of(7), Operand.of(9), Operand.of(1));
    cases.exact(new Layout.Concat(3), Operand.of(2, 3, 5, 8), Operand.of(2, 3, 5, 9));
    cases.exact(new Layout.Concat(3), Operand.of(2, 3, 5, 1), Operand.of(2, 3, 5, 17));
    cases.exact(
        new Layout.Concat(1), Operand.of(2, 3, 5), Operand.of(2, 0, 5), Operand.of(2, 4, 5));
    cases.exact(new Layout.Concat(0), Operand.of(0, 3), Operand.of(0, 3));
    cases.exact(
        new Layout.Concat(2),
        Operand.of(1, 9, 7, 15),
        Operand.of(1, 9, 1, 15),
        Operand.of(1, 9, 8, 15),
        Operand.of(1, 9, 2, 15));
  }

  private static void slices(Collector cases) {
    cases.exact(new Layout.Slice(0, 0, 7), Operand.of(7));
    cases.exact(new Layout.Slice(0, 3, 3), Operand.of(7));
    cases.exact(new Layout.Slice(0, 1, 2), Operand.of(2, 5, 9));
    cases.exact(new Layout.Slice(1, 2, 5), Operand.of(2, 5, 7, 8));
    cases.exact(new Layout.Slice(3, 8, 17), Operand.of(2, 5, 7, 17));
    cases.exact(new Layout.Slice(3, 0, 1), Operand.of(1, 9, 8, 15));
    cases.exact(new Layout.Slice(1, 0, 1), Operand.of(0, 2));
  }

  private static void pads(Collector cases) {
    for (Layout.Border border : Layout.Border.values()) {
      pad(cases, new Layout.Pad(0, 2, 3, border), Operand.of(7));
      pad(cases, new Layout.Pad(1, 6, 6, border), Operand.of(2, 7, 5, 3));
      pad(cases, new Layout.Pad(2, 0, 3, border), Operand.of(1, 9, 8, 17));
      pad(cases, new Layout.Pad(2, 1, 0, border), Operand.of(1, 5, 7, 8));
      pad(cases, new Layout.Pad(3, 2, 1, border), Operand.of(2, 1, 5, 9));
      pad(cases, new Layout.Pad(1, 0, 0, border), Operand.of(3, 1));
      pad(cases, new Layout.Pad(1, 1, 1, border), Operand.of(0, 4));
    }
    pad(cases, new Layout.Pad(0, 2, 1, Layout.Border.ZERO), Operand.of(0, 3));
    pad(cases, new Layout.Pad(1, 9, 4, Layout.Border.REPLICATE), Operand.of(2, 1, 5));
  }

  private static void pad(Collector cases, Layout.Pad pad, Operand x) {
    cases.exact(pad, x);
    cases.roundedGradient(new Layout.PadGradient(pad), pad, x);
  }
}
