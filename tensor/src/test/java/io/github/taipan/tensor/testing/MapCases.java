package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCases.Collector;
import java.util.List;

/** Cases of layer norm and of the primitives that change the number of pixels. */
final class MapCases {
  private MapCases() {}

  static List<ConformanceCase> all() {
    Collector cases = new Collector();
    for (int channels : new int[] {1, 2, 7, 8, 9, 15, 16, 17, 48, 101}) {
      norm(cases, Operand.of(2, 3, 5, channels));
      norm(cases, Operand.of(1, channels).in(2, 3));
    }
    norm(cases, Operand.of(1, 67, 61, 9));
    norm(cases, Operand.of(17));
    norm(cases, Operand.of(0, 8));
    for (int factor = 1; factor <= 4; factor++) {
      for (int channels : new int[] {1, 3, 8}) {
        int folded = factor * factor * channels;
        cases.exact(new Resampling.PixelShuffle(factor), Operand.of(2, 5, 3, folded));
        cases.exact(
            new Resampling.PixelUnshuffle(factor), Operand.of(1, 3 * factor, 7 * factor, channels));
      }
    }
    cases.exact(new Resampling.PixelShuffle(2), Operand.of(0, 5, 3, 4));
    cases.exact(new Resampling.PixelUnshuffle(2), Operand.of(1, 0, 4, 3));
    for (Resampling.Filter filter : Resampling.Filter.values()) {
      resizes(cases, filter);
    }
    pools(cases);
    return cases.cases();
  }

  private static void norm(Collector cases, Operand x) {
    int channels = x.shape().size(-1);
    Operand weight = Operand.of(channels).in(0.5, 1.5);
    Operand upstream = Operand.of(x.shape()).constant();
    double epsilon = 1e-5;
    cases.rounded(new Normalization.LayerNorm(epsilon), x, weight, Operand.of(channels));
    cases.rounded(new Normalization.LayerNorm(epsilon), x, weight);
    for (boolean bias : new boolean[] {true, false}) {
      cases.rounded(
          new Normalization.LayerNormGradient(epsilon, bias),
          x.constant(),
          weight.constant(),
          upstream);
    }
  }

  private static void resizes(Collector cases, Resampling.Filter filter) {
    resize(cases, filter, Operand.of(2, 5, 4, 3), 20, 16);
    resize(cases, filter, Operand.of(1, 16, 20, 7), 4, 5);
    resize(cases, filter, Operand.of(1, 19, 23, 9), 7, 31);
    resize(cases, filter, Operand.of(1, 1, 1, 8), 3, 5);
    resize(cases, filter, Operand.of(1, 3, 2, 17), 1, 1);
    resize(cases, filter, Operand.of(1, 8, 9, 1), 8, 9);
    // By a scale factor: the step is 1 / scale, not the ratio of the sizes.
    resize(
        cases,
        new Resampling.Resize(filter, 13, 16, 1 / 0.7333, 1 / 0.7333),
        Operand.of(1, 19, 23, 3));
    resize(
        cases, new Resampling.Resize(filter, 24, 30, 1 / 1.31, 1 / 1.31), Operand.of(1, 19, 23, 3));
  }

  private static void resize(
      Collector cases, Resampling.Filter filter, Operand x, int height, int width) {
    resize(cases, Resampling.Resize.to(filter, x.shape(), height, width), x);
  }

  private static void resize(Collector cases, Resampling.Resize resize, Operand x) {
    if (resize.filter() == Resampling.Filter.NEAREST) {
      cases.exact(resize, x);
    } else {
      cases.rounded(resize, x);
    }
    Shape shape = x.shape();
    cases.roundedGradient(
        new Resampling.ResizeGradient(resize, shape.size(1), shape.size(2)), resize, x);
  }

  private static void pools(Collector cases) {
    int[][] windows = {{1, 1}, {2, 2}, {3, 2}, {3, 1}, {2, 3}, {5, 4}};
    for (int[] window : windows) {
      pool(cases, window[0], window[1], Operand.of(2, 7, 9, 3));
      pool(cases, window[0], window[1], Operand.of(1, 12, 5, 17));
    }
    pool(cases, 7, 7, Operand.of(1, 7, 7, 8));
    pool(cases, 2, 2, Operand.of(0, 4, 6, 3));
    pool(cases, 2, 1, Operand.of(1, 8, 9, 5).in(-2, 2).ofWholeNumbers());
  }

  private static void pool(Collector cases, int kernel, int stride, Operand x) {
    Resampling.AveragePool average = new Resampling.AveragePool(kernel, stride);
    Resampling.MaxPool max = new Resampling.MaxPool(kernel, stride);
    Shape shape = x.shape();
    cases.rounded(average, x);
    cases.roundedGradient(
        new Resampling.AveragePoolGradient(average, shape.size(1), shape.size(2)), average, x);
    cases.exact(max, x);
    cases.rounded(
        new Resampling.MaxPoolGradient(max), x.constant(), ConformanceCases.upstream(max, x));
  }
}
