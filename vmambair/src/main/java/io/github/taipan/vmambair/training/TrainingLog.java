package io.github.taipan.vmambair.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.nn.image.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The history of a run, one JSON object a line: {@code {"step", "loss", "rate",
 * "images_per_second"}} for spans of steps, {@code {"step", "psnr_y", "ssim_y"}} for validations.
 */
public final class TrainingLog {
  private static final Pattern STEP = Pattern.compile("\"step\": (\\d+)");

  private final Path file;
  private final List<String> lines = new ArrayList<>();

  /**
   * Opens the log of a run that has made so many steps. Later lines, written after the state that
   * is resumed from, are dropped, and so is one that was cut short.
   */
  public TrainingLog(Path file, long steps) throws IOException {
    this.file = file;
    if (steps > 0 && Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        Matcher step = STEP.matcher(line);
        if (line.endsWith("}") && step.find() && Long.parseLong(step.group(1)) <= steps) {
          lines.add(line);
        }
      }
    }
    AtomicFile.write(file, lines.stream().map(line -> line + "\n").collect(joining()));
  }

  /**
   * Notes the mean losses of the steps since the last line.
   *
   * @param losses by name, such as {@code loss}
   */
  public void losses(long step, Map<String, Double> losses, double rate, double imagesPerSecond)
      throws IOException {
    StringBuilder line = new StringBuilder("{\"step\": " + step);
    losses.forEach(
        (name, loss) -> line.append(String.format(Locale.ROOT, ", \"%s\": %.6f", name, loss)));
    line.append(
        String.format(
            Locale.ROOT, ", \"rate\": %.4g, \"images_per_second\": %.2f}", rate, imagesPerSecond));
    append(line.toString());
  }

  /** Notes a validation of the averaged weights. */
  public void validation(long step, Score score) throws IOException {
    append(
        String.format(
            Locale.ROOT,
            "{\"step\": %d, \"psnr_y\": %.4f, \"ssim_y\": %.5f}",
            step,
            score.psnr(),
            score.ssim()));
  }

  private void append(String line) throws IOException {
    lines.add(line);
    Files.write(
        file, (line + "\n").getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** A number over the steps at which it was noted. */
  public record Point(long step, double value) {}

  /** All notes of one field, such as {@code loss} or {@code psnr_y}. */
  public List<Point> series(String field) {
    Pattern value = Pattern.compile("\"" + field + "\": ([-+.\\deE]+)");
    List<Point> points = new ArrayList<>();
    for (String line : lines) {
      Matcher step = STEP.matcher(line);
      Matcher found = value.matcher(line);
      if (step.find() && found.find()) {
        points.add(new Point(Long.parseLong(step.group(1)), Double.parseDouble(found.group(1))));
      }
    }
    return points;
  }
}
