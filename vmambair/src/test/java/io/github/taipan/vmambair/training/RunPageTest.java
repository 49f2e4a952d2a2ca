package io.github.taipan.vmambair.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Score;
import io.github.taipan.vmambair.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class RunPageTest {
  @TempDir Path folder;

  private TrainingLog log() throws IOException {
    return new TrainingLog(folder.resolve("log.jsonl"), 0);
  }

  /** The page as XML: every element closed, every character escaped. */
  private Document page(TrainingLog log, Map<String, String> recipe, boolean finished)
      throws Exception {
    RunPage.write(folder, log, recipe, finished);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(folder.resolve("index.html").toFile());
  }

  private static int count(Document page, String tag) {
    return page.getElementsByTagName(tag).getLength();
  }

  private static ValidationSet set(int pictures) {
    return ValidationSet.superResolution(
        IntStream.range(0, pictures).mapToObj(i -> TinyRun.picture(i, 400, 360, false)).toList(),
        4);
  }

  @Test
  void aRunThatHasJustBegunHasAPage() throws Exception {
    Document page = page(log(), Map.of(), false);
    assertEquals(0, count(page, "polyline") + count(page, "img"));
    assertEquals(2, count(page, "meta"));
    assertTrue(Files.readString(folder.resolve("index.html")).contains("nothing yet"));
  }

  @Test
  void curvesAndRecipeAreShown() throws Exception {
    TrainingLog log = log();
    SequencedMap<String, Double> losses = new LinkedHashMap<>();
    for (int step = 100; step <= 200_000; step += 100) {
      losses.put("generator", step == 300 ? Double.NaN : 1 + 100.0 / step);
      losses.put("discriminator", step == 500 ? 0 : 0.7);
      losses.put("loss", Double.NaN);
      log.losses(step, losses, 1e-4, 12);
    }
    log.validation(200_000, new Score(30.5, 0.91));
    log.validation(200_100, new Score(Double.POSITIVE_INFINITY, 1));
    Map<String, String> recipe = Map.of("task", "<x4> & \"more\"", "seed", "1");
    Document page = page(log, recipe, true);
    assertEquals(5, count(page, "polyline"));
    assertEquals(1, count(page, "meta"), "a finished page does not reload");
    assertEquals(2, count(page, "tr"));
    assertEquals(
        "Training: <x4> & \"more\"", page.getElementsByTagName("title").item(0).getTextContent());
    String text = Files.readString(folder.resolve("index.html"));
    assertTrue(text.contains("best validation PSNR 30.500 dB at step 200000"), text);
    assertTrue(!text.contains("NaN") && !text.contains("Infinity"), "numbers that are none");
    assertTrue(text.length() < 60_000, "as large as " + text.length());
  }

  @Test
  void picturesOfTheValidationsAreShown() throws Exception {
    ValidationSet set = set(6);
    List<Image> restored = set.pairs().stream().map(ValidationSet.Pair::truth).toList();
    for (long step = 1000; step <= 20_000; step += 1000) {
      ValidationPictures.write(folder, step, set, restored);
    }
    Image strip = ImageFiles.read(folder.resolve("validation/1.png")).colour();
    assertEquals("Image[320x972x3]", strip.toString());
    assertEquals(strip.crop(0, 326, 320, 320), strip.crop(0, 652, 320, 320));
    Image middle = ImageFiles.read(folder.resolve("validation/00003000/2.png")).colour();
    assertEquals(restored.get(1).crop(120, 100, 160, 160), middle);
    Document page = page(log(), Map.of(), false);
    assertEquals(4 + 4 * 8, count(page, "img"));
    for (int i = 0; i < count(page, "img"); i++) {
      String file = ((Element) page.getElementsByTagName("img").item(i)).getAttribute("src");
      assertTrue(Files.exists(folder.resolve(file)), file);
    }
    assertTrue(Files.readString(folder.resolve("index.html")).contains("step 20000"));
  }

  @Test
  void smallPicturesAreShownWhole() throws Exception {
    Image truth = TinyRun.picture(1, 40, 48, false);
    ValidationSet set = ValidationSet.superResolution(List.of(truth), 4);
    ValidationPictures.write(folder, 5, set, List.of(truth));
    Image strip = ImageFiles.read(folder.resolve("validation/1.png")).colour();
    assertEquals("Image[40x156x3]", strip.toString());
    assertEquals(truth, strip.crop(0, 54, 40, 48));
  }
}
