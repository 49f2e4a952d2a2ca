package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.Restorer;
import io.github.taipan.vmambair.evaluation.Evaluation;
import io.github.taipan.vmambair.evaluation.Measure;
import io.github.taipan.vmambair.evaluation.Method;
import io.github.taipan.vmambair.evaluation.Sheets;
import io.github.taipan.vmambair.evaluation.TestSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taipan evaluate}. */
@Command(
    name = "evaluate",
    description = "Measures models side by side on folders of pictures, beside a baseline.",
    sortOptions = false,
    footer = {
      "",
      "The baseline is bicubic enlargement or, for deraining, the input. Results are rounded to 8"
          + " bits. Y is that of BT.601 studio range. The protocol basicsr does not round it, and"
          + " leaves out a border of 4 pixels for super-resolution, none for deraining; matlab"
          + " rounds it and leaves out none; derain-fork does neither, and its SSIM goes up to the"
          + " edges. LPIPS and DISTS compare whole pictures in RGB, whatever the protocol, and the"
          + " smaller the better. Files that end in _lr4 never count as true pictures.",
      "",
      "Examples:",
      "  taipan evaluate --hr Set5 --sheet sheets",
      "  taipan evaluate --model sr4-light --model mine.pth --hr Set5 --csv set5.csv",
      "  taipan evaluate --model derain.pth --hr clean --lq rainy --protocol matlab",
      "  taipan evaluate --hr Set5 --measures psnr-y,lpips,dists --vgg16 vgg16.pth"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private ModelsOptions modelsOptions = new ModelsOptions();

  @Option(names = "--hr", paramLabel = "DIR", required = true, description = "true pictures")
  private Path truths = Path.of("");

  @Option(
      names = "--lq",
      paramLabel = "DIR",
      description = "degraded pictures, paired by name, else by order (default: made by bicubic)")
  private @Nullable Path degraded;

  @Mixin private MeasureOptions measureOptions = new MeasureOptions();

  @Option(names = "--csv", paramLabel = "FILE", description = "write the tables as CSV too")
  private @Nullable Path csv;

  @Option(names = "--json", paramLabel = "FILE", description = "write the tables as JSON too")
  private @Nullable Path json;

  @Mixin private SheetOptions sheetOptions = new SheetOptions();

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    modelsOptions.check(common);
    measureOptions.check(common);
    sheetOptions.check(common);
    for (Path file : new @Nullable Path[] {csv, json}) {
      if (file != null) {
        AtomicFile.check(file);
      }
    }
    try (Device device = common.open()) {
      List<Model> models = modelsOptions.load(device);
      int scale = models.getFirst().network().configuration().task().scale();
      Evaluation evaluation = evaluate(models, scale, device);
      EvaluationText.printMeans(common.out(), evaluation);
      String protocol = measureOptions.protocol(scale);
      if (!common.quiet()) {
        common
            .out()
            .printf(
                "%n+/-: 95 %% confidence over pictures (Student's t; differences are paired)%n%s%n%s on %s%n",
                protocol, String.join(", ", modelsOptions.names()), device.description());
      }
      if (csv != null) {
        AtomicFile.write(csv, EvaluationFiles.csv(evaluation));
      }
      if (json != null) {
        AtomicFile.write(json, EvaluationFiles.json(evaluation, modelsOptions.names(), protocol));
      }
    }
    return 0;
  }

  private Evaluation evaluate(List<Model> models, int scale, Device device) throws IOException {
    TestSet pictures = TestSet.of(truths, degraded, scale);
    List<Measure> measures = measureOptions.measures(scale, device);
    List<Method> methods = methods(models, scale);
    List<String> names = methods.stream().map(Method::name).toList();
    Sheets sheets = sheetOptions.open(names, measures.getFirst(), truths, degraded);
    TextTable table =
        common.quiet()
            ? null
            : EvaluationText.pictures(
                common.out(),
                names,
                measures,
                pictures.pairs().stream().map(ImageFolder.Pair::name).toList());
    Evaluation evaluation =
        Evaluation.of(
            methods,
            measures,
            pictures,
            compared -> {
              if (table != null) {
                table.row(EvaluationText.row(compared.row(), measures));
              }
              if (sheets != null) {
                sheets.compared(compared);
              }
            });
    if (sheets != null) {
      sheets.finish();
    }
    if (table != null) {
      common.out().println();
    }
    return evaluation;
  }

  /** The baseline and the models, which share the memory. */
  private List<Method> methods(List<Model> models, int scale) {
    Method baseline = Method.baseline(scale);
    List<String> titles = modelsOptions.titles(baseline.name());
    List<Method> methods = new ArrayList<>(List.of(baseline));
    for (int i = 0; i < models.size(); i++) {
      Restorer restorer = new Restorer(models.get(i), Restorer.usableHeap() / models.size());
      methods.add(Method.of(titles.get(i), restorer));
    }
    return methods;
  }
}
