package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.image.Score;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.Evaluation;
import io.github.taipan.vmambair.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taipan evaluate}. */
@Command(
    name = "evaluate",
    description = "Measures PSNR and SSIM on folders of pictures, beside a baseline.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Results are rounded to 8 bits and compared on Y of BT.601 studio range. Super-resolution",
      "leaves out a border of 4 pixels and is set beside bicubic enlargement; deraining leaves out",
      "none and is set beside its input. Files that end in _lr4 never count as true pictures.",
      "",
      "Examples:",
      "  taipan evaluate --hr Set5",
      "  taipan evaluate --model derain.pth --hr clean --lq rainy --json scores.json"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private ModelOptions modelOptions = new ModelOptions();

  @Option(names = "--hr", paramLabel = "DIR", required = true, description = "true pictures")
  private Path truths = Path.of("");

  @Option(
      names = "--lq",
      paramLabel = "DIR",
      description = "degraded pictures, paired by name, else by order (default: made by bicubic)")
  private @Nullable Path degraded;

  @Option(names = "--json", paramLabel = "FILE", description = "write the table as JSON too")
  private @Nullable Path json;

  @Option(names = "--rounded-y", description = "round Y to 8 bits, as older tables do")
  private boolean roundedY;

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    try (Device device = common.open()) {
      Restorer restorer = new Restorer(modelOptions.load(device));
      String baseline = restorer.scale() > 1 ? "bicubic" : "input";
      System.out.printf(
          "%-24s %9s %8s %14s %14s%n",
          "picture", "PSNR-Y", "SSIM-Y", baseline + " PSNR", baseline + " SSIM");
      Evaluation evaluation =
          Evaluation.of(
              restorer,
              truths,
              degraded,
              roundedY,
              row -> {
                if (!common.quiet()) {
                  print(row);
                }
              });
      print(evaluation.mean());
      if (json != null) {
        Files.writeString(json, json(evaluation));
      }
    }
    return 0;
  }

  private static void print(Evaluation.Row row) {
    System.out.printf(
        Locale.ROOT,
        "%-24s %9.3f %8.4f %14.3f %14.4f%n",
        row.name(),
        row.model().psnr(),
        row.model().ssim(),
        row.baseline().psnr(),
        row.baseline().ssim());
  }

  private String json(Evaluation evaluation) {
    String images =
        evaluation.rows().stream()
            .map(row -> "{\"name\": " + quote(row.name()) + ", " + scores(row) + "}")
            .collect(Collectors.joining(",\n    "));
    return """
    {
      "model": %s,
      "images": [
        %s
      ],
      "mean": {%s}
    }
    """
        .formatted(quote(modelOptions.name()), images, scores(evaluation.mean()));
  }

  private static String scores(Evaluation.Row row) {
    Score model = row.model();
    Score baseline = row.baseline();
    return String.format(
        Locale.ROOT,
        "\"psnr_y\": %s, \"ssim_y\": %s, \"baseline_psnr_y\": %s, \"baseline_ssim_y\": %s",
        number(model.psnr()),
        number(model.ssim()),
        number(baseline.psnr()),
        number(baseline.ssim()));
  }

  /** JSON has no infinity: equal pictures have a PSNR of null. */
  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
