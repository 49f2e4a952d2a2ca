package io.github.taipan.vmambair.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.data.BatchSource;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.vmambair.training.Trainer.Intervals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes with a discriminator, in parts, with checkpoints and in stages; all with seed 7. */
class RecipeVariationsTest {
  private static final Map<String, String> ADVERSARIAL =
      Map.of("adversarial", "0.1", "discriminator_features", "4", "discriminator_rate", "2e-4");

  @TempDir private Path temporary;

  private static Recipe with(Recipe recipe, Map<String, String> settings) {
    SequencedMap<String, String> text = recipe.describe();
    text.putAll(settings);
    return RecipeText.parse(text);
  }

  /** The losses of some steps, and the weights after them. */
  private record Result(List<Map<String, Double>> losses, float[] weights) {
    static Result of(Recipe recipe, Device device, int steps) throws DivergedException {
      try (device) {
        TrainingState state = new TrainingState(recipe, device);
        BatchSource batches = TinyRun.batches();
        List<Map<String, Double>> losses = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
          losses.add(state.step(batches.batch(step)));
        }
        return new Result(losses, state.averaged().parameters().value("output.weight").toFloats());
      }
    }
  }

  private static double largestDifference(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /** Three whole iterations of both networks in float32 follow those in float64. */
  @Test
  void adversarialStepsFollowTheReference() throws Exception {
    Recipe recipe = with(TinyRun.recipe(3), ADVERSARIAL);
    Result expected = Result.of(recipe, new ReferenceDevice(), 3);
    Result actual = Result.of(recipe, new CpuDevice(1), 3);
    for (int step = 0; step < 3; step++) {
      Map<String, Double> right = expected.losses.get(step);
      Map<String, Double> ours = actual.losses.get(step);
      System.out.println("step " + (step + 1) + ": " + right + " and " + ours);
      assertEquals(
          List.of("loss", "adversarial", "l1", "real", "fake"), List.copyOf(ours.keySet()));
      right.forEach((name, loss) -> assertEquals(loss, ours.get(name), 2e-5 * loss, name));
    }
    double difference = largestDifference(expected.weights, actual.weights);
    System.out.println("largest difference of averaged weights: " + difference);
    assertTrue(difference < 2e-5, () -> "weights differ by " + difference);
  }

  @Test
  void theDiscriminatorLearns() throws Exception {
    Recipe recipe = with(TinyRun.recipe(40), ADVERSARIAL);
    Result result =
        Result.of(
            with(recipe, Map.of("rate", "1e-6", "discriminator_rate", "2e-3")),
            new CpuDevice(2),
            40);
    double first = result.losses.getFirst().get("real") + result.losses.getFirst().get("fake");
    double last = result.losses.getLast().get("real") + result.losses.getLast().get("fake");
    System.out.printf("the discriminator's loss fell from %.4f to %.4f%n", first, last);
    assertTrue(last < 0.9 * first, first + " fell only to " + last);
  }

  @Test
  void anAdversarialRunIsResumedBitForBit() throws Exception {
    Recipe recipe = with(TinyRun.recipe(5), ADVERSARIAL);
    TinyRun whole = new TinyRun(temporary.resolve("whole"), recipe, new Intervals(2, 3, 2), 1);
    whole.run(false);
    TinyRun parts = new TinyRun(temporary.resolve("parts"), recipe, new Intervals(2, 3, 2), 1);
    assertThrows(
        InterruptedException.class,
        () ->
            parts.run(
                false,
                TinyRun.batches(),
                (step, loss) -> {
                  if (step == 3) {
                    Thread.currentThread().interrupt();
                  }
                }));
    parts.run(true);
    assertEquals(whole.files(), parts.files());
  }

  @Test
  void partsOfABatchGiveItsGradients() throws Exception {
    Result whole = Result.of(TinyRun.recipe(3), new CpuDevice(1), 3);
    Recipe inParts = with(TinyRun.recipe(3), Map.of("accumulation", "2"));
    Result parts = Result.of(inParts, new CpuDevice(1), 3);
    for (int step = 0; step < 3; step++) {
      double loss = whole.losses.get(step).get("loss");
      assertEquals(loss, parts.losses.get(step).get("loss"), 1e-5 * loss);
    }
    double difference = largestDifference(whole.weights, parts.weights);
    System.out.println("largest difference of averaged weights: " + difference);
    assertTrue(difference > 0 && difference < 1e-4, () -> "weights differ by " + difference);
  }

  @Test
  void checkpointingChangesNoBit() throws Exception {
    Result plain = Result.of(TinyRun.recipe(2), new CpuDevice(1), 2);
    Recipe checkpointed = with(TinyRun.recipe(2), Map.of("checkpointing", "true"));
    Result again = Result.of(checkpointed, new CpuDevice(1), 2);
    assertEquals(plain.losses, again.losses);
    assertArrayEquals(plain.weights, again.weights);
  }

  @Test
  void aPerceptualLossNeedsItsWeights() {
    Recipe recipe = with(TinyRun.recipe(1), Map.of("perceptual", "1"));
    var failure =
        assertThrows(
            IllegalArgumentException.class, () -> new TrainingState(recipe, new ReferenceDevice()));
    assertEquals(
        "the recipe has a perceptual loss, which needs VGG-19's features", failure.getMessage());
  }

  @Test
  void textAndRecipeGoBothWays() {
    Recipe recipe =
        with(
            TinyRun.recipe(1),
            Map.of("steps", "10, 20", "patch", "16,32", "batch", "4", "milestones", "5,7"));
    assertEquals(
        List.of(new Recipe.Stage(10, 16, 4), new Recipe.Stage(20, 32, 4)), recipe.stages());
    assertEquals(recipe, RecipeText.parse(recipe.describe()));
    assertEquals(30, recipe.steps());
    assertEquals(16, recipe.stage(9).patch());
    assertEquals(32, recipe.stage(10).patch());
    assertEquals(32, recipe.stage(99).patch());
  }

  @Test
  void aRuleBrokenIsOneSentence() {
    Map<String, String> sentences =
        Map.of(
            "steps", "steps is a list of numbers, got \"x\"",
            "dim", "dim is a whole number, got \"x\"",
            "rate", "rate is a number, got \"x\"",
            "checkpointing", "checkpointing is true or false, got \"x\"",
            "degradation", "degradation is pairs, bicubic, rain, real-world, got \"x\"");
    sentences.forEach(
        (name, sentence) -> {
          var failure =
              assertThrows(
                  IllegalArgumentException.class, () -> with(TinyRun.recipe(1), Map.of(name, "x")));
          assertEquals(sentence, failure.getMessage());
        });
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> with(TinyRun.recipe(1), Map.of("accumulation", "3")));
    assertEquals("training: a batch of 2 does not part into 3", failure.getMessage());
  }
}
