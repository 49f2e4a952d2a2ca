package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Cost;
import io.github.taipan.vmambair.model.Variant;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taipan inspect}. */
@Command(
    name = "inspect",
    description = "Counts a network: parameters, operations, memory, and the shape of each layer.",
    sortOptions = false,
    footer = {
      "",
      "Multiply-accumulates follow the rule of the paper's tables, scans included: convolutions"
          + " and projections, 9LDN + LD a scan, pooling and enlargement. FLOPs are those of every"
          + " operation, a multiply-add being two. Peak memory is that of the activations.",
      "",
      "Examples:",
      "  taipan inspect --model realsr4",
      "  taipan inspect --model derain --size 256x256 --json"
    })
final class InspectCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "a preset or a file of weights (default: ${DEFAULT-VALUE})")
  private String name = "sr4-light";

  @Option(names = "--variant", description = "an ablation: ${COMPLETION-CANDIDATES}")
  private @Nullable Variant variant;

  @Mixin private SizeOption size = new SizeOption();

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    int[] sides = size.sides(common);
    Configuration given = Model.configuration(name);
    Configuration configuration = variant == null ? given : given.with(variant);
    Cost cost = Cost.of(configuration, sides[1], sides[0]);
    if (json) {
      printJson(configuration, cost);
    } else {
      printTable(configuration, cost);
    }
    return 0;
  }

  private void printTable(Configuration configuration, Cost cost) {
    if (!common.quiet()) {
      cost.layers()
          .forEach(layer -> common.out().printf("%-48s %s%n", layer.name(), layer.output()));
      common.out().println();
    }
    row(
        "network",
        name + (configuration.variant() == Variant.FULL ? "" : " " + configuration.variant()));
    row("input", size.toString());
    row("parameters", "%,d".formatted(cost.parameters()));
    row("multiply-accumulates", "%.2f G".formatted(1e-9 * cost.multiplyAccumulates()));
    row("FLOPs", "%.2f G".formatted(1e-9 * cost.flops()));
    row("bytes moved", "%.1f MB".formatted(1e-6 * cost.bytes()));
    row("peak memory", "%.1f MB".formatted(1e-6 * cost.peakBytes()));
    row("weights", "%.1f MB".formatted(4e-6 * cost.parameters()));
    row("launches", Integer.toString(cost.launches()));
  }

  private void row(String name, String value) {
    common.out().printf("%-22s %s%n", name, value);
  }

  private void printJson(Configuration configuration, Cost cost) {
    String layers =
        cost.layers().stream()
            .map(
                layer ->
                    "{\"name\": \"%s\", \"shape\": %s}".formatted(layer.name(), layer.output()))
            .collect(Collectors.joining(",\n    "));
    common
        .out()
        .printf(
            Locale.ROOT,
            """
            {
              "model": %s,
              "variant": "%s",
              "input": "%s",
              "parameters": %d,
              "multiply_accumulates": %d,
              "flops": %d,
              "bytes": %d,
              "peak_bytes": %d,
              "launches": %d,
              "layers": [
                %s
              ]
            }
            """,
            Json.quote(name),
            configuration.variant(),
            size,
            cost.parameters(),
            cost.multiplyAccumulates(),
            cost.flops(),
            cost.bytes(),
            cost.peakBytes(),
            cost.launches(),
            layers);
  }
}
