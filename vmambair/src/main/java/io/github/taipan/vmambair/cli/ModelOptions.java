package io.github.taipan.vmambair.cli;

import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.model.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network with which weights. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "a shipped model, a preset with --weights, or a file of weights"
              + " (default: ${DEFAULT-VALUE})")
  private String name = "sr4-light";

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "safetensors or PyTorch checkpoint for a preset")
  private @Nullable Path weights;

  String name() {
    return name;
  }

  /** Loads the model that the options name. */
  Model load(Device device) throws IOException {
    return weights == null ? Model.load(name, device) : load(preset(name), device);
  }

  /** Loads the weights into a network of this configuration. */
  Model load(Configuration configuration, Device device) throws IOException {
    if (weights == null) {
      throw new IllegalArgumentException("--weights is missing: a file to load the network from");
    }
    return Model.load(name, configuration, weights, device);
  }

  /** The preset of this name. */
  static Configuration preset(String name) {
    Configuration configuration = Configuration.named().get(name);
    if (configuration == null) {
      throw new IllegalArgumentException(
          "no preset is named \"%s\": there are %s"
              .formatted(name, String.join(", ", Configuration.named().keySet())));
    }
    return configuration;
  }
}
