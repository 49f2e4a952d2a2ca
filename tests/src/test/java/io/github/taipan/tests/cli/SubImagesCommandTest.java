package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Lanczos;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.vmambair.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubImagesCommandTest {
  @TempDir Path folder;

  /** Noise on the left, one colour on the right. */
  private static Image picture(int height, int width) {
    byte[] samples = new byte[height * width * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = i / 3 % width < width / 2 ? (byte) (i * i * 31 + i / 5) : 90;
    }
    return Image.wrap(height, width, 3, samples);
  }

  private Path write(String file, Image image) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    ImageFiles.write(Picture.opaque(image), path);
    return path;
  }

  private Image read(String file) throws IOException {
    return ImageFiles.read(folder.resolve(file)).colour();
  }

  private List<String> names(String under) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(under))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void eachSizeOfAPictureIsCutUpToItsBorder() throws IOException {
    Image image = picture(40, 66);
    write("in/a.png", image);
    write("in/b_hr.png", picture(20, 40));
    String said =
        Taipan.done(
                "subimages",
                folder.resolve("in"),
                "--out",
                folder.resolve("out"),
                "--size=32",
                "--step=16",
                "--scales=1,0.5,0.80")
            .out();
    assertEquals(
        List.of(
            "a_s0.8_0000_0000.png",
            "a_s0.8_0000_0016.png",
            "a_s0.8_0000_0020.png",
            "a_s1_0000_0000.png",
            "a_s1_0000_0016.png",
            "a_s1_0000_0032.png",
            "a_s1_0000_0034.png",
            "a_s1_0008_0000.png",
            "a_s1_0008_0016.png",
            "a_s1_0008_0032.png",
            "a_s1_0008_0034.png"),
        names("out"));
    assertTrue(
        said.startsWith("11 tiles of 32x32 from 2 pictures in ") && said.contains(", 4 sizes"),
        said);
    assertEquals(image.crop(8, 34, 32, 32), read("out/a_s1_0008_0034.png"));
    assertEquals(
        Lanczos.resize(image, 32, 52).crop(0, 20, 32, 32), read("out/a_s0.8_0000_0020.png"));
  }

  @Test
  void flatTilesAndSmallRestsAreLeftOut() throws IOException {
    Path file = write("wide.png", picture(35, 128));
    Taipan.done(
        "subimages",
        file,
        "--out=" + folder.resolve("out"),
        "--size=32",
        "--step=32",
        "--threshold=3",
        "--shortest=32",
        "--min-texture=5");
    assertEquals(
        List.of(
            "wide_s1_0000_0000.png",
            "wide_s1_0000_0032.png",
            "wide_s32px_0000_0000.png",
            "wide_s32px_0000_0032.png"),
        names("out"));
  }

  @Test
  void pairsAreCutAlike() throws IOException {
    Image high = picture(66, 73);
    Image low = Bicubic.shrink(high.cropToMultiple(4), 4);
    write("high/x.png", high);
    write("low/x.png", low);
    Taipan.done(
        "subimages",
        folder.resolve("high"),
        "--pair=" + folder.resolve("low"),
        "--scale=4",
        "--out=" + folder.resolve("out"),
        "--size=32",
        "--step=16");
    List<String> names = names("out/truth");
    assertEquals(names, names("out/degraded"));
    assertEquals(12, names.size());
    for (String name : names) {
      int top = Integer.parseInt(name.substring(5, 9));
      int left = Integer.parseInt(name.substring(10, 14));
      assertEquals(high.crop(top, left, 32, 32), read("out/truth/" + name));
      assertEquals(low.crop(top / 4, left / 4, 8, 8), read("out/degraded/" + name));
    }
    assertEquals("x_s1_0032_0040.png", names.getLast());
  }

  @Test
  void aBadPictureDoesNotStopTheOthers() throws IOException {
    write("in/a.png", picture(32, 32));
    Files.writeString(folder.resolve("in/b.png"), "no picture");
    write("in/c.png", picture(32, 32));
    Taipan run =
        Taipan.run(
            "subimages",
            folder.resolve("in"),
            "--out=" + folder.resolve("out"),
            "--size=32",
            "--quiet");
    assertEquals(1, run.exitCode());
    assertEquals("", run.out());
    assertTrue(run.err().matches("taipan: \\S+b\\.png is no picture[^\\n]+\\R"), run.err());
    assertEquals(2, names("out").size());
  }

  @Test
  void tilesOfOneNameAreRefused() throws IOException {
    Path one = write("1/a.png", picture(32, 32));
    Path two = write("2/a.png", picture(32, 32));
    Taipan run = Taipan.run("subimages", one, two, "--out=" + folder.resolve("out"));
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("would give tiles of one name"), run.err());
    assertTrue(Files.notExists(folder.resolve("out")));
  }
}
