package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A network's configuration as YAML: task, dim, blocks, refinement_blocks and, maybe, variant. */
final class ConfigurationFile {
  private static final Set<String> KEYS =
      Set.of("task", "dim", "blocks", "refinement_blocks", "variant");

  private ConfigurationFile() {}

  static Configuration read(Path file) throws IOException {
    try {
      return parse(file);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Configuration parse(Path file) throws IOException {
    Map<?, ?> map = YamlFile.mapping(file, "configuration");
    YamlFile.requireKnown(map, KEYS);
    if (!(map.get("task") instanceof String task)) {
      throw new IllegalArgumentException("task is derain, sr4 or realsr4");
    }
    List<Integer> blocks = new ArrayList<>();
    if (!(map.get("blocks") instanceof List<?> counts)) {
      throw new IllegalArgumentException("blocks is a list of four counts");
    }
    for (Object count : counts) {
      blocks.add(integer("blocks", count));
    }
    return new Configuration(
        Task.of(task),
        integer("dim", map.get("dim")),
        blocks,
        integer("refinement_blocks", map.get("refinement_blocks")),
        variant(map.get("variant")));
  }

  private static int integer(String key, @Nullable Object value) {
    if (value instanceof Integer number) {
      return number;
    }
    throw new IllegalArgumentException(key + " is a whole number, got " + value);
  }

  private static Variant variant(@Nullable Object value) {
    if (value == null) {
      return Variant.FULL;
    }
    try {
      return Variant.valueOf(value.toString().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "no variant is named \"%s\"; there are %s"
              .formatted(
                  value,
                  Arrays.stream(Variant.values())
                      .map(variant -> variant.name().toLowerCase(Locale.ROOT))
                      .collect(Collectors.joining(", "))),
          e);
    }
  }
}
