package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.nn.image.Protocol;
import io.github.taipan.nn.perceptual.Vgg;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tests.parity.HashVgg;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.evaluation.Measure;
import io.github.taipan.vmambair.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class EvaluateCommandTest {
  private static final List<String> SCORES =
      List.of("psnr_y", "ssim_y", "baseline_psnr_y", "baseline_ssim_y");

  @TempDir Path folder;

  private Path model;
  private Path hr;
  private Path lq;

  @BeforeEach
  void makeFiles() throws IOException {
    model = TestFiles.weights(folder.resolve("a \"tiny\" sr4.safetensors"), Task.SR4);
    hr = Files.createDirectory(folder.resolve("hr"));
    lq = Files.createDirectory(folder.resolve("lq"));
  }

  private static Image write(Path file, Image image) throws IOException {
    ImageFiles.write(Picture.opaque(image), file);
    return image;
  }

  /** JSON is YAML as well. */
  @SuppressWarnings("unchecked")
  private Map<String, Object> json(Object... more) throws IOException {
    Path file = folder.resolve("scores.json");
    Object[] arguments = new Object[more.length + 5];
    System.arraycopy(more, 0, arguments, 5, more.length);
    System.arraycopy(
        new Object[] {"evaluate", "--model", model, "--json", file}, 0, arguments, 0, 5);
    Taipan.done(arguments);
    Object document =
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    return (Map<String, Object>) document;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> images(Map<String, Object> json) {
    return (List<Map<String, Object>>) json.get("images");
  }

  @SuppressWarnings("unchecked")
  private static double number(Map<String, Object> json, String object, String key) {
    return ((Map<String, Number>) json.get(object)).get(key).doubleValue();
  }

  private static double mean(Map<String, Object> json, String key) {
    return number(json, "mean", key);
  }

  private static double score(Map<String, Object> row, String key) {
    return ((Number) row.get(key)).doubleValue();
  }

  @Test
  void withoutDegradedPicturesTheyAreShrunk() throws IOException {
    Image first = write(hr.resolve("a.png"), TestFiles.scene(41, 50, 3, 1));
    write(hr.resolve("b_hr.png"), TestFiles.scene(32, 36, 3, 2));
    write(hr.resolve("b_lr4.png"), TestFiles.scene(8, 9, 3, 2));
    Map<String, Object> json = json("--hr", hr);
    assertTrue(json.keySet().containsAll(List.of("model", "images", "mean")), json.toString());
    assertEquals("bicubic", json.get("baseline"));
    assertEquals(List.of(), json.get("others"));
    assertEquals(model.toString(), json.get("model"));
    assertEquals(List.of("a", "b"), images(json).stream().map(row -> row.get("name")).toList());
    for (Map<String, Object> row : images(json)) {
      assertEquals(5, row.size());
      assertTrue(row.keySet().containsAll(SCORES), row.toString());
    }
    for (String key : SCORES) {
      double one = score(images(json).get(0), key);
      double other = score(images(json).get(1), key);
      assertEquals((one + other) / 2, mean(json, key), 1e-12);
      // Of two values the interval is t(0.975, 1) = 12.7062 times half their distance, each way.
      assertEquals(12.706205 * Math.abs(one - other) / 2, number(json, "interval", key), 1e-5);
    }
    Image truth = first.cropToMultiple(4);
    Image bicubic = Bicubic.enlarge(Bicubic.shrink(truth, 4), 4);
    double expected = Protocol.y(4).measure(bicubic, truth).psnr();
    assertEquals(expected, score(images(json).get(0), "baseline_psnr_y"), 1e-12);
  }

  @Test
  void roundedYIsAnotherProtocol() throws IOException {
    Image truth = write(hr.resolve("a.png"), TestFiles.scene(32, 40, 3, 1));
    Image bicubic = Bicubic.enlarge(Bicubic.shrink(truth, 4), 4);
    double unrounded = mean(json("--hr", hr), "baseline_psnr_y");
    double rounded = mean(json("--hr", hr, "--rounded-y"), "baseline_psnr_y");
    assertNotEquals(unrounded, rounded);
    assertEquals(Protocol.roundedY(4).measure(bicubic, truth).psnr(), rounded, 1e-12);
  }

  @Test
  void perceptualDistancesAreMeasuredToo() throws IOException {
    Image truth = write(hr.resolve("a.png"), TestFiles.scene(32, 40, 3, 1));
    Image bicubic = Bicubic.enlarge(Bicubic.shrink(truth, 4), 4);
    Path vgg16 = folder.resolve("vgg16.safetensors");
    HashVgg.checkpoint(Vgg.Depth.VGG16).write(vgg16);
    Map<String, Object> json =
        json("--hr", hr, "--measures", "psnr-y,lpips,dists", "--vgg16", vgg16);
    try (Device device = Devices.open("cpu", 1)) {
      Vgg vgg = Vgg.read(Vgg.Depth.VGG16, vgg16, device);
      for (String name : Measure.PERCEPTUAL) {
        double expected = Measure.perceptual(name, vgg).of(bicubic, truth);
        assertTrue(expected > 0);
        assertEquals(expected, mean(json, "baseline_" + name), 1e-6 * expected);
        assertEquals(0, Measure.perceptual(name, vgg).of(truth, truth));
      }
    }
  }

  @Test
  void pairsByNameElseByOrder() throws IOException {
    Image a = write(hr.resolve("a.png"), TestFiles.scene(32, 40, 3, 1));
    Image b = write(hr.resolve("b.png"), TestFiles.scene(32, 40, 3, 2));
    write(lq.resolve("a_lr4.png"), Bicubic.shrink(a, 4));
    write(lq.resolve("b_lr4.png"), Bicubic.shrink(b, 4));
    Map<String, Object> named = json("--hr", hr, "--lq", lq);
    Files.move(lq.resolve("a_lr4.png"), lq.resolve("x1.png"));
    Files.move(lq.resolve("b_lr4.png"), lq.resolve("x2.png"));
    Map<String, Object> ordered = json("--hr", hr, "--lq", lq);
    assertEquals(named, ordered);
    assertEquals(named, json("--hr", hr)); // for these files are what it would have made
  }

  @Test
  void derainingIsComparedWithItsInput() throws IOException {
    model = TestFiles.weights(folder.resolve("derain.safetensors"), Task.DERAIN);
    Image clean = write(hr.resolve("a.png"), TestFiles.scene(32, 40, 3, 1));
    Image rainy = write(lq.resolve("a.png"), TestFiles.scene(32, 40, 3, 9));
    Map<String, Object> json = json("--hr", hr, "--lq", lq);
    assertEquals(Protocol.y(0).measure(rainy, clean).psnr(), mean(json, "baseline_psnr_y"), 1e-12);
  }

  @Test
  void equalPicturesHaveNoNumber() throws IOException {
    write(hr.resolve("a.png"), Image.of(32, 32, 3, new byte[32 * 32 * 3]));
    assertTrue(images(json("--hr", hr)).getFirst().containsKey("baseline_psnr_y"));
    assertEquals(null, images(json("--hr", hr)).getFirst().get("baseline_psnr_y"));
  }

  @Test
  @SuppressWarnings("unchecked")
  void modelsStandSideBySide() throws IOException {
    write(hr.resolve("a.png"), TestFiles.scene(32, 40, 3, 1));
    write(hr.resolve("b.png"), TestFiles.scene(32, 40, 3, 2));
    Path other = Files.copy(model, folder.resolve("other.safetensors"));
    Map<String, Object> alone = json("--hr", hr);
    Map<String, Object> both = json("--hr", hr, "--model", other);
    Map<String, Object> second = ((List<Map<String, Object>>) both.get("others")).getFirst();
    assertEquals(other.toString(), second.get("model"));
    assertEquals(model.toString(), both.get("model"));
    for (String key : List.of("images", "mean", "interval", "difference", "difference_interval")) {
      assertEquals(alone.get(key), both.get(key), key);
      assertEquals(alone.get(key), second.get(key), key); // the weights are the same
    }
    double gain = mean(both, "psnr_y") - mean(both, "baseline_psnr_y");
    assertEquals(gain, number(both, "difference", "psnr_y"), 1e-12);
  }

  @Test
  void measuresAndProtocolsAreChosen() throws IOException {
    Image truth = write(hr.resolve("a.png"), TestFiles.scene(32, 40, 3, 1));
    Image bicubic = Bicubic.enlarge(Bicubic.shrink(truth, 4), 4);
    Map<String, Object> rgb = json("--hr", hr, "--measures", "ssim-rgb,psnr-rgb");
    assertEquals(Protocol.rgb(4).ssim(bicubic, truth), mean(rgb, "baseline_ssim_rgb"), 1e-12);
    assertEquals(5, images(rgb).getFirst().size());
    double matlab = mean(json("--hr", hr, "--protocol", "matlab"), "baseline_psnr_y");
    assertEquals(Protocol.roundedY(0).psnr(bicubic, truth), matlab, 1e-12);
    double fork = mean(json("--hr", hr, "--protocol", "derain-fork"), "baseline_ssim_y");
    assertEquals(Protocol.derainingFork(0).ssim(bicubic, truth), fork, 1e-12);
  }

  @Test
  void csvQuotesWhatNeedsIt() throws IOException {
    write(hr.resolve("a, \"b\".png"), TestFiles.scene(32, 40, 3, 1));
    Path csv = folder.resolve("scores.csv");
    Taipan.done("evaluate", "--model", model, "--hr", hr, "--measures", "psnr-y", "--csv", csv);
    String[] lines = Files.readString(csv).split("\r\n", -1);
    assertEquals("statistic,picture,method,psnr_y", lines[0]);
    assertTrue(lines[1].startsWith("value,\"a, \"\"b\"\"\",bicubic,"), lines[1]);
    assertTrue(lines[2].startsWith("value,\"a, \"\"b\"\"\",\"a \"\"tiny\"\" sr4\","), lines[2]);
    assertTrue(lines[3].startsWith("mean,,bicubic,"), lines[3]);
    assertEquals("interval,,bicubic,", lines[4]); // one picture has none
    assertTrue(lines[7].startsWith("difference,,"), lines[7]);
    assertEquals(10, lines.length); // the last ends with a line break
  }

  @Test
  void sheetsShowAllPicturesOrTheExtremes() throws IOException {
    for (int i = 0; i < 4; i++) {
      write(hr.resolve(i + ".png"), TestFiles.scene(32, 40, 3, i));
    }
    Path all = folder.resolve("all");
    Path extremes = folder.resolve("extremes");
    Map<String, Object> json = json("--hr", hr, "--sheet", all, "--region", "8,4,16,16");
    json("--hr", hr, "--sheet", extremes, "--sheet-pictures", "1");
    assertEquals(List.of("0.png", "1.png", "2.png", "3.png"), names(all));
    List<String> byGain =
        images(json).stream()
            .sorted(
                Comparator.comparingDouble(
                    row -> score(row, "psnr_y") - score(row, "baseline_psnr_y")))
            .map(row -> row.get("name") + ".png")
            .toList();
    assertEquals(Stream.of(byGain.getFirst(), byGain.getLast()).sorted().toList(), names(extremes));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void printsTablesAndQuietTheMeansAlone() throws IOException {
    write(hr.resolve("a.png"), TestFiles.scene(32, 40, 3, 1));
    write(hr.resolve("b|c.png"), TestFiles.scene(32, 40, 3, 2));
    List<String> out = Taipan.done("evaluate", "--model", model, "--hr", hr).out().lines().toList();
    assertEquals(13, out.size());
    assertTrue(out.get(0).startsWith("| picture | bicubic PSNR-Y | bicubic SSIM-Y |"), out.get(0));
    assertTrue(out.get(1).matches("\\|:-+\\|(-+:\\|){4}"), out.get(1));
    assertTrue(out.get(2).startsWith("| a       | "), out.get(2));
    assertTrue(out.get(3).startsWith("| b\\|c    | "), out.get(3));
    assertEquals(1, out.subList(0, 3).stream().map(String::length).distinct().count());
    assertTrue(out.get(5).startsWith("| mean of 2 "), out.get(5));
    assertTrue(out.get(5).contains(" over bicubic |"), out.get(5));
    assertTrue(out.get(7).startsWith("| bicubic "), out.get(7));
    assertTrue(out.get(8).contains(" +/- "), out.get(8));
    assertTrue(out.get(12).contains(" on cpu: "), out.get(12));
    String quiet = Taipan.done("evaluate", "--quiet", "--model", model, "--hr", hr).out();
    assertEquals(out.subList(5, 9), quiet.lines().toList());
  }
}
