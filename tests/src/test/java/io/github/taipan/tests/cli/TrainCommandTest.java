package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.vmambair.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of two steps of the light networks. */
class TrainCommandTest {
  @TempDir Path folder;

  private Path pictures(String name, boolean small) throws IOException {
    Path pictures = Files.createDirectory(folder.resolve(name));
    for (int i = 0; i < 3; i++) {
      Image image = TestFiles.scene(36, 40, 3, i);
      ImageFiles.write(
          Picture.opaque(small ? Bicubic.shrink(image, 4) : image),
          pictures.resolve((char) ('a' + i) + ".png"));
    }
    return pictures;
  }

  private static Taipan train(Path data, Path out, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", "--data", data, "--out", out, "--hold-out", "c"));
    arguments.addAll(List.of("--batch", 1, "--patch", 8, "--checkpoint-every", 1));
    arguments.addAll(List.of(more));
    Taipan run = Taipan.run(arguments.toArray());
    assertEquals(0, run.exitCode(), run.err());
    return run;
  }

  @Test
  void aRunGoesOnBitForBitAndItsWeightsRestore() throws IOException {
    Path data = pictures("hr", false);
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    Taipan run = train(data, whole, "--steps", 2, "--log-every", 1, "--schedule", "constant");
    train(data, parts, "--steps", 1, "--schedule", "constant");
    train(data, parts, "--steps", 2, "--schedule", "constant", "--resume");
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("weights.safetensors")),
        Files.readAllBytes(parts.resolve("weights.safetensors")));

    assertEquals("", run.out());
    assertTrue(run.err().contains("step 1 of 2: loss "), run.err());
    assertTrue(run.err().contains("validation PSNR "), run.err());
    assertFalse(run.err().replaceAll("\\R", "").matches(".*\\p{Cntrl}.*"), run.err());
    try (Stream<Path> files = Files.list(whole)) {
      assertEquals(
          List.of(
              "best.safetensors",
              "curve.svg",
              "events",
              "index.html",
              "log.jsonl",
              "state.safetensors",
              "validation",
              "weights.safetensors"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }

    Taipan.done("restore", "--model", whole.resolve("best.safetensors"), data.resolve("a.png"));
    assertEquals(160, ImageFiles.read(data.resolve("a_x4.png")).colour().width());

    Taipan again = Taipan.run("train", "--data", data, "--hold-out", "c", "--out", whole);
    assertEquals(1, again.exitCode());
    assertEquals(
        "taipan: %s holds a run already: resume it or choose another".formatted(whole),
        again.err().strip());
  }

  /** What is printed is a recipe that prints the same, odd names of files included. */
  @Test
  void aPrintedConfigurationIsARecipe() throws IOException {
    Path recipe = folder.resolve("printed.yaml");
    List<Object> arguments = new ArrayList<>(List.of("train", "--recipe", "derain"));
    arguments.addAll(List.of("--data", "a, \"b\": {c}", "--hold-out", "0839", "--hold-out", "1e5"));
    arguments.addAll(List.of("--set", "rate=1e-5", "--set", "cache=null", "--print-config"));
    String printed = Taipan.done(arguments.toArray()).out();
    assertTrue(printed.contains("\nrate: 1.0E-5\n"), printed);
    Files.writeString(recipe, printed);
    assertEquals(printed, Taipan.done("train", "--recipe", recipe, "--print-config").out());
  }

  @Test
  void quietIsQuiet() throws IOException {
    Taipan run = train(pictures("hr", false), folder.resolve("run"), "--steps", 1, "--quiet");
    assertEquals("", run.out());
    assertEquals("", run.err());
  }

  /** The given small pictures are what it would make itself, so the same weights come out. */
  @Test
  void givenPairsOfAnX4NetworkAreUsed() throws IOException {
    Path data = pictures("hr", false);
    Path made = folder.resolve("made");
    Path given = folder.resolve("given");
    Path dark = Files.createDirectory(folder.resolve("dark"));
    for (String name : List.of("a.png", "b.png", "c.png")) {
      ImageFiles.write(Picture.opaque(Image.of(9, 10, 3, new byte[270])), dark.resolve(name));
    }
    train(data, made, "--steps", 1);
    train(data, given, "--steps", 1, "--degraded", pictures("lq", true));
    assertArrayEquals(
        Files.readAllBytes(made.resolve("weights.safetensors")),
        Files.readAllBytes(given.resolve("weights.safetensors")));
    assertEquals(score(made), score(given));
    train(data, folder.resolve("other"), "--steps", 1, "--degraded", dark);
    assertFalse(score(made).equals(score(folder.resolve("other"))));
  }

  private static String score(Path run) throws IOException {
    return Files.readAllLines(run.resolve("log.jsonl")).getLast();
  }

  @Test
  void derainingTrainsOnPairs() throws IOException {
    Path data = pictures("hr", false);
    Path rainy = pictures("rainy", false);
    train(
        data, folder.resolve("run"), "--steps", 1, "--degraded", rainy, "--model", "derain-light");
    assertTrue(Files.exists(folder.resolve("run/best.safetensors")));
  }
}
