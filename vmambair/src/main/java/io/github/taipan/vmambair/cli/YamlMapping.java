package io.github.taipan.vmambair.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A file of settings: a YAML mapping of known names to values. */
final class YamlMapping {
  private static final long LARGEST = 64 * 1024;

  private YamlMapping() {}

  /**
   * Reads a file.
   *
   * @param names what may be set
   * @throws IOException for no such file, and for one that is unreadable
   * @throws IllegalArgumentException in one sentence without the file's name: what is wrong with it
   */
  static SequencedMap<String, Object> read(Path file, Set<String> names) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          file + (Files.exists(file) ? ": is no regular file" : ": there is no such file"));
    }
    if (Files.size(file) > LARGEST) {
      throw new IllegalArgumentException("is too large for a configuration");
    }
    try {
      return parse(file.toString(), Files.readString(file), names);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("is no text in UTF-8", e);
    }
  }

  /** Reads a text, which has a label for messages. */
  static SequencedMap<String, Object> parse(String label, String text, Set<String> names) {
    Object document;
    try {
      document = new Load(LoadSettings.builder().setLabel(label).build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("is no YAML: " + problem(e), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("is nested too deeply", e);
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("is no YAML mapping of names to values");
    }
    SequencedMap<String, Object> mapping = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String name = String.valueOf(entry.getKey());
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "does not know \"%s\"; there are %s"
                .formatted(name, String.join(", ", new TreeSet<>(names))));
      }
      mapping.put(name, entry.getValue());
    }
    return mapping;
  }

  /** A value as text, a list's separated by commas. */
  static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : value == null ? "" : value.toString();
  }

  private static String problem(YamlEngineException e) {
    return e instanceof MarkedYamlEngineException marked
        ? marked.getProblem()
            + marked.getProblemMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse("")
        : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
