package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Cost;
import io.github.taipan.vmambair.model.Variant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taipan inspect}. */
@Command(
    name = "inspect",
    description = "Counts a network: parameters, operations, memory, and the shape of each layer.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Multiply-accumulates follow the rule of the paper's tables, scans included: convolutions",
      "and projections, 9LDN + LD a scan, pooling and enlargement. FLOPs are those of every",
      "operation, a multiply-add being two. Peak memory is that of the activations.",
      "",
      "Examples:",
      "  taipan inspect --model realsr4",
      "  taipan inspect --model derain --size 256x256 --json"
    })
final class InspectCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "PRESET",
      description = "the network (default: ${DEFAULT-VALUE})")
  private String preset = "sr4-light";

  @Option(names = "--variant", description = "an ablation: ${COMPLETION-CANDIDATES}")
  private Variant variant = Variant.FULL;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "of the input, multiples of 8 (default: ${DEFAULT-VALUE})")
  private String size = "64x64";

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    Configuration configuration = ModelOptions.preset(preset).with(variant);
    int[] sides = sides();
    Cost cost = Cost.of(configuration, sides[1], sides[0]);
    if (json) {
      printJson(cost);
    } else {
      printTable(cost);
    }
    return 0;
  }

  private int[] sides() {
    if (!size.matches("\\d{1,5}x\\d{1,5}")) {
      throw new IllegalArgumentException("--size is WIDTHxHEIGHT, such as 64x64, got " + size);
    }
    return Arrays.stream(size.split("x")).mapToInt(Integer::parseInt).toArray();
  }

  private void printTable(Cost cost) {
    if (!common.quiet()) {
      cost.layers().forEach(layer -> System.out.printf("%-48s %s%n", layer.name(), layer.output()));
      System.out.println();
    }
    row("network", preset + (variant == Variant.FULL ? "" : " " + variant));
    row("input", size);
    row("parameters", "%,d".formatted(cost.parameters()));
    row("multiply-accumulates", "%.2f G".formatted(1e-9 * cost.multiplyAccumulates()));
    row("FLOPs", "%.2f G".formatted(1e-9 * cost.flops()));
    row("bytes moved", "%.1f MB".formatted(1e-6 * cost.bytes()));
    row("peak memory", "%.1f MB".formatted(1e-6 * cost.peakBytes()));
    row("weights", "%.1f MB".formatted(4e-6 * cost.parameters()));
    row("launches", Integer.toString(cost.launches()));
  }

  private static void row(String name, String value) {
    System.out.printf("%-22s %s%n", name, value);
  }

  private void printJson(Cost cost) {
    String layers =
        cost.layers().stream()
            .map(
                layer ->
                    "{\"name\": \"%s\", \"shape\": %s}".formatted(layer.name(), layer.output()))
            .collect(Collectors.joining(",\n    "));
    System.out.printf(
        Locale.ROOT,
        """
        {
          "model": "%s",
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
        preset,
        variant,
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
