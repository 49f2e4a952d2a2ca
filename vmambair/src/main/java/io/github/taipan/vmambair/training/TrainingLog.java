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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The history of a run, one JSON object a line: {@code {"step", "loss", "rate",
 * "images_per_second"}} for spans of steps, {@code {"step", "psnr_y", "ssim_y"}} for validations,
 * and {@code {"step"}} with other numbers where a run has more to tell. A number that is not finite
 * is {@code null}.
 */
public final class TrainingLog {
  private static final Pattern STEP = Pattern.compile("\"step\": (\\d+)");
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\": ");

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
   * @param losses by name, of letters, digits and underscores
   */
  public void losses(long step, Map<String, Double> losses, double rate, double imagesPerSecond)
      throws IOException {
    List<String> fields = new ArrayList<>();
    losses.forEach((name, loss) -> fields.add(field(name, "%.6f", loss)));
    fields.add(field("rate", "%.4g", rate));
    fields.add(field("images_per_second", "%.2f", imagesPerSecond));
    append(step, fields.toArray(String[]::new));
  }

  /** Notes a validation of the averaged weights. */
  public void validation(long step, Score score) throws IOException {
    append(step, field("psnr_y", "%.4f", score.psnr()), field("ssim_y", "%.5f", score.ssim()));
  }

  private static String field(String name, String format, double value) {
    if (!name.matches("\\w+") || name.equals("step")) {
      throw new IllegalArgumentException("a field of the log cannot be named " + name);
    }
    return "\"%s\": %s"
        .formatted(name, Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : null);
  }

  private void append(long step, String... fields) throws IOException {
    append("{\"step\": " + step + ", " + String.join(", ", fields) + "}");
  }

  private void append(String line) throws IOException {
    lines.add(line);
    Files.write(
        file, (line + "\n").getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** A number over the steps at which it was noted. */
  public record Point(long step, double value) {}

  /** The names of all fields but the step, in the order in which they came. */
  public SequencedSet<String> fields() {
    SequencedSet<String> names = new LinkedHashSet<>();
    for (String line : lines) {
      FIELD.matcher(line).results().map(found -> found.group(1)).forEach(names::add);
    }
    names.remove("step");
    return names;
  }

  /** All notes of one field that are numbers, such as {@code loss} or {@code psnr_y}. */
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
