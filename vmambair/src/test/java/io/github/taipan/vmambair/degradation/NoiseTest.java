package io.github.taipan.vmambair.degradation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.nn.image.FloatImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseTest {
  private static FloatImage constant(float value) {
    FloatImage image = FloatImage.black(100, 200);
    Arrays.fill(image.values(), value);
    return image;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(float[] values) {
    double mean = mean(values);
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }

  @Test
  void gaussianNoiseHasItsDeviation() {
    FloatImage noisy = new Noise.Gaussian(20, false).addTo(constant(0.5f), 1, 2);
    assertEquals(0.5, mean(noisy.values()), 0.002);
    assertEquals(20 / 255.0, deviation(noisy.values()), 0.001);
  }

  @Test
  void greyNoiseIsTheSameInAllChannels() {
    for (Noise noise : new Noise[] {new Noise.Gaussian(20, true), new Noise.Poisson(1, true)}) {
      float[] noisy = noise.addTo(constant(0.5f), 1, 2).values();
      for (int i = 0; i < noisy.length; i += 3) {
        assertEquals(noisy[i], noisy[i + 1]);
        assertEquals(noisy[i], noisy[i + 2]);
      }
    }
  }

  @Test
  void aBatchSharesGreyGaussianNoise() {
    Noise grey = new Noise.Gaussian(10, true);
    assertArrayEquals(
        grey.addTo(constant(0.5f), 1, 9).values(), grey.addTo(constant(0.5f), 2, 9).values());
  }

  /** 256 levels make 256 photons: the deviation is √(x/256). */
  @Test
  void poissonNoiseGrowsWithTheRootOfTheLight() {
    FloatImage ramp = FloatImage.black(1024, 256);
    for (int i = 0; i < ramp.values().length; i++) {
      ramp.values()[i] = i / 3 % 256 / 255f;
    }
    float[] noisy = new Noise.Poisson(0.5, false).addTo(ramp, 3, 4).values();
    for (int level : new int[] {16, 64, 128, 200}) {
      float[] column = new float[3 * 1024];
      for (int i = 0; i < column.length; i++) {
        column[i] = noisy[(i / 3 * 256 + level) * 3 + i % 3];
      }
      double x = level / 255.0;
      assertEquals(x, mean(column), 0.004);
      assertEquals(0.5 * Math.sqrt(x / 256), deviation(column), 0.05 * Math.sqrt(x / 256));
    }
  }

  /** A picture of one level is one photon, or none. */
  @Test
  void poissonNoiseCountsTheLevels() {
    float[] noisy = new Noise.Poisson(0.1, false).addTo(constant(0.2f), 5, 6).values();
    for (float value : noisy) {
      double photons = (value - 0.2) / 0.1 + 0.2;
      assertEquals(Math.rint(photons), photons, 1e-4);
    }
    assertEquals(0.1 * Math.sqrt(0.2), deviation(noisy), 0.002);
  }
}
