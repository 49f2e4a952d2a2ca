package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreCommandTest {
  private static final String LINE =
      "\\S+a_x4\\.png: 12x10 to 48x40 with \\S+sr4\\.safetensors on cpu: .*bit.*, \\d+ threads?,"
          + " in one piece, [0-9.]+ s, [0-9.]+ megapixels/s\\R";

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path model;

  @BeforeAll
  static void makeWeights() throws IOException {
    model = TestFiles.weights(shared.resolve("sr4.safetensors"), Task.SR4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "tif"})
  void enlargesEveryFormat(String format) throws IOException {
    Path picture = Files.write(folder.resolve("a." + format), TestFiles.encoded(format));
    Taipan run = Taipan.done("restore", "--model", model, picture);
    assertTrue(run.out().matches(LINE), run.out());
    Image result = ImageFiles.read(folder.resolve("a_x4.png")).colour();
    assertEquals(48, result.width());
    assertEquals(40, result.height());
    assertEquals(3, result.channels());
  }

  @Test
  void readsWebp() throws IOException {
    Path picture = Files.write(folder.resolve("a.webp"), TestFiles.WEBP);
    Taipan.done("restore", "--model", model, picture);
    assertEquals(4, ImageFiles.read(folder.resolve("a_x4.png")).colour().width());
  }

  @Test
  void greyStaysGrey() throws IOException {
    Path picture = folder.resolve("a.png");
    ImageFiles.write(Picture.opaque(TestFiles.scene(9, 17, 1, 4)), picture);
    Taipan.done("restore", "--model", model, picture);
    Picture restored = ImageFiles.read(folder.resolve("a_x4.png"));
    assertTrue(restored.colour().isGrey());
    assertNull(restored.alpha());
  }

  @Test
  void transparencyIsKept() throws IOException {
    Path picture = folder.resolve("a.png");
    Image alpha = Image.of(9, 17, 1, new byte[9 * 17]);
    ImageFiles.write(new Picture(TestFiles.scene(9, 17, 3, 4), alpha), picture);
    Taipan.done("restore", "--model", model, "-o", folder.resolve("b.tif"), picture);
    Image restored = ImageFiles.read(folder.resolve("b.tif")).alpha();
    assertNotNull(restored);
    assertEquals(Image.of(36, 68, 1, new byte[36 * 68]), restored);
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.png", "b.JPG", "b.bmp", "b.tiff"})
  void writesTheFormatOfTheName(String name) throws IOException {
    Path picture = Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
    Path out = folder.resolve(name);
    Taipan.done("restore", "--model", model, "-o", out, picture);
    assertEquals(48, ImageFiles.read(out).colour().width());
  }

  @Test
  void severalGoIntoAFolderThatIsMade() throws IOException {
    Path a = Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
    Path b = Files.write(folder.resolve("b.jpg"), TestFiles.encoded("jpg"));
    Path out = folder.resolve("out");
    Taipan run = Taipan.done("restore", "--model", model, "-o", out, a, b);
    assertEquals(2, run.out().lines().count());
    assertTrue(Files.exists(out.resolve("a_x4.png")));
    assertTrue(Files.exists(out.resolve("b_x4.png")));
    Taipan.done("restore", "--model", model, "-o", folder + "/one/", a);
    assertTrue(Files.exists(folder.resolve("one/a_x4.png")));
  }

  @Test
  void aBadPictureDoesNotStopTheOthers() throws IOException {
    Path a = Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
    Path b = Files.write(folder.resolve("b.png"), new byte[5]);
    Path c = Files.write(folder.resolve("c.png"), TestFiles.encoded("png"));
    Taipan run = Taipan.run("restore", "--model", model, a, b, c);
    assertEquals(1, run.exitCode());
    assertTrue(run.err().startsWith("taipan: " + b + " is no picture"), run.err());
    assertEquals(1, run.err().lines().count());
    assertTrue(Files.exists(folder.resolve("a_x4.png")));
    assertTrue(Files.exists(folder.resolve("c_x4.png")));
  }

  @Test
  void aPartIsWrittenBeforeAndAfter() throws IOException {
    Path picture = Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
    Path sheet = folder.resolve("sheet");
    Taipan.done("restore", "--model", model, "--compare", sheet, "--region", "2,1,8,5", picture);
    Image whole = ImageFiles.read(folder.resolve("a_x4.png")).colour();
    assertEquals(
        whole.crop(4, 8, 20, 32), ImageFiles.read(sheet.resolve("a_restored.png")).colour());
    Image input = ImageFiles.read(picture).colour();
    assertEquals(
        Bicubic.enlarge(input, 4).crop(4, 8, 20, 32),
        ImageFiles.read(sheet.resolve("a_bicubic.png")).colour());
    assertEquals(32, ImageFiles.read(sheet.resolve("a_nearest.png")).colour().width());
  }

  @Test
  void derainingKeepsTheSize() throws IOException {
    Path derain = TestFiles.weights(folder.resolve("derain.safetensors"), Task.DERAIN);
    Path picture = Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
    Taipan.done("restore", "--model", derain, picture);
    assertEquals(12, ImageFiles.read(folder.resolve("a_restored.png")).colour().width());
  }

  @Test
  void littleMemoryMeansTilesAndSaysSo() throws IOException {
    Path picture = folder.resolve("a.png");
    ImageFiles.write(Picture.opaque(TestFiles.scene(150, 130, 3, 4)), picture);
    Taipan run = Taipan.done("restore", "--model", model, "--memory", "24m", picture);
    assertTrue(run.out().matches("(?s).*, in \\d+ tiles of \\d+x\\d+, .*"), run.out());
    assertEquals(600, ImageFiles.read(folder.resolve("a_x4.png")).colour().height());
  }

  @Test
  void referenceAndCpuAgreeAndQuietIsQuiet() throws IOException {
    Path picture = Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
    Path fast = folder.resolve("cpu.bmp");
    Path slow = folder.resolve("reference.bmp");
    assertEquals(
        "", Taipan.done("restore", "--quiet", "--model", model, "-o", fast, picture).out());
    Taipan run =
        Taipan.done("restore", "--model", model, "--device", "reference", "-o", slow, picture);
    assertTrue(run.out().contains(" on reference"), run.out());
    Image expected = ImageFiles.read(slow).colour();
    Image actual = ImageFiles.read(fast).colour();
    int largest = 0;
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 48; x++) {
        largest = Math.max(largest, Math.abs(expected.sample(y, x, 1) - actual.sample(y, x, 1)));
      }
    }
    assertTrue(largest <= 1, "the devices differ by " + largest + " of 255");
  }

  @Test
  void threadsDoNotChangeTheResult() throws IOException {
    Path picture = Files.write(folder.resolve("a.png"), TestFiles.encoded("png"));
    for (int threads = 1; threads <= 3; threads++) {
      Path out = folder.resolve(threads + ".bmp");
      Taipan.done("restore", "--model", model, "--threads", threads, "-o", out, picture);
    }
    byte[] one = Files.readAllBytes(folder.resolve("1.bmp"));
    assertArrayEquals(one, Files.readAllBytes(folder.resolve("2.bmp")));
    assertArrayEquals(one, Files.readAllBytes(folder.resolve("3.bmp")));
  }

  @Test
  void verboseAloneShowsAStackTrace() {
    Path missing = folder.resolve("none.png");
    Taipan plain = Taipan.run("restore", "--model", model, missing);
    Taipan verbose = Taipan.run("restore", "--model", model, "--verbose", missing);
    assertFalse(plain.err().contains("\tat "), plain.err());
    assertTrue(verbose.err().startsWith(plain.err()), verbose.err());
    assertTrue(verbose.err().contains("\tat io.github.taipan."), verbose.err());
  }
}
