package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.vmambair.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DegradeCommandTest {
  @TempDir Path folder;
  private Path picture = Path.of("");

  @BeforeEach
  void makePicture() throws IOException {
    picture = folder.resolve("photo.png");
    ImageFiles.write(Picture.opaque(TestFiles.scene(67, 90, 3, 4)), picture);
  }

  private static Image read(Path file) throws IOException {
    return ImageFiles.read(file).colour();
  }

  @Test
  void versionsPairWithTheirTruths() throws IOException {
    Path low = folder.resolve("made/low");
    Path high = folder.resolve("made/high");
    Path sheet = folder.resolve("sheet.png");
    Taipan run =
        Taipan.done(
            "degrade",
            picture,
            "--out",
            low,
            "--truths",
            high,
            "--count=3",
            "--crop=32",
            "--sheet",
            sheet);
    assertEquals(3, run.out().lines().count());
    assertTrue(run.out().contains("photo_2.png: 32x32 to 8x8; 1: "), run.out());
    List<ImageFolder.Pair> pairs = ImageFolder.pairs(low, high);
    assertEquals(3, pairs.size());
    for (ImageFolder.Pair pair : pairs) {
      pair.requireScale(read(pair.degraded()), read(pair.truth()), 4);
    }
    assertFalse(
        Arrays.equals(
            read(pairs.get(0).degraded()).toBytes(), read(pairs.get(1).degraded()).toBytes()));
    assertEquals(8 + 4 * 408, read(sheet).width());
    assertTrue(read(sheet).height() > 408);
  }

  @Test
  void theSeedTellsAll() throws IOException {
    byte[][] results = new byte[3][];
    for (int i = 0; i < 3; i++) {
      Path out = folder.resolve("out" + i);
      Taipan.done("degrade", picture, "--out", out, "--seed", i / 2);
      results[i] = Files.readAllBytes(out.resolve("photo.png"));
    }
    assertArrayEquals(results[0], results[1]);
    assertFalse(Arrays.equals(results[1], results[2]));
  }

  @Test
  void bicubicIsThatOfTheBenchmarks() throws IOException {
    Taipan.done("degrade", "--kind=bicubic", picture, "--out", folder.resolve("low"));
    assertEquals(
        Bicubic.shrink(read(picture).cropToMultiple(4), 4), read(folder.resolve("low/photo.png")));
  }

  @Test
  void printedSettingsAreASettingsFile() throws IOException {
    String defaults = Taipan.done("degrade", "--print-settings").out();
    Path file = folder.resolve("all.yaml");
    Files.writeString(file, defaults);
    assertEquals(defaults, Taipan.done("degrade", "--print-settings", "--settings", file).out());
    assertTrue(defaults.startsWith("kernel_size: [7, 21]\n"), defaults);
    Files.writeString(file, "first: {noise: {sigma: [1, 2.5]}}\njpeg: codec\n");
    assertEquals(
        defaults.replace("[1, 30]", "[1, 2.5]").replace("jpeg: formula", "jpeg: codec"),
        Taipan.done("degrade", "--print-settings", "--settings", file).out());
  }

  @Test
  void settingsAreFollowed() throws IOException {
    Path file = folder.resolve("s.yaml");
    Files.writeString(
        file,
        """
        first: {blur: {probability: 0}, scale: {up: 0, down: 0}, noise: {gaussian: 0, grey: 1}}
        final_sinc: 0
        jpeg: codec
        """);
    Taipan run = Taipan.done("degrade", picture, "--out", folder.resolve("o"), "--settings", file);
    assertTrue(run.out().contains("; 1: sharp; x1.00 "), run.out());
    assertTrue(run.out().contains("grey Poisson"), run.out());
    assertTrue(run.out().contains("no sinc"), run.out());
  }
}
