package io.github.taipan.vmambair.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Score;
import io.github.taipan.vmambair.training.TrainingLog.Point;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class TrainingLogTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("log.jsonl");
  }

  private TrainingLog filled() throws IOException {
    TrainingLog log = new TrainingLog(file(), 0);
    log.losses(100, Map.of("loss", 0.12345678), 5e-4, 31.416);
    log.validation(100, new Score(28.12345, 0.876543));
    log.losses(200, Map.of("loss", 0.0625), 1.5e-6, 30);
    return log;
  }

  @Test
  void linesAreObjects() throws IOException {
    filled();
    Load json = new Load(LoadSettings.builder().build());
    List<Object> lines =
        Files.readAllLines(file()).stream().map(line -> json.loadFromString(line)).toList();
    assertEquals(
        "[{step=100, loss=0.123457, rate=5.0E-4, images_per_second=31.42},"
            + " {step=100, psnr_y=28.1235, ssim_y=0.87654},"
            + " {step=200, loss=0.0625, rate=1.5E-6, images_per_second=30.0}]",
        lines.toString());
  }

  @Test
  void seriesAreReadBack() throws IOException {
    TrainingLog log = filled();
    assertEquals(List.of(new Point(100, 0.123457), new Point(200, 0.0625)), log.series("loss"));
    assertEquals(List.of(new Point(100, 28.1235)), log.series("psnr_y"));
    assertEquals(List.of(new Point(100, 5e-4), new Point(200, 1.5e-6)), log.series("rate"));
    assertEquals(List.of(), log.series("none"));
  }

  @Test
  void aResumedLogKeepsWhatItsStateHasSeen() throws IOException {
    filled();
    List<String> lines = Files.readAllLines(file());
    TrainingLog resumed = new TrainingLog(file(), 150);
    assertEquals(lines.subList(0, 2), Files.readAllLines(file()));
    assertEquals(List.of(new Point(100, 0.123457)), resumed.series("loss"));
    new TrainingLog(file(), 0);
    assertEquals(0, Files.size(file()));
  }

  @Test
  void otherNumbersAreKeptAndWhatIsNoneIsNull() throws IOException {
    TrainingLog log = filled();
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("generator", 1.25);
    values.put("discriminator", Double.NaN);
    log.losses(300, values, 1e-4, 30);
    log.losses(400, Map.of("loss", Double.POSITIVE_INFINITY), 1e-4, 30);
    List<String> lines = Files.readAllLines(file());
    String rest = ", \"rate\": 0.0001000, \"images_per_second\": 30.00}";
    assertEquals(
        "{\"step\": 300, \"generator\": 1.250000, \"discriminator\": null" + rest, lines.get(3));
    assertEquals("{\"step\": 400, \"loss\": null" + rest, lines.get(4));
    TrainingLog resumed = new TrainingLog(file(), 400);
    assertEquals(List.of(new Point(300, 1.25)), resumed.series("generator"));
    assertEquals(List.of(), resumed.series("discriminator"));
    assertEquals(2, resumed.series("loss").size());
    assertEquals(
        "[loss, rate, images_per_second, psnr_y, ssim_y, generator, discriminator]",
        resumed.fields().toString());
    values.put("a \"name\"", 1.0);
    assertThrows(IllegalArgumentException.class, () -> log.losses(500, values, 1e-4, 30));
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  @Test
  void theCurveIsAPicture() throws Exception {
    Document picture = parse(CurvePlot.svg(filled()));
    assertEquals("svg", picture.getDocumentElement().getTagName());
    assertEquals(4, picture.getElementsByTagName("polyline").getLength());
    Document empty = parse(CurvePlot.svg(new TrainingLog(file(), 0)));
    assertEquals(0, empty.getElementsByTagName("polyline").getLength());
  }

  /** Some languages write other digits and decimal commas; files do not. */
  @Test
  void theUsersLanguageChangesNothing() throws IOException {
    String svg = CurvePlot.svg(filled());
    byte[] lines = Files.readAllBytes(file());
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertEquals(svg, CurvePlot.svg(filled()));
      assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(svg));
      assertEquals(new String(lines, StandardCharsets.US_ASCII), Files.readString(file()));
    } finally {
      Locale.setDefault(before);
    }
  }
}
