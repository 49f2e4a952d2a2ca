package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.vmambair.ImageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Command lines that train networks of width 8 on three small pictures, of which c is held out. */
record TinyTraining(Path folder) {
  private static final int HEIGHT = 36;
  private static final int WIDTH = 40;

  /** A folder with pictures a, b and c; made where it is missing. */
  Path pictures(String name, int factor) throws IOException {
    Path pictures = folder.resolve(name);
    if (Files.notExists(pictures)) {
      Files.createDirectory(pictures);
      for (int i = 0; i < 3; i++) {
        Image image = TestFiles.scene(HEIGHT, WIDTH, 3, i);
        ImageFiles.write(
            Picture.opaque(Bicubic.shrink(image, factor)),
            pictures.resolve((char) ('a' + i) + ".png"));
      }
    }
    return pictures;
  }

  /** The command line of a run, which later arguments change. */
  List<Object> command(String recipe, Path out, Object... more) throws IOException {
    List<Object> words = new ArrayList<>(List.of("train", "--recipe", recipe, "--out", out));
    words.addAll(List.of("--data", pictures("true", 1), "--hold-out", "c", "--threads", 1));
    for (String setting : List.of("dim=8", "blocks=1,1,1,1", "refinement_blocks=0")) {
      words.addAll(List.of("--set", setting));
    }
    words.addAll(List.of("--log-every", 1));
    words.addAll(List.of(more));
    return words;
  }

  /** Trains by a recipe in a folder named so, and gives that folder. */
  Path train(String name, String recipe, Object... more) throws IOException {
    Path out = folder.resolve(name);
    Taipan run = Taipan.run(command(recipe, out, more).toArray());
    assertEquals(0, run.exitCode(), run.err());
    return out;
  }

  /** What is equal after equal runs, by name: weights, states and the log without its speeds. */
  static Map<String, String> result(Path run) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(run)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        boolean timed = name.equals("index.html");
        files.put(name, timed ? "" : Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    files.computeIfPresent(
        "log.jsonl", (name, log) -> log.replaceAll(", \"images_per_second\": [^}]*", ""));
    return files;
  }

  /** Passes when two runs came to the same. */
  static void assertSame(Path expected, Path actual) throws IOException {
    Map<String, String> wanted = result(expected);
    Map<String, String> found = result(actual);
    assertEquals(wanted.keySet(), found.keySet());
    assertEquals(wanted.get("log.jsonl"), found.get("log.jsonl"));
    wanted.forEach((name, content) -> assertEquals(true, content.equals(found.get(name)), name));
  }
}
