package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.nn.image.Protocol;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
  private static double mean(Map<String, Object> json, String key) {
    return ((Map<String, Number>) json.get("mean")).get(key).doubleValue();
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
    assertEquals(List.of("model", "images", "mean"), List.copyOf(json.keySet()));
    assertEquals(model.toString(), json.get("model"));
    assertEquals(List.of("a", "b"), images(json).stream().map(row -> row.get("name")).toList());
    for (Map<String, Object> row : images(json)) {
      assertEquals(5, row.size());
      assertTrue(row.keySet().containsAll(SCORES), row.toString());
    }
    for (String key : SCORES) {
      double sum = score(images(json).get(0), key) + score(images(json).get(1), key);
      assertEquals(sum / 2, mean(json, key), 1e-12);
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
  void printsATableAndQuietTheMeanAlone() throws IOException {
    write(hr.resolve("a.png"), TestFiles.scene(32, 40, 3, 1));
    write(hr.resolve("b.png"), TestFiles.scene(32, 40, 3, 2));
    List<String> table =
        Taipan.done("evaluate", "--model", model, "--hr", hr).out().lines().toList();
    assertEquals(5, table.size());
    assertTrue(table.get(0).contains("bicubic PSNR"), table.get(0));
    assertTrue(table.get(1).startsWith("a "), table.get(1));
    assertTrue(table.get(3).startsWith("mean "), table.get(3));
    assertTrue(table.get(4).contains(" on cpu: "), table.get(4));
    String quiet = Taipan.done("evaluate", "--quiet", "--model", model, "--hr", hr).out();
    assertEquals(table.get(3), quiet.strip());
  }
}
