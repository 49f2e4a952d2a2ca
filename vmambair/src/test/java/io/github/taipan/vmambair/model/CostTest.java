package io.github.taipan.vmambair.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The multiply-accumulates that the released code's counter gives when it counts all scans. */
class CostTest {
  @ParameterizedTest
  @CsvSource({
    "realsr4, 64, 19.45",
    "sr4, 64, 34.34",
    "sr4-paper, 64, 32.61",
    "derain, 128, 40.64",
    "derain, 256, 162.54",
    "derain-paper, 256, 165.84"
  })
  void multiplyAccumulatesAreThoseOfTheReleasedNetworks(String preset, int side, String giga) {
    Cost cost = Cost.of(Configuration.named().get(preset), side, side);
    double counted = cost.multiplyAccumulates() / 1e9;
    System.out.printf("%s at %dx%d: %.4f G%n", preset, side, side, counted);
    assertEquals(giga, String.format(Locale.ROOT, "%.2f", counted));
  }

  @ParameterizedTest
  @CsvSource({"realsr4, 10497813", "sr4, 12028273", "derain, 28709875"})
  void parametersAndOutputsAreCounted(String preset, long parameters) {
    Configuration configuration = Configuration.named().get(preset);
    Cost cost = Cost.of(configuration, 16, 24);
    assertEquals(parameters, cost.parameters());
    assertEquals("patch_embed.proj", cost.layers().getFirst().name());
    assertEquals(
        configuration.dim(), cost.layers().getFirst().output().size(-1), "channels at the start");
  }
}
