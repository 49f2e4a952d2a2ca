package io.github.taipan.vmambair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.vmambair.model.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {
  /** Memory grows with the pixels, so one probe tells that of every size, with some to spare. */
  @ParameterizedTest
  @CsvSource({
    "sr4-light, 128, 96",
    "sr4-light, 8, 400",
    "derain-light, 96, 128",
    "realsr4, 104, 64"
  })
  void holdsAtOtherSizes(String preset, int height, int width) {
    Configuration configuration = Configuration.named().get(preset);
    double perPixel = MemoryEstimate.bytesPerPixel(configuration);
    double planned = (double) MemoryEstimate.bytes(configuration, height, width) / (height * width);
    System.out.printf(
        "%s: %.0f bytes per pixel planned, %.0f allowed%n", preset, planned, perPixel);
    assertEquals(perPixel / MemoryEstimate.SLACK, planned, 0.02 * planned);
  }

  @ParameterizedTest
  @CsvSource({"sr4-light, sr4", "realsr4-light, realsr4", "derain-light, derain"})
  void widerNetworksNeedMore(String light, String full) {
    assertTrue(estimate(full) > 2 * estimate(light));
  }

  private static double estimate(String preset) {
    return MemoryEstimate.bytesPerPixel(Configuration.named().get(preset));
  }
}
