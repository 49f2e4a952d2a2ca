package io.github.taipan.tensor.reference;

import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.ResizeTaps;
import io.github.taipan.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pixel shuffles, resizing and pooling. A linear map and its vector-Jacobian product walk the same
 * weighted pairs of pixels, one from the map to its result and the other back.
 */
final class ReferenceResampling {
  /** What to do with a weighted pair of pixels, for all their channels. */
  private interface Pair {
    void visit(int fromY, int fromX, int toY, int toX, double weight);
  }

  private ReferenceResampling() {}

  static void run(Resampling resampling, List<Tensor> inputs, List<Tensor> outputs) {
    Grid x = Grid.of(inputs.getFirst());
    Grid y = Grid.of(outputs.getFirst());
    switch (resampling) {
      case Resampling.PixelShuffle(int factor) -> shuffle(factor, x, y, false);
      case Resampling.PixelUnshuffle(int factor) -> shuffle(factor, y, x, true);
      case Resampling.Resize resize ->
          resize(resize, x, y, (fromY, fromX, toY, toX, w) -> mix(x, fromY, fromX, y, toY, toX, w));
      case Resampling.ResizeGradient(Resampling.Resize resize, int _, int _) ->
          resize(resize, y, x, (toY, toX, fromY, fromX, w) -> mix(x, fromY, fromX, y, toY, toX, w));
      case Resampling.AveragePool(int kernel, int stride) ->
          windows(
              kernel,
              stride,
              y,
              (fromY, fromX, toY, toX, w) -> mix(x, fromY, fromX, y, toY, toX, w));
      case Resampling.AveragePoolGradient(Resampling.AveragePool pool, int _, int _) ->
          windows(
              pool.kernel(),
              pool.stride(),
              x,
              (toY, toX, fromY, fromX, w) -> mix(x, fromY, fromX, y, toY, toX, w));
      case Resampling.MaxPool(int kernel, int stride) -> maxPool(kernel, stride, x, y, null);
      case Resampling.MaxPoolGradient(Resampling.MaxPool pool) ->
          maxPool(pool.kernel(), pool.stride(), x, Grid.of(inputs.get(1)), y);
    }
  }

  /** Coarse channel factor²·k + factor·i + j is fine channel k of pixel (i, j) in the block. */
  private static void shuffle(int factor, Grid coarse, Grid fine, boolean toCoarse) {
    for (int n = 0; n < fine.first(); n++) {
      for (int row = 0; row < fine.second(); row++) {
        for (int column = 0; column < fine.third(); column++) {
          for (int k = 0; k < fine.fourth(); k++) {
            int channel = factor * factor * k + factor * (row % factor) + column % factor;
            int inCoarse = coarse.at(n, row / factor, column / factor, channel);
            int inFine = fine.at(n, row, column, k);
            if (toCoarse) {
              coarse.values()[inCoarse] = fine.values()[inFine];
            } else {
              fine.values()[inFine] = coarse.values()[inCoarse];
            }
          }
        }
      }
    }
  }

  /** All images and channels: to += weight · from. */
  private static void mix(
      Grid from, int fromY, int fromX, Grid to, int toY, int toX, double weight) {
    for (int n = 0; n < from.first(); n++) {
      for (int c = 0; c < from.fourth(); c++) {
        to.add(n, toY, toX, c, weight * from.get(n, fromY, fromX, c));
      }
    }
  }

  /** Pairs each pixel of a map with the pixels of its resized map, rows' times columns' weight. */
  private static void resize(Resampling.Resize resize, Grid map, Grid resized, Pair pair) {
    ResizeTaps rows =
        ResizeTaps.of(resize.filter(), map.second(), resized.second(), resize.stepY());
    ResizeTaps columns =
        ResizeTaps.of(resize.filter(), map.third(), resized.third(), resize.stepX());
    for (int toY = 0; toY < resized.second(); toY++) {
      for (int toX = 0; toX < resized.third(); toX++) {
        for (int i = 0; i < rows.count(toY); i++) {
          for (int j = 0; j < columns.count(toX); j++) {
            double weight =
                rows.weights()[rows.offsets()[toY] + i]
                    * columns.weights()[columns.offsets()[toX] + j];
            pair.visit(rows.first()[toY] + i, columns.first()[toX] + j, toY, toX, weight);
          }
        }
      }
    }
  }

  /** Pairs each pooled pixel with the pixels of its window, of equal weights that add up to 1. */
  private static void windows(int kernel, int stride, Grid pooled, Pair pair) {
    for (int row = 0; row < pooled.second(); row++) {
      for (int column = 0; column < pooled.third(); column++) {
        for (int i = 0; i < kernel; i++) {
          for (int j = 0; j < kernel; j++) {
            pair.visit(row * stride + i, column * stride + j, row, column, 1.0 / (kernel * kernel));
          }
        }
      }
    }
  }

  /** Writes the maxima into pooled or, given dx, adds pooled's values to where the maxima are. */
  private static void maxPool(int kernel, int stride, Grid x, Grid pooled, @Nullable Grid dx) {
    for (int n = 0; n < pooled.first(); n++) {
      for (int row = 0; row < pooled.second(); row++) {
        for (int column = 0; column < pooled.third(); column++) {
          for (int c = 0; c < pooled.fourth(); c++) {
            int largest = x.at(n, row * stride, column * stride, c);
            for (int i = 0; i < kernel; i++) {
              for (int j = 0; j < kernel; j++) {
                int at = x.at(n, row * stride + i, column * stride + j, c);
                largest = x.values()[at] > x.values()[largest] ? at : largest;
              }
            }
            if (dx == null) {
              pooled.set(n, row, column, c, x.values()[largest]);
            } else {
              dx.values()[largest] += pooled.get(n, row, column, c);
            }
          }
        }
      }
    }
  }
}
