package io.github.taipan.vmambair.cli;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.model.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taipan forward}. */
@Command(
    name = "forward",
    description = "Runs a network on a tensor of a safetensors file, without touching its values.",
    sortOptions = false,
    footer = {
      "",
      "The input file holds the tensor \"input\" [batch, 3, height, width] in float32; the output"
          + " file gets \"output\", channels first as well. The configuration is YAML:",
      "  task: realsr4",
      "  dim: 48",
      "  blocks: [6, 2, 2, 1]",
      "  refinement_blocks: 6",
      "",
      "Examples:",
      "  taipan forward --input x.safetensors --output y.safetensors",
      "  taipan forward --config tiny.yaml --weights tiny.pth --input x.safetensors \\",
      "      --output y.safetensors"
    })
final class ForwardCommand implements Callable<Integer> {
  @Mixin private ModelOptions modelOptions = new ModelOptions();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML that describes the network, instead of a model's name")
  private @Nullable Path config;

  @Option(names = "--input", paramLabel = "FILE", required = true, description = "safetensors")
  private Path input = Path.of("");

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "safetensors")
  private Path output = Path.of("");

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    AtomicFile.check(output);
    Entry entry = Checkpoint.read(input).entries().get("input");
    if (entry == null) {
      throw new IOException(input + ": holds no tensor \"input\"");
    }
    requireImages(entry.shape());
    try (Device device = common.open()) {
      Model model =
          config == null
              ? modelOptions.load(device)
              : modelOptions.load(ConfigurationFile.read(config), device);
      Variable image = Variable.constant(device.tensor(entry.shape(), entry.floats()));
      Tensor result =
          NoGradient.call(
                  () -> Functions.nhwcToNchw(model.network().forward(Functions.nchwToNhwc(image))))
              .value();
      SequencedMap<String, Entry> entries = new LinkedHashMap<>();
      entries.put("output", Entry.of(result.shape(), result.toFloats()));
      new Checkpoint(entries, Map.of()).write(output);
      if (!common.quiet()) {
        common
            .out()
            .printf(
                "%s: %s to %s with %s on %s%n",
                output,
                entry.shape(),
                result.shape(),
                config == null ? modelOptions.name() : config,
                device.description());
      }
    }
    return 0;
  }

  private void requireImages(Shape shape) throws IOException {
    boolean fits =
        shape.rank() == 4
            && shape.elements() > 0
            && shape.size(1) == 3
            && shape.size(2) % Configuration.SIZE_MULTIPLE == 0
            && shape.size(3) % Configuration.SIZE_MULTIPLE == 0;
    if (!fits) {
      throw new IOException(
          "%s: \"input\" is [batch, 3, height, width], sides being multiples of 8, got %s"
              .formatted(input, shape));
    }
  }
}
