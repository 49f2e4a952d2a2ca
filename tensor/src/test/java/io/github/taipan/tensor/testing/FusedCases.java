package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Fused.Part;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Normalization.LayerNorm;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCases.Collector;
import java.util.List;

/** Cases of fused launches, as networks have them. Their inputs take no gradient. */
final class FusedCases {
  private static final Conv2d POINT = new Conv2d(1, 0, 1);

  private FusedCases() {}

  static List<ConformanceCase> all() {
    Collector cases = new Collector();
    for (int[] size : new int[][] {{1, 1, 1}, {2, 5, 7}, {1, 13, 17}, {3, 31, 8}, {1, 67, 61}}) {
      for (int channels : new int[] {1, 7, 16, 17, 48}) {
        Operand map = map(size, channels);
        normThenTwo(cases, map, channels);
        depthwiseThenTwo(cases, map, channels);
        gated(cases, map, channels);
        scaledWithResidual(cases, map, channels);
        functionsOnBothSides(cases, map, channels);
      }
    }
    normThenTwo(cases, map(new int[] {0, 4, 4}, 8), 8);
    return cases.cases();
  }

  private static Operand map(int[] size, int channels) {
    return constant(size[0], size[1], size[2], channels);
  }

  private static Operand constant(int... sizes) {
    return Operand.of(sizes).constant();
  }

  /** Layer norm, then two 1x1 convolutions, one of them with bias and SiLU. */
  private static void normThenTwo(Collector cases, Operand x, int channels) {
    Fused fused =
        new Fused(
            6,
            List.of(
                new Part(new LayerNorm(1e-5), List.of(0, 1, 2)),
                new Part(POINT, List.of(6, 3)),
                new Part(POINT, List.of(6, 4, 5)),
                new Part(new Unary.Silu(), List.of(8))),
            List.of(7, 9));
    cases.rounded(
        fused,
        x,
        constant(channels),
        constant(channels),
        constant(9, channels, 1, 1),
        constant(33, channels, 1, 1),
        constant(33));
  }

  /** A depthwise convolution and SiLU, which is a result and the input of 1x1 convolutions. */
  private static void depthwiseThenTwo(Collector cases, Operand x, int channels) {
    Fused fused =
        new Fused(
            5,
            List.of(
                new Part(new Conv2d(1, 1, channels), List.of(0, 1, 2)),
                new Part(new Unary.Silu(), List.of(5)),
                new Part(POINT, List.of(6, 3)),
                new Part(new Conv2d(1, 0, 2), List.of(7, 4))),
            List.of(6, 8));
    cases.rounded(
        fused,
        x,
        constant(channels, 1, 3, 3),
        constant(channels),
        constant(6, channels, 1, 1),
        constant(10, 3, 1, 1));
  }

  /** GELU of one depthwise convolution times another, a 1x1 convolution and a residual. */
  private static void gated(Collector cases, Operand x, int channels) {
    Conv2d depthwise = new Conv2d(1, 1, channels);
    Fused fused =
        new Fused(
            6,
            List.of(
                new Part(depthwise, List.of(0, 2)),
                new Part(depthwise, List.of(1, 3)),
                new Part(new Unary.Gelu(), List.of(6)),
                new Part(new Binary.Multiply(), List.of(8, 7)),
                new Part(POINT, List.of(9, 4)),
                new Part(new Binary.Add(), List.of(5, 10))),
            List.of(11));
    Operand residual = constant(x.shape().with(3, 5).toArray());
    cases.rounded(
        fused,
        x,
        x,
        constant(channels, 1, 3, 3),
        constant(channels, 1, 3, 3),
        constant(5, channels, 1, 1),
        residual);
  }

  /** Functions whose values are needed once or twice, on either side of arithmetic. */
  private static void functionsOnBothSides(Collector cases, Operand x, int channels) {
    Fused fused =
        new Fused(
            2,
            List.of(
                new Part(new Unary.Silu(), List.of(0)),
                new Part(new Unary.Sigmoid(), List.of(1)),
                new Part(new Binary.Multiply(), List.of(2, 3)),
                new Part(new Unary.Affine(2, 3), List.of(0)),
                new Part(new Binary.Subtract(), List.of(4, 5)),
                new Part(new Unary.Tanh(), List.of(6)),
                new Part(new Binary.Add(), List.of(1, 7)),
                new Part(new Binary.Multiply(), List.of(7, 7)),
                new Part(new Binary.Divide(), List.of(8, 5))),
            List.of(9, 10));
    cases.rounded(fused, x, constant(x.shape().toArray()));
  }

  /** A map and its product with a row, two maps side by side, and a result used on the way. */
  private static void scaledWithResidual(Collector cases, Operand x, int channels) {
    Fused fused =
        new Fused(
            3,
            List.of(
                new Part(new Binary.Multiply(), List.of(0, 1)),
                new Part(new Binary.Add(), List.of(0, 3)),
                new Part(new Layout.Concat(3), List.of(4, 3, 0)),
                new Part(POINT, List.of(5, 2)),
                new Part(new Unary.Affine(2, 1), List.of(6))),
            List.of(4, 7));
    cases.rounded(fused, x, constant(1, 1, 1, channels), constant(12, 3 * channels, 1, 1));
  }
}
