package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.perceptual.Vgg;
import io.github.taipan.tests.parity.HashVgg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two or few steps of each kind of recipe, from files to files. */
class RecipeRunsTest {
  private static final List<String> LOSSES = List.of("loss");
  private static final List<String> ADVERSARIAL =
      List.of("loss", "adversarial", "l1", "real", "fake");

  @TempDir Path folder;
  private TinyTraining tiny = new TinyTraining(Path.of(""));

  @BeforeEach
  void chooseFolder() {
    tiny = new TinyTraining(folder);
  }

  private static Object[] joined(Object[] some, Object... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray();
  }

  private static Object[] staged(String steps, Object... more) {
    Object[] stages = {"--steps", steps, "--patch", "8,16", "--batch", "2,1"};
    return joined(stages, more);
  }

  private static Object[] plain(Object... more) {
    Object[] stage = {"--steps", 2, "--patch", 8, "--batch", 2};
    return joined(stage, more);
  }

  /** The log has these losses at both steps, and there are weights. */
  private static void assertTrained(Path run, List<String> losses) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("log.jsonl"));
    assertEquals(3, lines.size(), lines.toString());
    for (int step = 1; step <= 2; step++) {
      Matcher fields = Pattern.compile("\"(\\w+)\": [-\\d.eE]+").matcher(lines.get(step - 1));
      List<String> found = fields.results().map(field -> field.group(1)).toList();
      assertEquals("step", found.getFirst());
      assertEquals(losses, found.subList(1, found.size() - 2));
    }
    assertTrue(Files.exists(run.resolve("best.safetensors")));
  }

  @Test
  void bicubic() throws IOException {
    assertTrained(tiny.train("run", "sr4", plain()), LOSSES);
  }

  @Test
  void rain() throws IOException {
    assertTrained(tiny.train("run", "derain-light", staged("1,1")), LOSSES);
  }

  @Test
  void realWorldWithAPool() throws IOException {
    assertTrained(
        tiny.train("run", "realsr4", plain("--set", "pool=4", "--set", "crop=32")), LOSSES);
  }

  @Test
  void pairsWithGrowingPatches() throws IOException {
    assertTrained(
        tiny.train(
            "run",
            "derain",
            staged("1,1", "--degraded", tiny.pictures("rainy", 1), "--set", "crop=24")),
        LOSSES);
  }

  @Test
  void adversarial() throws IOException {
    for (String recipe : List.of("sr4-gan", "realsr4-gan")) {
      Object[] small = {
        "--set", "discriminator_features=4", "--set", "perceptual=0", "--set", "crop=32"
      };
      assertTrained(tiny.train(recipe, recipe, plain(small)), ADVERSARIAL);
    }
  }

  @Test
  void perceptual() throws IOException {
    Path vgg = folder.resolve("vgg19.safetensors");
    HashVgg.checkpoint(Vgg.Depth.VGG19).write(vgg);
    Object[] small = {"--set", "discriminator_features=4", "--vgg", vgg};
    assertTrained(
        tiny.train("run", "sr4-gan", plain(small)),
        List.of("loss", "perceptual", "adversarial", "l1", "real", "fake"));
  }

  @Test
  void weightsOfAnotherRunAreGoneOnFrom() throws IOException {
    Path first = tiny.train("first", "sr4", plain());
    Path weights = first.resolve("weights.safetensors");
    Object[] still = {"--init", weights, "--rate", "1e-30", "--set", "milestones="};
    Path second = tiny.train("second", "sr4", plain(still));
    assertEquals(
        TinyTraining.result(first).get("weights.safetensors"),
        TinyTraining.result(second).get("weights.safetensors"));
  }

  /** A cache changes where pictures are, not what is learned, and is used again. */
  @Test
  void mappedPicturesTrainTheSame() throws IOException {
    Path cache = folder.resolve("cache");
    Object[] rainy = {"--degraded", tiny.pictures("rainy", 1), "--set", "crop=24"};
    for (String recipe : List.of("sr4", "derain", "realsr4")) {
      Object[] more = recipe.equals("sr4") ? plain() : plain("--set", "crop=32");
      Object[] options = recipe.equals("derain") ? plain(rainy) : more;
      Path memory = tiny.train(recipe, recipe, options);
      Object[] cached = joined(options, "--set", "cache=" + cache.resolve(recipe));
      TinyTraining.assertSame(memory, tiny.train(recipe + "-mapped", recipe, cached));
      Path truths = cache.resolve(recipe).resolve("truths.images");
      FileTime made = Files.getLastModifiedTime(truths);
      TinyTraining.assertSame(memory, tiny.train(recipe + "-again", recipe, cached));
      assertEquals(made, Files.getLastModifiedTime(truths));
    }
  }

  /** Interrupted in one stage and resumed into the next; then in the last. */
  @Test
  void aRunGoesOnAcrossStages() throws IOException {
    Object[] stages = staged("2,2", "--set", "average_decay=0.9");
    Path whole = tiny.train("whole", "derain-light", stages);
    for (int at = 1; at <= 3; at++) {
      String line = "step %d of 4:".formatted(at);
      Path run = folder.resolve("run" + at);
      Taipan stopped =
          Taipan.run(
              last -> {
                if (last.startsWith(line)) {
                  Thread.currentThread().interrupt();
                }
              },
              tiny.command("derain-light", run, stages).toArray());
      assertEquals(1, stopped.exitCode(), stopped.err());
      assertTrue(stopped.err().contains("Stopped; --resume goes on from here"), stopped.err());
      assertFalse(stopped.err().contains("unexpected"), stopped.err());
      tiny.train("run" + at, "derain-light", joined(stages, "--resume"));
      TinyTraining.assertSame(whole, run);
    }
  }
}
