package io.github.taipan.vmambair.degradation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.FloatImage;
import org.junit.jupiter.api.Test;

class JpegTest {
  /** Grey, so that it does not matter how chroma is enlarged. */
  private static FloatImage scene() {
    FloatImage image = FloatImage.black(96, 120);
    for (int i = 0; i < image.values().length; i++) {
      int y = i / 360;
      int x = i / 3 % 120;
      double edge = (x / 20 + y / 30) % 2 == 0 ? 0.15 : -0.15;
      image.values()[i] = (float) (0.5 + edge + 0.25 * Math.sin(0.1 * x + 0.07 * y));
    }
    return FloatImage.of(image.toImage());
  }

  private static double difference(FloatImage a, FloatImage b) {
    double sum = 0;
    for (int i = 0; i < a.values().length; i++) {
      double d = a.values()[i] - b.values()[i];
      sum += d * d;
    }
    return Math.sqrt(sum / a.values().length);
  }

  private static FloatImage transposed(FloatImage image) {
    FloatImage out = FloatImage.black(image.width(), image.height());
    for (int i = 0; i < image.values().length; i++) {
      int y = i / 3 / image.width();
      int x = i / 3 % image.width();
      out.values()[(x * image.height() + y) * 3 + i % 3] = image.values()[i];
    }
    return out;
  }

  /**
   * With rows and columns swapped, since DiffJPEG's table of luma is the standard's transposed, the
   * formula and the codec differ by roundings alone, least at quality 50, which takes the tables as
   * they are.
   */
  @Test
  void theFormulaIsCloseToTheCodec() {
    for (int quality : new int[] {30, 50, 90}) {
      FloatImage formula = transposed(Jpeg.FORMULA.compress(transposed(scene()), quality));
      FloatImage codec = Jpeg.CODEC.compress(scene(), quality);
      double loss = difference(scene(), codec);
      System.out.printf(
          "quality %d: formula to codec %.4f, formula to truth %.4f, codec to truth %.4f%n",
          quality, difference(formula, codec), difference(formula, scene()), loss);
      assertTrue(difference(formula, codec) < (quality == 50 ? 0.3 : 0.7) * loss);
      assertEquals(loss, difference(formula, scene()), 0.1 * loss);
    }
  }

  @Test
  void lessQualityLosesMore() {
    for (Jpeg jpeg : Jpeg.values()) {
      double last = 0;
      for (int quality = 95; quality > 5; quality -= 15) {
        double loss = difference(scene(), jpeg.compress(scene(), quality));
        assertTrue(loss > last, jpeg + " at " + quality);
        last = loss;
      }
    }
  }
}
