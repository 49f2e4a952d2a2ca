package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.nn.image.Score;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.Evaluation;
import io.github.taipan.vmambair.Restorer;
import java.io.IOException;
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
    sortOptions = false,
    footer = {
      "",
      "Results are rounded to 8 bits and compared on Y of BT.601 studio range. Super-resolution"
          + " leaves out a border of 4 pixels and is set beside bicubic enlargement; deraining"
          + " leaves out none and is set beside its input. Files that end in _lr4 never count as"
          + " true pictures.",
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
    if (json != null) {
      AtomicFile.check(json);
    }
    try (Device device = common.open()) {
      Restorer restorer = new Restorer(modelOptions.load(device));
      Evaluation evaluation =
          Evaluation.of(restorer, truths, degraded, roundedY, new Table(restorer.scale())::add);
      print(evaluation.mean());
      if (!common.quiet()) {
        common.out().printf("%s on %s%n", modelOptions.name(), device.description());
      }
      if (json != null) {
        AtomicFile.write(json, json(evaluation));
      }
    }
    return 0;
  }

  /** Prints rows as they come, under a heading. */
  private final class Table {
    private final String baseline;
    private boolean begun;

    Table(int scale) {
      baseline = scale > 1 ? "bicubic" : "input";
    }

    void add(Evaluation.Row row) {
      if (common.quiet()) {
        return;
      }
      if (!begun) {
        common
            .out()
            .printf(
                "%-24s %9s %8s %14s %14s%n",
                "picture", "PSNR-Y", "SSIM-Y", baseline + " PSNR", baseline + " SSIM");
        begun = true;
      }
      print(row);
    }
  }

  private void print(Evaluation.Row row) {
    common
        .out()
        .printf(
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
            .map(row -> "{\"name\": " + Json.quote(row.name()) + ", " + scores(row) + "}")
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
        .formatted(Json.quote(modelOptions.name()), images, scores(evaluation.mean()));
  }

  private static String scores(Evaluation.Row row) {
    Score model = row.model();
    Score baseline = row.baseline();
    return String.format(
        Locale.ROOT,
        "\"psnr_y\": %s, \"ssim_y\": %s, \"baseline_psnr_y\": %s, \"baseline_ssim_y\": %s",
        Json.number(model.psnr()),
        Json.number(model.ssim()),
        Json.number(baseline.psnr()),
        Json.number(baseline.ssim()));
  }
}
