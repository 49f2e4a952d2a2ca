package io.github.taipan.vmambair.training;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Protocol;
import io.github.taipan.nn.image.Score;
import io.github.taipan.vmambair.Restorer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pictures that a run is judged by and never learns from.
 *
 * @param pairs degraded pictures and the true ones
 * @param protocol how they are compared
 */
public record ValidationSet(List<Pair> pairs, Protocol protocol) {
  /** A degraded picture and the true one. */
  public record Pair(Image degraded, Image truth) {}

  /** Pictures shrunk by the scale, measured on Y with a border of {@code scale} pixels left out. */
  public static ValidationSet superResolution(List<Image> truths, int scale) {
    List<Pair> pairs = new ArrayList<>();
    for (Image image : truths) {
      Image truth = image.toRgb().cropToMultiple(scale);
      pairs.add(new Pair(Bicubic.shrink(truth, scale), truth));
    }
    return new ValidationSet(List.copyOf(pairs), Protocol.y(scale));
  }

  /** Given pairs, measured on Y; where the scale is not 1, {@code scale} pixels are left out. */
  public static ValidationSet paired(List<Pair> pairs, int scale) {
    return new ValidationSet(List.copyOf(pairs), Protocol.y(scale > 1 ? scale : 0));
  }

  /** The mean score of a restorer over all pictures. */
  public Score measure(Restorer restorer) {
    return measure(restore(restorer));
  }

  /** The degraded pictures restored, in order. */
  public List<Image> restore(Restorer restorer) {
    return pairs.stream().map(pair -> restorer.restore(pair.degraded)).toList();
  }

  /** The mean score of pictures that {@link #restore} gave. */
  public Score measure(List<Image> restored) {
    return Score.mean(
        IntStream.range(0, pairs.size())
            .mapToObj(i -> protocol.measure(restored.get(i), pairs.get(i).truth))
            .toList());
  }
}
