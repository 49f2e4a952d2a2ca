package io.github.taipan.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.optim.LearningRate.Cycle;
import io.github.taipan.tensor.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published recipes' rates at the iterations that PyTorch's schedulers were asked about. */
class LearningRateTest {
  private static final Pattern POINT = Pattern.compile("\"(\\d+)\": ([-.\\deE]+)");

  private static LearningRate recipe(String name) {
    return switch (name) {
      case "derain28" ->
          LearningRate.cosineCycles(
              3e-4, List.of(new Cycle(92_000, 1, 3e-4), new Cycle(208_000, 1, 1e-6)));
      case "derain32" ->
          LearningRate.cosineCycles(
              1e-4, List.of(new Cycle(48_000, 1, 2.85e-4), new Cycle(96_000, 1, 1e-6)));
      case "realsr_stage1" -> LearningRate.multiStep(2e-4, 0.5, List.of(250_000L, 350_000L));
      case "sisr_stage1" -> LearningRate.multiStep(2e-4, 0.5, List.of(50_000L, 70_000L));
      case "sisr_gan_G" -> LearningRate.multiStep(2e-4, 0.5, List.of(150_000L));
      case "realsr_gan_G_override" -> LearningRate.decay(1e-4, 0.5, 300_000);
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "derain28, 13",
    "derain32, 12",
    "realsr_stage1, 8",
    "sisr_stage1, 7",
    "sisr_gan_G, 5",
    "realsr_gan_G_override, 5"
  })
  void isTheRecipesRate(String name, int points) throws IOException {
    String tables = Files.readString(Fixtures.path("lr_tables.json"));
    int start = tables.indexOf('{', tables.indexOf('"' + name + '"'));
    Matcher point = POINT.matcher(tables.substring(start, tables.indexOf('}', start)));
    LearningRate rate = recipe(name);
    int checked = 0;
    for (; point.find(); checked++) {
      double expected = Double.parseDouble(point.group(2));
      long iteration = Long.parseLong(point.group(1));
      assertEquals(expected, rate.at(iteration), 1e-12 * expected, name + " at " + iteration);
    }
    assertEquals(points, checked);
  }

  /** The released fine-tuning recipe is longer than its cycles: its run dies there. */
  @Test
  void cosineCyclesEnd() {
    var failure =
        assertThrows(IllegalArgumentException.class, () -> recipe("derain32").at(144_002));
    assertEquals(
        "the cosine cycles end after iteration 144001, asked for 144002", failure.getMessage());
  }

  @Test
  void halfACosineFallsFromStartToFloor() {
    LearningRate rate = LearningRate.cosine(1e-3, 1e-5, 100);
    assertEquals(1e-3, rate.at(1), 1e-18);
    assertEquals((1e-3 + 1e-5) / 2, rate.at(51), 1e-18);
    assertEquals(1e-5, rate.at(101), 1e-18);
    for (int i = 1; i <= 100; i++) {
      assertTrue(rate.at(i + 1) < rate.at(i), "rises after iteration " + i);
    }
  }

  @Test
  void aConstantStays() {
    assertEquals(0.25, LearningRate.constant(0.25).at(1));
    assertEquals(0.25, LearningRate.constant(0.25).at(1_000_000));
  }
}
