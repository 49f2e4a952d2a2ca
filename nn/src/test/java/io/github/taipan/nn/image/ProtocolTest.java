package io.github.taipan.nn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Protocol.Plane;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.tensor.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolTest {
  private static final FixtureFile PAIRS = FixtureFile.load("op_metrics.safetensors");

  @Test
  void everyDefinitionMatchesTheOracle() throws IOException {
    String json = Files.readString(Fixtures.path("metrics.json"));
    int checked = 0;
    double worst = 0;
    for (String picture : List.of("baboon", "comic")) {
      Image truth = image(picture + ".gt");
      Image restored = image(picture + ".sr");
      String section = json.substring(json.indexOf("\"" + picture + "\""));
      Matcher entry =
          Pattern.compile("\"(\\w+)\": ([-\\d.e]+)")
              .matcher(section.substring(0, section.indexOf('}')));
      while (entry.find()) {
        double expected = Double.parseDouble(entry.group(2));
        Protocol protocol = protocol(entry.group(1));
        boolean psnr = entry.group(1).contains("psnr");
        double actual = psnr ? protocol.psnr(restored, truth) : protocol.ssim(restored, truth);
        double error = Math.abs(actual - expected);
        assertTrue(error < 1e-11, entry.group(1) + ": " + actual + " not " + expected);
        worst = Math.max(worst, error);
        checked++;
      }
    }
    System.out.printf("metrics.json: %d measures, largest error %.2g%n", checked, worst);
    assertEquals(24, checked);
  }

  private static Protocol protocol(String name) {
    int crop = name.endsWith("crop4") ? 4 : 0;
    return switch (name.replaceFirst("_(psnr|ssim)", "").replaceFirst("_crop\\d", "")) {
      case "basicsr_y" -> Protocol.y(crop);
      case "basicsr_rgb" -> Protocol.rgb(crop);
      case "derain_local_y" -> Protocol.derainingFork(crop);
      case "matlab_y" -> Protocol.roundedY(crop);
      default -> throw new IllegalArgumentException("metrics.json has a new measure: " + name);
    };
  }

  private static Image image(String name) {
    int[] shape = PAIRS.shape(name);
    float[] values = PAIRS.values(name);
    byte[] samples = new byte[values.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (int) values[i];
    }
    return Image.of(shape[0], shape[1], shape[2], samples);
  }

  /**
   * The published bicubic rows. The older convention has low-resolution files made with replicated
   * borders and rounds Y, the newer one has symmetric borders and does not. Set14 holds one grey
   * picture: its plane is taken as Y, or (in the last row) its Y is that of R = G = B.
   */
  @ParameterizedTest
  @CsvSource({
    "set5, REPLICATE, ROUNDED_Y, ROUNDED_Y, 28.4177, 0.8101, 4",
    "set5, SYMMETRIC, Y, Y, 28.429, 0.8111, 3",
    "set14, REPLICATE, ROUNDED_Y, ROUNDED_Y, 25.9933, 0.7023, 4",
    "set14, SYMMETRIC, Y, RGB, 25.994, 0.7029, 3",
    "set14, SYMMETRIC, Y, Y, 26.09, 0.7048, 2"
  })
  void bicubicTableIsReproduced(
      String set,
      Border border,
      Plane plane,
      Plane greyPlane,
      double psnr,
      double ssim,
      int digits) {
    Path folder = Benchmarks.folder(set);
    List<Score> scores = new ArrayList<>();
    for (Path file : Benchmarks.files(folder, "_hr.png")) {
      Image truth = Benchmarks.read(file).cropToMultiple(4);
      Image low = Bicubic.resize(truth, 0.25, border);
      Protocol protocol = new Protocol(truth.isGrey() ? greyPlane : plane, 4, false);
      scores.add(protocol.measure(Bicubic.enlarge(low, 4), truth));
    }
    Score mean = Score.mean(scores);
    System.out.printf(
        "%s, bicubic x4, %s, %s, grey as %s: %d pictures, %.4f dB / %.4f%n",
        set, border, plane, greyPlane, scores.size(), mean.psnr(), mean.ssim());
    assertEquals(psnr, mean.psnr(), 0.5 * Math.pow(10, -digits));
    assertEquals(ssim, mean.ssim(), 0.5e-4);
  }

  @Test
  void rainyInputsScoreAsReported() {
    Path folder = Benchmarks.folder("rain100h");
    List<Score> scores = new ArrayList<>();
    for (Path file : Benchmarks.files(folder.resolve("rainy"), ".png")) {
      Path clean = folder.resolve("clean").resolve(file.getFileName());
      scores.add(Protocol.y(0).measure(Benchmarks.read(file), Benchmarks.read(clean)));
    }
    Score mean = Score.mean(scores);
    System.out.printf(
        "rain100h, input: %d pairs, %.4f dB / %.4f%n", scores.size(), mean.psnr(), mean.ssim());
    assertEquals(13.28, mean.psnr(), 0.005);
    assertEquals(0.327, mean.ssim(), 0.0005);
  }

  @Test
  void equalPicturesArePerfect() {
    Image image = image("comic.gt");
    for (Protocol protocol :
        List.of(Protocol.y(4), Protocol.roundedY(0), Protocol.rgb(1), Protocol.derainingFork(0))) {
      Score score = protocol.measure(image, image);
      assertEquals(Double.POSITIVE_INFINITY, score.psnr());
      assertEquals(1, score.ssim(), 1e-12);
    }
  }

  @Test
  void greyCountsAsThreeEqualChannelsUnlessRounded() {
    Image truth = image("comic.gt").toGrey();
    Image restored = image("comic.sr").toGrey();
    Score three = Protocol.y(0).measure(restored.toRgb(), truth.toRgb());
    assertEquals(three, Protocol.y(0).measure(restored, truth));
    assertEquals(three, Protocol.y(0).measure(restored.toRgb(), truth));
    assertEquals(Protocol.rgb(0).psnr(restored, truth), Protocol.roundedY(0).psnr(restored, truth));
    assertTrue(Protocol.roundedY(0).psnr(restored, truth) < three.psnr() - 1);
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    Image image = image("comic.gt");
    Image small = image.crop(0, 0, 10, 40);
    assertThrows(IllegalArgumentException.class, () -> Protocol.y(0).psnr(image, small));
    assertThrows(IllegalArgumentException.class, () -> Protocol.y(5).psnr(small, small));
    assertThrows(IllegalArgumentException.class, () -> Protocol.y(0).ssim(small, small));
    assertThrows(IllegalArgumentException.class, () -> Protocol.y(-1));
  }
}
