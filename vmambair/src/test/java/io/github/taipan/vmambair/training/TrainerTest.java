package io.github.taipan.vmambair.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.nn.data.Batch;
import io.github.taipan.nn.data.BatchSource;
import io.github.taipan.vmambair.training.Trainer.Intervals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of a tiny network, all with seed 7. */
class TrainerTest {
  private static final int STEPS = 7;

  /** What an uninterrupted run leaves. */
  private static Map<String, String> expected = Map.of();

  @TempDir private Path temporary;

  @BeforeAll
  static void runUninterrupted(@TempDir Path folder) throws Exception {
    TinyRun run = TinyRun.of(folder.resolve("run"), STEPS);
    run.run(false);
    expected = run.files();
  }

  private static void assertSameAsUninterrupted(TinyRun run) throws IOException {
    Map<String, String> actual = run.files();
    assertEquals(expected.keySet(), actual.keySet());
    assertEquals(expected.get("log.jsonl"), actual.get("log.jsonl"));
    expected.forEach((name, content) -> assertTrue(content.equals(actual.get(name)), name));
  }

  @Test
  void leavesItsFilesAndNoOther() {
    assertEquals(
        Set.of(
            "state.safetensors",
            "weights.safetensors",
            "best.safetensors",
            "log.jsonl",
            "curve.svg",
            "index.html",
            "validation/1.png",
            "validation/00000003/1.png",
            "validation/00000006/1.png",
            "validation/00000007/1.png"),
        expected.keySet());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void interruptedAndResumedAtAnyStepItEndsTheSame(int at) throws Exception {
    TinyRun run = TinyRun.of(temporary.resolve("run"), STEPS);
    List<Long> steps = new ArrayList<>();
    assertThrows(
        InterruptedException.class,
        () ->
            run.run(
                false,
                TinyRun.batches(),
                (step, loss) -> {
                  steps.add(step);
                  if (step == at) {
                    Thread.currentThread().interrupt();
                  }
                }));
    assertFalse(Thread.interrupted(), "the exception has told of the interruption");
    run.run(true, TinyRun.batches(), (step, loss) -> steps.add(step));
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), steps);
    assertSameAsUninterrupted(run);
  }

  @Test
  void afterACrashItGoesOnFromTheLastCheckpoint() throws Exception {
    TinyRun run = TinyRun.of(temporary.resolve("run"), STEPS);
    TinyRun.StepListener crash =
        (step, loss) -> {
          if (step == STEPS) {
            throw new IllegalStateException("crash");
          }
        };
    assertThrows(IllegalStateException.class, () -> run.run(false, TinyRun.batches(), crash));
    // A crash while the log is written leaves half a line, whose step seems to be an early one.
    Path log = run.folder().resolve("log.jsonl");
    Files.writeString(log, Files.readString(log) + "{\"step\": 1");
    List<Long> steps = new ArrayList<>();
    run.run(true, TinyRun.batches(), (step, loss) -> steps.add(step));
    assertEquals(List.of(5L, 6L, 7L), steps);
    assertSameAsUninterrupted(run);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void threadsChangeNothing(int threads) throws Exception {
    TinyRun run =
        new TinyRun(
            temporary.resolve("run"), TinyRun.recipe(STEPS), new Intervals(2, 3, 4), threads);
    run.run(false);
    assertSameAsUninterrupted(run);
  }

  @Test
  void theLossFalls() throws Exception {
    List<Double> losses = new ArrayList<>();
    TinyRun run =
        new TinyRun(temporary.resolve("run"), TinyRun.recipe(30), new Intervals(10, 30, 30), 2);
    run.run(false, TinyRun.batches(), (step, loss) -> losses.add(loss));
    double first = mean(losses.subList(0, 5));
    double last = mean(losses.subList(25, 30));
    System.out.printf("mean loss of steps 1 to 5: %.4f, 26 to 30: %.4f%n", first, last);
    assertTrue(last < 0.7 * first, first + " fell only to " + last);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** The batches, but for a step (counted from 0) whose input is not a number. */
  private static BatchSource poisoned(long at) {
    BatchSource good = TinyRun.batches();
    return step -> {
      Batch batch = good.batch(step);
      if (step != at) {
        return batch;
      }
      float[] broken = batch.degraded().clone();
      broken[5] = Float.NaN;
      return new Batch(
          broken, batch.truth(), batch.size(), batch.degradedSide(), batch.truthSide());
    };
  }

  @Test
  void aBrokenBatchStopsTheRunAndKeepsTheLastState() throws Exception {
    TinyRun run =
        new TinyRun(temporary.resolve("run"), TinyRun.recipe(STEPS), new Intervals(2, 3, 4), 1);
    var failure =
        assertThrows(
            DivergedException.class, () -> run.run(false, poisoned(5), (step, loss) -> {}));
    assertEquals("step 6: the loss is not finite, first in patch_embed.proj", failure.getMessage());
    run.run(true);
    assertSameAsUninterrupted(run);
  }

  @Test
  void aBrokenWeightIsNamedByItsModule() throws Exception {
    TinyRun run = TinyRun.of(temporary.resolve("run"), 3);
    run.run(false);
    Path file = run.folder().resolve("state.safetensors");
    poison(file, "weight.latent.0.attn.in_conv.weight");
    Map<String, String> before = run.files();
    TinyRun longer = TinyRun.of(run.folder(), 5);
    var failure = assertThrows(DivergedException.class, () -> longer.run(true));
    assertEquals(
        "step 4: the loss is not finite, first in latent.0.attn.in_conv", failure.getMessage());
    assertEquals(before, run.files());
  }

  private static void poison(Path file, String name) throws IOException {
    Checkpoint checkpoint = Checkpoint.read(file);
    SequencedMap<String, Entry> entries = new LinkedHashMap<>(checkpoint.entries());
    float[] values = checkpoint.entry(name).floats();
    values[3] = Float.NaN;
    entries.put(name, Entry.of(checkpoint.entry(name).shape(), values));
    new Checkpoint(entries, checkpoint.metadata()).write(file);
  }

  @Test
  void refusesToOverwriteARun() throws Exception {
    TinyRun run = TinyRun.of(temporary.resolve("run"), 1);
    run.run(false);
    Map<String, String> before = run.files();
    var failure = assertThrows(IOException.class, () -> run.run(false));
    assertEquals(
        run.folder() + " holds a run already: resume it or choose another", failure.getMessage());
    assertEquals(before, run.files());
  }

  @Test
  void refusesToResumeFromNothing() {
    TinyRun run = TinyRun.of(temporary.resolve("run"), 1);
    var failure = assertThrows(IOException.class, () -> run.run(true));
    assertEquals("there is no run to resume in " + run.folder(), failure.getMessage());
    assertFalse(Files.exists(run.folder()));
  }

  @Test
  void refusesTheStateOfAnotherRecipe() throws Exception {
    TinyRun.of(temporary.resolve("run"), 1).run(false);
    Map<String, String> text = TinyRun.recipe(1).describe();
    text.put("rate", "0.5");
    Recipe other = RecipeText.parse(text);
    TinyRun run = new TinyRun(temporary.resolve("run"), other, new Intervals(1, 1, 1), 1);
    Map<String, String> before = run.files();
    var failure = assertThrows(IOException.class, () -> run.run(true));
    assertEquals(
        run.folder().resolve("state.safetensors")
            + " was trained with rate 0.001, this run asks for 0.5",
        failure.getMessage());
    assertEquals(before, run.files());
  }

  @Test
  void aDamagedStateIsRefused() throws Exception {
    TinyRun run = TinyRun.of(temporary.resolve("run"), 1);
    run.run(false);
    Path file = run.folder().resolve("state.safetensors");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    var failure = assertThrows(IOException.class, () -> run.run(true));
    assertTrue(failure.getMessage().startsWith(file.toString()), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
  }
}
