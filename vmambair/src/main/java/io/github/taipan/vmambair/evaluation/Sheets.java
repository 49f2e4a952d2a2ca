package io.github.taipan.vmambair.evaluation;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.vmambair.Comparison.Region;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.evaluation.Evaluation.Compared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link Sheet} for each picture of an evaluation, {@code NAME.png}, into a folder; or
 * only for those where the first method after the baseline gains most and least.
 */
public final class Sheets implements Evaluation.Listener {
  private static final Comparator<Ranked> BY_GAIN = Comparator.comparingDouble(Ranked::gain);

  private final Path folder;
  private final List<String> methods;
  private final Measure measure;
  private final @Nullable Region region;
  private final int each;
  private final List<Ranked> kept = new ArrayList<>();

  /** A sheet that may be written in the end. */
  private record Ranked(double gain, String name, Image sheet) {}

  /**
   * Sheets for a folder, which is made.
   *
   * @param methods their names, the baseline first
   * @param measure the evaluation's first, by which gains are told
   * @param region what is enlarged, in pixels of the truth; without it what {@link Sheet#window}
   *     finds
   * @param each how many pictures of the largest gains, and as many of the smallest; 0 for all
   */
  public Sheets(
      Path folder, List<String> methods, Measure measure, @Nullable Region region, int each)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    this.methods = methods;
    this.measure = measure;
    this.region = region;
    this.each = each;
  }

  @Override
  public void compared(Compared picture) throws IOException {
    Image truth = picture.truth();
    String name = picture.row().name();
    Image sheet;
    try {
      Region part = region == null ? Sheet.window(picture.results(), truth) : region;
      sheet = Sheet.draw(picture, methods, measure, part);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(name, e.getMessage()), e);
    }
    double difference = picture.row().difference(1, 0);
    Ranked ranked = new Ranked(measure.higherIsBetter() ? difference : -difference, name, sheet);
    if (each == 0) {
      write(ranked);
      return;
    }
    kept.add(ranked);
    kept.sort(BY_GAIN);
    if (kept.size() > 2 * each) {
      kept.remove(each); // the middle one: neither among the best nor the worst of all
    }
  }

  /** Writes the sheets that had to wait until all pictures were ranked. */
  public void finish() throws IOException {
    for (Ranked ranked : kept) {
      write(ranked);
    }
  }

  private void write(Ranked ranked) throws IOException {
    ImageFiles.write(Picture.opaque(ranked.sheet), folder.resolve(ranked.name + ".png"));
  }
}
