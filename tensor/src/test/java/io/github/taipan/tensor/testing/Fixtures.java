package io.github.taipan.tensor.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the oracle files in the repository's {@code tests/fixtures} folder, from any module. */
public final class Fixtures {
  private static final Path FOLDER = find();

  private Fixtures() {}

  /** The path of a fixture, named relative to {@code tests/fixtures}. */
  public static Path path(String name) {
    Path path = FOLDER.resolve(name);
    if (!Files.exists(path)) {
      throw new IllegalArgumentException("no fixture " + name + " in " + FOLDER);
    }
    return path;
  }

  private static Path find() {
    String given = System.getProperty("taipan.fixtures");
    if (given != null) {
      return Path.of(given);
    }
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      Path candidate = folder.resolve("tests").resolve("fixtures");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    throw new IllegalStateException("no folder tests/fixtures above " + start);
  }
}
