package io.github.taipan.gpu;

import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.ResizeTaps;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** The launches of pixel shuffles, resizing and pooling. */
final class ResamplingLaunches {
  private ResamplingLaunches() {}

  static void add(LaunchList list, Resampling resampling, List<Tensor> inputs, Tensor y) {
    Tensor x = inputs.getFirst();
    Shape from = x.shape();
    Shape to = y.shape();
    switch (resampling) {
      case Resampling.PixelShuffle(int factor) -> shuffle(list, factor, x, y, to, true);
      case Resampling.PixelUnshuffle(int factor) -> shuffle(list, factor, x, y, from, false);
      case Resampling.Resize r -> resize(list, x, y, rows(r, from, to), columns(r, from, to));
      case Resampling.ResizeGradient(Resampling.Resize r, int _, int _) ->
          resize(list, x, y, rows(r, to, from).transpose(), columns(r, to, from).transpose());
      case Resampling.AveragePool p ->
          resize(list, x, y, taps(p, 1, from, to), taps(p, 2, from, to));
      case Resampling.AveragePoolGradient(Resampling.AveragePool p, int _, int _) ->
          resize(list, x, y, taps(p, 1, to, from).transpose(), taps(p, 2, to, from).transpose());
      case Resampling.MaxPool(int kernel, int stride) ->
          list.add(
              Kernel.POOL_MAXIMA.over(
                  to.elements(),
                  list.at(x),
                  list.at(y),
                  to.elements(),
                  from.size(1),
                  from.size(2),
                  to.size(1),
                  to.size(2),
                  to.size(3),
                  kernel,
                  stride));
      case Resampling.MaxPoolGradient(Resampling.MaxPool(int kernel, int stride)) -> {
        Shape pooled = inputs.get(1).shape();
        list.add(
            Kernel.POOL_GRADIENT.over(
                to.elements(),
                list.at(x),
                list.at(y),
                to.elements(),
                from.size(1),
                from.size(2),
                pooled.size(1),
                pooled.size(2),
                to.size(3),
                kernel,
                stride,
                list.at(inputs.get(1))));
      }
    }
  }

  private static ResizeTaps rows(Resampling.Resize resize, Shape from, Shape to) {
    return ResizeTaps.of(resize.filter(), from.size(1), to.size(1), resize.stepY());
  }

  private static ResizeTaps columns(Resampling.Resize resize, Shape from, Shape to) {
    return ResizeTaps.of(resize.filter(), from.size(2), to.size(2), resize.stepX());
  }

  private static ResizeTaps taps(Resampling.AveragePool pool, int axis, Shape from, Shape to) {
    return ResizeTaps.average(pool.kernel(), pool.stride(), from.size(axis), to.size(axis));
  }

  private static void shuffle(
      LaunchList list, int factor, Tensor x, Tensor y, Shape fine, boolean fromCoarse) {
    list.add(
        Kernel.SHUFFLE.over(
            fine.elements(),
            list.at(x),
            list.at(y),
            fine.elements(),
            factor,
            fine.size(1),
            fine.size(2),
            fine.size(3),
            fromCoarse ? 1 : 0));
  }

  private static void resize(
      LaunchList list, Tensor x, Tensor y, ResizeTaps rows, ResizeTaps columns) {
    int count = y.shape().elements();
    list.add(
        Kernel.RESIZE.over(
            count,
            list.at(x),
            list.at(y),
            count,
            x.shape().size(1),
            x.shape().size(2),
            y.shape().size(1),
            y.shape().size(2),
            y.shape().size(3),
            positions(list, rows.first()),
            positions(list, rows.offsets()),
            list.table(rows.weights()),
            positions(list, columns.first()),
            positions(list, columns.offsets()),
            list.table(columns.weights())));
  }

  /** A table of whole numbers, which float32 holds exactly up to 16 million. */
  private static int positions(LaunchList list, int[] values) {
    return list.table(Arrays.stream(values).asDoubleStream().toArray());
  }
}
