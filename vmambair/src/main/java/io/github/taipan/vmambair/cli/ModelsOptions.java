package io.github.taipan.vmambair.cli;

import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.model.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One or several networks with their weights. */
final class ModelsOptions {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "a shipped model, a preset with --weights, or a file of weights; given again, more of"
              + " them side by side (default: sr4-light)")
  private List<String> names = List.of("sr4-light");

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "safetensors or PyTorch checkpoint for the one model, a preset")
  private @Nullable Path weights;

  /** As they were asked for. */
  List<String> names() {
    return names;
  }

  void check(CommonOptions common) {
    if (weights != null && names.size() > 1) {
      throw common.misuse("--weights is for one --model, there are " + names.size());
    }
    if (Set.copyOf(names).size() < names.size()) {
      throw common.misuse("each --model is given once, not " + String.join(", ", names));
    }
  }

  /** Loads all, which must have one scale. */
  List<Model> load(Device device) throws IOException {
    List<Model> models = new ArrayList<>();
    Set<String> scales = new TreeSet<>();
    for (String name : names) {
      Model model =
          weights == null
              ? Model.load(name, device)
              : Model.load(name, ModelOptions.preset(name), weights, device);
      models.add(model);
      scales.add("x" + model.network().configuration().task().scale());
    }
    if (scales.size() > 1) {
      throw new IOException(
          "models are set side by side at one scale, these have " + String.join(", ", scales));
    }
    return models;
  }

  /** Their names in tables that also have this one: a file's is short where that is clear. */
  List<String> titles(String baseline) {
    List<String> titles = names.stream().map(ModelsOptions::title).toList();
    long distinct = Stream.concat(titles.stream(), Stream.of(baseline)).distinct().count();
    return distinct > names.size() ? titles : names;
  }

  private static String title(String name) {
    if (Model.SHIPPED.contains(name) || Configuration.named().containsKey(name)) {
      return name;
    }
    String file = String.valueOf(Path.of(name).getFileName());
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
