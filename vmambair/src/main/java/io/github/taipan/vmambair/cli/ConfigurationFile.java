package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A network's configuration as YAML: task, dim, blocks, refinement_blocks and, maybe, variant. */
final class ConfigurationFile {
  private static final long LARGEST = 64 * 1024;
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
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          file + (Files.exists(file) ? ": is no regular file" : ": there is no such file"));
    }
    if (Files.size(file) > LARGEST) {
      throw new IllegalArgumentException("is too large for a configuration");
    }
    Object document;
    try {
      document =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("is no text in UTF-8", e);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("is no YAML: " + problem(e), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("is nested too deeply", e);
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("is no YAML mapping of names to values");
    }
    for (Object key : map.keySet()) {
      if (!KEYS.contains(String.valueOf(key))) {
        throw new IllegalArgumentException(
            "does not know \"%s\"; there are %s"
                .formatted(key, String.join(", ", new TreeSet<>(KEYS))));
      }
    }
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

  private static String problem(YamlEngineException e) {
    return e instanceof MarkedYamlEngineException marked
        ? marked.getProblem()
            + marked.getProblemMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse("")
        : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
