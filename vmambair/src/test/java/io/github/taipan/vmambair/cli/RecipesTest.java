package io.github.taipan.vmambair.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.optim.LearningRate;
import io.github.taipan.tensor.testing.Fixtures;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.training.Recipe;
import io.github.taipan.vmambair.training.Recipe.Degrading;
import io.github.taipan.vmambair.training.Recipe.Objective;
import io.github.taipan.vmambair.training.Recipe.Optimizer;
import io.github.taipan.vmambair.training.Recipe.Rate;
import io.github.taipan.vmambair.training.Recipe.Stage;
import io.github.taipan.vmambair.training.RecipeText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The recipes that come with Taipan beside the published option files. */
class RecipesTest {
  private static final Pattern POINT = Pattern.compile("\"(\\d+)\": ([-.\\deE]+)");

  @SuppressWarnings("UnusedVariable") // JUnit reads it
  private static final List<String> NAMES = TrainingSettings.RECIPES;

  private static Recipe recipe(String name) throws IOException {
    return TrainingSettings.of(name, Map.of()).recipe();
  }

  private static LearningRate rate(Recipe recipe) {
    return recipe.optimization().rate().over(recipe.steps());
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void isWrittenAndReadAgain(String name) throws IOException {
    Recipe recipe = recipe(name);
    assertEquals(recipe, RecipeText.parse(recipe.describe()));
    assertTrue(rate(recipe).at(recipe.steps()) > 0);
    Configuration preset = Configuration.named().get(name.replaceAll("-(gan|finetune|long)$", ""));
    assertEquals(preset, recipe.network());
  }

  /** What PyTorch's schedulers gave, as far as a recipe goes. */
  @ParameterizedTest
  @CsvSource({
    "derain, derain28, 13",
    "derain-finetune, derain32, 11",
    "realsr4, realsr_stage1, 8",
    "sr4, sisr_stage1, 7",
    "sr4-gan, sisr_gan_G, 5",
    "realsr4-gan, realsr_gan_G_override, 5"
  })
  void ratesAreThePublishedOnes(String name, String table, int points) throws IOException {
    Recipe recipe = recipe(name);
    String tables = Files.readString(Fixtures.path("lr_tables.json"));
    int start = tables.indexOf('{', tables.indexOf('"' + table + '"'));
    Matcher point = POINT.matcher(tables.substring(start, tables.indexOf('}', start)));
    int checked = 0;
    while (point.find()) {
      long step = Long.parseLong(point.group(1));
      if (step <= recipe.steps()) {
        double expected = Double.parseDouble(point.group(2));
        assertEquals(expected, rate(recipe).at(step), 1e-12 * expected, name + " at " + step);
        checked++;
      }
    }
    assertEquals(points, checked);
  }

  /** No table has mamber33's: a constant cycle, and a cosine that the run ends before. */
  @Test
  void theLongDerainingFallsAfterItsConstantCycle() throws IOException {
    LearningRate rate = rate(recipe("derain-long"));
    assertEquals(3e-4, rate.at(1));
    assertEquals(3e-4, rate.at(144_001));
    assertTrue(rate.at(144_002) < 3e-4);
    assertEquals((3e-4 + 1e-6) / 2, rate.at(144_001 + 144_000), 1e-15);
    assertTrue(rate.at(396_000) > 1e-5);
    assertEquals(1e-6, rate.at(144_001 + 288_000), 1e-15);
  }

  @Test
  void discriminatorsHaveTheirOwnRates() throws IOException {
    Recipe sr = recipe("sr4-gan");
    LearningRate falling = sr.adversary().rate().over(sr.steps());
    assertEquals(1e-4, falling.at(150_000));
    assertEquals(5e-5, falling.at(150_001));
    assertEquals(Rate.constant(1e-4), recipe("realsr4-gan").adversary().rate());
    assertEquals(64, sr.adversary().features());
  }

  @ParameterizedTest
  @CsvSource({
    "derain, '92000, 64000, 48000, 36000, 36000, 24000', 300000",
    "derain-long, '92000, 64000, 64000, 64000, 64000, 48000', 396000",
    // The authors' scheduler fails after 144,000 of 156,000 steps, where this one ends.
    "derain-finetune, '36000, 24000, 24000, 24000, 24000, 12000', 144000"
  })
  void derainingGrowsItsPatches(String name, String steps, long all) throws IOException {
    Recipe recipe = recipe(name);
    assertEquals(List.of(128, 160, 192, 256, 320, 384), patches(recipe));
    assertEquals(List.of(8, 5, 3, 2, 1, 1), recipe.stages().stream().map(Stage::batch).toList());
    assertEquals("[" + steps + "]", recipe.stages().stream().map(Stage::steps).toList().toString());
    assertEquals(all, recipe.steps());
    assertEquals(new Recipe.Sampling(Degrading.PAIRS, 384, 0, 1, 0), recipe.sampling());
    Recipe.Optimization by = recipe.optimization();
    assertEquals(Optimizer.ADAMW, by.optimizer());
    assertEquals(name.equals("derain-finetune") ? 5e-5 : 1e-4, by.weightDecay());
    assertEquals(0.01, by.clip());
    assertEquals(0, by.averageDecay());
    assertEquals(Objective.L1, recipe.objective());
    assertEquals(100, recipe.seed());
  }

  @ParameterizedTest
  @CsvSource({
    "sr4, 100000, 64, BICUBIC, 0",
    "sr4-gan, 300000, 64, BICUBIC, 1",
    "realsr4, 500000, 72, REAL_WORLD, 0",
    "realsr4-gan, 400000, 72, REAL_WORLD, 1"
  })
  void superResolutionIsAsPublished(
      String name, long steps, int batch, Degrading degrading, double adversarial)
      throws IOException {
    Recipe recipe = recipe(name);
    assertEquals(List.of(new Stage(steps, 64, batch)), recipe.stages());
    assertEquals(degrading, recipe.sampling().degrading());
    Recipe.Optimization by = recipe.optimization();
    assertEquals(Optimizer.ADAM, by.optimizer());
    assertEquals(0, by.weightDecay() + by.clip());
    assertEquals(0.999, by.averageDecay());
    assertEquals(new Objective(1, adversarial, adversarial), recipe.objective());
    assertEquals(0, recipe.seed());
  }

  private static List<Integer> patches(Recipe recipe) {
    return recipe.stages().stream().map(Stage::patch).toList();
  }
}
