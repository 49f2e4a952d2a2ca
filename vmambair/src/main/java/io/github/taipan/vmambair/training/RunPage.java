package io.github.taipan.vmambair.training;

import static java.util.stream.Collectors.joining;

import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.vmambair.training.TrainingLog.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A page that shows how a run goes on, {@code index.html} in its folder: what is trained and how,
 * the curves, and the {@linkplain ValidationPictures pictures} of the validations. It needs no
 * server and no other file but those pictures, and reloads itself while the run goes on.
 */
public final class RunPage {
  private static final int SECONDS = 30;
  private static final int EARLIER = 8; // validations shown of a longer run, evenly spread

  private RunPage() {}

  /**
   * Writes the page as things stand.
   *
   * @param folder of the run
   * @param recipe by name, as {@link Recipe#describe} gives it; {@code task} heads the page
   * @param finished whether nothing will change any more
   */
  public static void write(
      Path folder, TrainingLog log, Map<String, String> recipe, boolean finished)
      throws IOException {
    String title = "Training: " + recipe.getOrDefault("task", String.valueOf(folder.getFileName()));
    String page =
        """
        <!DOCTYPE html>
        <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
        <head>
        <meta charset="utf-8"/>
        %s<title>%s</title>
        <style>
        body { font-family: sans-serif; margin: 2em auto; max-width: 1000px; color: #222 }
        table { border-collapse: collapse; font-size: 13px }
        td { padding: 1px 1em 1px 0 }
        img { max-width: 100%% }
        figure { display: inline-block; margin: 0 8px 8px 0 }
        figcaption { font-size: 12px; color: #666 }
        svg { max-width: 100%%; height: auto }
        </style>
        </head>
        <body>
        <h1>%s</h1>
        <p>%s</p>
        %s%s<h2>Recipe</h2>
        <table>
        %s</table>
        </body>
        </html>
        """
            .formatted(
                finished ? "" : "<meta http-equiv=\"refresh\" content=\"" + SECONDS + "\"/>\n",
                escaped(title),
                escaped(title),
                escaped(state(log, finished)),
                CurvePlot.svg(log),
                pictures(folder),
                recipe.entrySet().stream()
                    .map(
                        line ->
                            "<tr><td>%s</td><td>%s</td></tr>\n"
                                .formatted(escaped(line.getKey()), escaped(line.getValue())))
                    .collect(joining()));
    AtomicFile.write(folder.resolve("index.html"), page);
  }

  private static String state(TrainingLog log, boolean finished) {
    List<String> parts = new ArrayList<>();
    parts.add(finished ? "Finished" : "Running");
    last(log, "loss").ifPresent(point -> parts.add("step " + point.step()));
    last(log, "images_per_second")
        .ifPresent(p -> parts.add(String.format(Locale.ROOT, "%.1f images/s", p.value())));
    log.series("psnr_y").stream()
        .max(Comparator.comparingDouble(Point::value))
        .ifPresent(
            best ->
                parts.add(
                    String.format(
                        Locale.ROOT,
                        "best validation PSNR %.3f dB at step %d",
                        best.value(),
                        best.step())));
    return String.join(", ", parts);
  }

  private static Optional<Point> last(TrainingLog log, String field) {
    List<Point> points = log.series(field);
    return points.isEmpty() ? Optional.empty() : Optional.of(points.getLast());
  }

  private static String pictures(Path folder) throws IOException {
    Path validation = folder.resolve(ValidationPictures.FOLDER);
    List<String> strips = names(validation, "\\d+\\.png");
    List<String> steps = names(validation, "\\d{8,}");
    StringBuilder html = new StringBuilder();
    for (String strip : strips) {
      html.append(html.isEmpty() ? "<h2>Last validation: input, restored, truth</h2>\n" : "");
      html.append(picture(strip, ""));
    }
    html.append(steps.isEmpty() ? "" : "<h2>Restored, step by step</h2>\n");
    for (String strip : strips) {
      html.append("<div>\n");
      int shown = Math.min(EARLIER, steps.size());
      for (int i = 1; i <= shown; i++) { // the last one always
        String step = steps.get(i * steps.size() / shown - 1);
        if (Files.exists(validation.resolve(step).resolve(strip))) {
          html.append(picture(step + "/" + strip, "step " + Long.parseLong(step)));
        }
      }
      html.append("</div>\n");
    }
    return html.toString();
  }

  private static String picture(String file, String caption) {
    return """
    <figure><img src="%s/%s" alt="%s"/><figcaption>%s</figcaption></figure>
    """
        .formatted(ValidationPictures.FOLDER, file, file, caption);
  }

  /** The names in a folder of a form, in order; none where there is no folder. */
  private static List<String> names(Path folder, String form) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(form))
          .sorted()
          .toList();
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
