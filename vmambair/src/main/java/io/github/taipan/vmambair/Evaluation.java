package io.github.taipan.vmambair;

import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Protocol;
import io.github.taipan.nn.image.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares a model's results, and those of a baseline, with the true pictures. The baseline is
 * bicubic enlargement, or for deraining the rainy picture itself.
 */
public record Evaluation(List<Row> rows) {
  /** One picture: what the model and the baseline reach. */
  public record Row(String name, Score model, Score baseline) {}

  /**
   * Evaluates over folders.
   *
   * @param truths folder of true pictures
   * @param degraded folder of degraded ones; without it they are shrunk by bicubic interpolation
   * @param roundedY whether Y is rounded to 8 bits, as older tables have it
   * @param progress told of each row as soon as it is there
   * @throws IOException when the folders do not pair, or a picture cannot be read
   */
  public static Evaluation of(
      Restorer restorer,
      Path truths,
      @Nullable Path degraded,
      boolean roundedY,
      Consumer<Row> progress)
      throws IOException {
    int scale = restorer.scale();
    int crop = scale > 1 ? scale : 0;
    Protocol protocol = roundedY ? Protocol.roundedY(crop) : Protocol.y(crop);
    List<Row> rows = new ArrayList<>();
    for (ImageFolder.Pair pair : pairs(truths, degraded, scale)) {
      Image truth = ImageFiles.read(pair.truth()).colour();
      Image input;
      if (degraded == null) {
        truth = truth.cropToMultiple(scale);
        input = Bicubic.shrink(truth, scale);
      } else {
        input = ImageFiles.read(pair.degraded()).colour();
        truth = truth.cropToMultiple(scale);
        pair.requireScale(input, truth, scale);
      }
      Image baseline = scale > 1 ? Bicubic.enlarge(input, scale) : input;
      Row row =
          new Row(
              pair.name(),
              protocol.measure(restorer.restore(input), truth),
              protocol.measure(baseline, truth));
      progress.accept(row);
      rows.add(row);
    }
    return new Evaluation(List.copyOf(rows));
  }

  private static List<ImageFolder.Pair> pairs(Path truths, @Nullable Path degraded, int scale)
      throws IOException {
    if (degraded != null) {
      return ImageFolder.pairs(degraded, truths);
    }
    if (scale == 1) {
      throw new IllegalArgumentException(
          "deraining is evaluated on pairs: give the folder of rainy pictures too (--lq)");
    }
    return ImageFolder.truths(truths).stream()
        .map(file -> new ImageFolder.Pair(ImageFolder.name(file), file, file))
        .toList();
  }

  /** The means over all pictures, under the name "mean". */
  public Row mean() {
    return new Row(
        "mean",
        Score.mean(rows.stream().map(Row::model).toList()),
        Score.mean(rows.stream().map(Row::baseline).toList()));
  }
}
