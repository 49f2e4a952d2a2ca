package io.github.taipan.nn.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;

/**
 * The user's own copy of the academic picture sets, which this project does not ship: the folder
 * that the environment variable {@code TAIPAN_DATA} names, or {@code shared/data} beside the
 * checkout.
 */
final class Benchmarks {
  private Benchmarks() {}

  /** A set's folder; without one the test is skipped, saying so. */
  static Path folder(String name) {
    String given = System.getenv("TAIPAN_DATA");
    if (given != null) {
      return Path.of(given, name);
    }
    Path parent = Path.of("").toAbsolutePath();
    for (; parent != null; parent = parent.getParent()) {
      Path candidate = parent.resolve("shared").resolve("data").resolve(name);
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    String reason = "Skipped: no folder shared/data/" + name + " (or set TAIPAN_DATA).";
    System.out.println(reason);
    return Assumptions.abort(reason);
  }

  /** The files of a folder that end so, sorted. */
  static List<Path> files(Path folder, String ending) {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Image read(Path file) {
    try {
      return Picture.from(ImageIO.read(file.toFile())).colour();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
