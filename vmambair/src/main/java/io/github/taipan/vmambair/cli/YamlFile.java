package io.github.taipan.vmambair.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads YAML that a user wrote. */
final class YamlFile {
  private static final long LARGEST = 64 * 1024;

  private YamlFile() {}

  /**
   * The mapping that a file holds.
   *
   * @param what it is, for sentences
   * @throws IOException where there is no such file, naming it
   * @throws IllegalArgumentException for any other content, not naming the file
   */
  static Map<?, ?> mapping(Path file, String what) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          file + (Files.exists(file) ? ": is no regular file" : ": there is no such file"));
    }
    if (Files.size(file) > LARGEST) {
      throw new IllegalArgumentException("is too large for a " + what);
    }
    try {
      return mapping(file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("is no text in UTF-8", e);
    }
  }

  /** The mapping that a text holds, which has a label. */
  static Map<?, ?> mapping(String label, String text) {
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
    return map;
  }

  /** Checks that a mapping sets nothing but these. */
  static void requireKnown(Map<?, ?> mapping, Collection<String> names) {
    for (Object key : mapping.keySet()) {
      if (!names.contains(String.valueOf(key))) {
        throw new IllegalArgumentException(
            "does not know \"%s\"; there are %s"
                .formatted(key, String.join(", ", new TreeSet<>(names))));
      }
    }
  }

  private static String problem(YamlEngineException e) {
    return e instanceof MarkedYamlEngineException marked
        ? marked.getProblem()
            + marked.getProblemMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse("")
        : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
