package io.github.taipan.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An installed TornadoVM SDK.
 *
 * @param folder where it lies
 */
record Sdk(Path folder) {
  static final String VARIABLE = "TORNADOVM_HOME";

  /** The file of JVM options, with places to fill in, that every SDK has at its top. */
  static final String OPTIONS = "tornado-argfile.template";

  private static final Pattern JAR = Pattern.compile("tornado-api-(.+)\\.jar");

  /**
   * Where an SDK should lie: in {@code TORNADOVM_HOME}, or else where SDKMAN puts it.
   *
   * @param home the user's folder
   */
  static Sdk expected(Map<String, String> environment, Path home) {
    String named = environment.getOrDefault(VARIABLE, "");
    return new Sdk(
        named.isBlank() ? home.resolve(".sdkman/candidates/tornadovm/current") : Path.of(named));
  }

  /** Whether it lies there. */
  boolean exists() {
    return Files.exists(folder.resolve(OPTIONS));
  }

  /** Its version, by the names of its jars. */
  Optional<String> version() {
    Path jars = folder.resolve("share/java/tornado");
    if (!Files.isDirectory(jars)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(jars)) {
      return files
          .map(file -> JAR.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
