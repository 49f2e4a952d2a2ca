package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCases.Collector;
import java.util.List;

/** Cases of convolutions and their two gradients. */
final class ConvolutionCases {
  private ConvolutionCases() {}

  static List<ConformanceCase> all() {
    Collector cases = new Collector();
    Convolution.Conv2d plain = new Convolution.Conv2d(1, 0, 1);
    Convolution.Conv2d padded = new Convolution.Conv2d(1, 1, 1);
    // 1×1, a matrix product
    convolution(cases, plain, Operand.of(1, 1, 1, 1), Operand.of(1, 1, 1, 1));
    convolution(cases, plain, Operand.of(2, 5, 7, 9), Operand.of(17, 9, 1, 1));
    convolution(cases, plain, Operand.of(1, 9, 15, 33), Operand.of(7, 33, 1, 1));
    convolution(cases, plain, Operand.of(1, 31, 17, 48), Operand.of(97, 48, 1, 1));
    convolution(cases, plain, Operand.of(2, 16, 1, 1), Operand.of(4, 1, 1, 1));
    convolution(cases, plain, Operand.of(2, 16, 1, 4), Operand.of(1, 4, 1, 1));
    convolution(
        cases, new Convolution.Conv2d(2, 0, 1), Operand.of(1, 7, 8, 5), Operand.of(9, 5, 1, 1));
    // 3×3
    convolution(cases, padded, Operand.of(1, 1, 1, 5), Operand.of(6, 5, 3, 3));
    convolution(cases, padded, Operand.of(2, 9, 13, 3), Operand.of(8, 3, 3, 3));
    convolution(cases, padded, Operand.of(1, 7, 5, 17), Operand.of(15, 17, 3, 3));
    convolution(cases, padded, Operand.of(1, 19, 23, 32), Operand.of(40, 32, 3, 3));
    convolution(cases, plain, Operand.of(1, 8, 9, 7), Operand.of(9, 7, 3, 3));
    // strides, other kernels, uneven remainders
    convolution(
        cases, new Convolution.Conv2d(2, 1, 1), Operand.of(2, 12, 16, 6), Operand.of(9, 6, 4, 4));
    convolution(
        cases, new Convolution.Conv2d(2, 1, 1), Operand.of(1, 9, 11, 4), Operand.of(6, 4, 3, 3));
    convolution(
        cases, new Convolution.Conv2d(3, 2, 1), Operand.of(1, 11, 10, 3), Operand.of(4, 3, 5, 5));
    convolution(
        cases, new Convolution.Conv2d(3, 0, 1), Operand.of(1, 10, 7, 2), Operand.of(3, 2, 2, 2));
    convolution(
        cases, new Convolution.Conv2d(1, 2, 1), Operand.of(1, 5, 8, 3), Operand.of(7, 3, 1, 5));
    convolution(
        cases, new Convolution.Conv2d(1, 3, 1), Operand.of(1, 2, 3, 3), Operand.of(5, 3, 7, 7));
    // groups
    convolution(
        cases, new Convolution.Conv2d(1, 1, 2), Operand.of(1, 6, 5, 8), Operand.of(12, 4, 3, 3));
    convolution(
        cases, new Convolution.Conv2d(1, 0, 3), Operand.of(2, 5, 3, 9), Operand.of(6, 3, 1, 1));
    // depthwise
    for (int channels : new int[] {1, 7, 8, 9, 17, 48}) {
      convolution(
          cases,
          new Convolution.Conv2d(1, 1, channels),
          Operand.of(2, 7, 9, channels),
          Operand.of(channels, 1, 3, 3));
    }
    convolution(
        cases, new Convolution.Conv2d(1, 1, 5), Operand.of(1, 1, 1, 5), Operand.of(5, 1, 3, 3));
    convolution(
        cases,
        new Convolution.Conv2d(1, 1, 16),
        Operand.of(1, 67, 61, 16),
        Operand.of(16, 1, 3, 3));
    convolution(
        cases, new Convolution.Conv2d(2, 2, 9), Operand.of(1, 8, 9, 9), Operand.of(9, 1, 5, 5));
    convolution(
        cases, new Convolution.Conv2d(1, 1, 6), Operand.of(1, 5, 6, 6), Operand.of(12, 1, 3, 3));
    // more pixels than one sum takes where they are cut into slices
    convolution(cases, plain, Operand.of(2, 33, 37, 5), Operand.of(6, 5, 1, 1));
    convolution(cases, padded, Operand.of(2, 33, 37, 5), Operand.of(6, 5, 3, 3));
    // no images
    convolution(cases, padded, Operand.of(0, 5, 6, 3), Operand.of(4, 3, 3, 3));
    convolution(cases, plain, Operand.of(0, 5, 6, 3), Operand.of(4, 3, 1, 1));
    convolution(
        cases, new Convolution.Conv2d(1, 1, 3), Operand.of(0, 5, 6, 3), Operand.of(3, 1, 3, 3));
    return cases.cases();
  }

  private static void convolution(
      Collector cases, Convolution.Conv2d convolution, Operand x, Operand weight) {
    int stride = convolution.stride();
    int padding = convolution.padding();
    int groups = convolution.groups();
    Operand upstream = ConformanceCases.upstream(convolution, x, weight);
    cases.rounded(convolution, x, weight);
    cases.rounded(convolution, x, weight, Operand.of(weight.shape().size(0)));
    cases.rounded(
        new Convolution.Conv2dInputGradient(
            stride, padding, groups, x.shape().size(1), x.shape().size(2)),
        upstream,
        weight.constant());
    cases.rounded(
        new Convolution.Conv2dWeightGradient(
            stride, padding, groups, weight.shape().size(2), weight.shape().size(3)),
        x.constant(),
        upstream);
  }
}
