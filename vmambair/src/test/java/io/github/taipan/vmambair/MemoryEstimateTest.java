package io.github.taipan.vmambair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Cost;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {
  /** Memory grows with the pixels, so one probe tells that of every size, with half to spare. */
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
    double peak = (double) Cost.of(configuration, height, width).peakBytes() / (height * width);
    System.out.printf(
        "%s: %.0f bytes per pixel at its peak, %.0f allowed%n", preset, peak, perPixel);
    assertEquals(perPixel / 1.5, peak, 0.02 * peak);
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
