package io.github.taipan.nn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanczosTest {
  private static Image picture(int height, int width, int channels) {
    byte[] samples = new byte[height * width * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (96 + (37 * i * i + 91 * i + i / 7) % 64); // no overshoot is cut off
    }
    return Image.wrap(height, width, channels, samples);
  }

  /** The sum over all pixels at once, as the definition has it, beside the two rounded passes. */
  @ParameterizedTest
  @CsvSource({"10, 13, 5, 6, 1", "10, 13, 15, 17, 3", "16, 9, 7, 9, 3", "12, 12, 4, 4, 1"})
  void eachSampleIsAWeightedMean(int height, int width, int newHeight, int newWidth, int channels) {
    Image image = picture(height, width, channels);
    Image resized = Lanczos.resize(image, newHeight, newWidth);
    double largest = 0;
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          double weights = 0;
          for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
              double weight = weight(v, y, height, newHeight) * weight(u, x, width, newWidth);
              sum += weight * image.sample(v, u, c);
              weights += weight;
            }
          }
          double expected = Math.clamp(sum / weights, 0, 255);
          largest = Math.max(largest, Math.abs(expected - resized.sample(y, x, c)));
        }
      }
    }
    System.out.printf("Lanczos %s to %s: largest error %.2f levels%n", image, resized, largest);
    assertTrue(largest < 1.5, "differs by " + largest);
  }

  private static double weight(int input, int output, int inputs, int outputs) {
    double scale = Math.min((double) outputs / inputs, 1);
    double x = (input + 0.5 - (output + 0.5) * inputs / outputs) * scale;
    if (x == 0) {
      return 1;
    }
    double a = Math.PI * x;
    return Math.abs(x) < 3 ? 3 * Math.sin(a) * Math.sin(a / 3) / (a * a) : 0;
  }

  @Test
  void aFlatPictureAndOneOfTheSameSizeStay() {
    Image image = picture(11, 14, 3);
    assertEquals(image, Lanczos.resize(image, 11, 14));
    byte[] grey = new byte[9 * 20];
    Arrays.fill(grey, (byte) 200);
    Image small = Lanczos.resize(Image.wrap(9, 20, 1, grey), 4, 31);
    for (int i = 0; i < 4 * 31; i++) {
      assertEquals(200, small.sample(i / 31, i % 31, 0));
    }
  }

  /** Detail that the smaller picture cannot hold becomes its mean, not another pattern. */
  @Test
  void shrinkingDoesNotAlias() {
    byte[] stripes = new byte[48 * 48];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = (byte) (i % 48 % 2 == 0 ? 40 : 120);
    }
    Image small = Lanczos.resize(Image.wrap(48, 48, 1, stripes), 16, 16);
    for (int x = 3; x < 13; x++) {
      assertEquals(80, small.sample(8, x, 0), 3);
    }
  }
}
