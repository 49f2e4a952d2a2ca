package io.github.taipan.vmambair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Dihedral;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.nn.image.Protocol;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.File;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFilesTest {
  private static final Image COLOUR = PictureFiles.scene(30, 40, 3);
  private static final Image GREY = PictureFiles.scene(30, 40, 1);

  @TempDir Path folder;

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.bmp", "a.tif", "a.TIFF"})
  void losslessFormatsKeepColourAndGrey(String name) throws IOException {
    for (Image image : List.of(COLOUR, GREY)) {
      Path file = folder.resolve(name);
      ImageFiles.write(Picture.opaque(image), file);
      assertEquals(Picture.opaque(image), ImageFiles.read(file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.tif"})
  void transparencyIsKept(String name) throws IOException {
    for (Image image : List.of(COLOUR, GREY)) {
      Picture picture = new Picture(image, GREY.turn(Dihedral.TURN_180));
      ImageFiles.write(picture, folder.resolve(name));
      assertEquals(picture, ImageFiles.read(folder.resolve(name)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jpg", "a.JPEG"})
  void jpegIsNearAndGreyStaysGrey(String name) throws IOException {
    for (Image image : List.of(COLOUR, GREY)) {
      ImageFiles.write(Picture.opaque(image), folder.resolve(name));
      Picture read = ImageFiles.read(folder.resolve(name));
      assertEquals(image.channels(), read.colour().channels());
      double psnr = Protocol.rgb(0).psnr(read.colour(), image);
      assertTrue(psnr > 38, name + " " + image + ": " + psnr + " dB");
    }
  }

  @ParameterizedTest
  @CsvSource({"png, photo.jpg", "jpg, photo.png", "bmp, photo", "tif, photo.webp"})
  void theContentDecidesNotTheName(String format, String name) throws IOException {
    Image read = ImageFiles.read(file(name, PictureFiles.encode(format))).colour();
    assertTrue(Protocol.rgb(0).psnr(read, COLOUR) > 25);
  }

  @Test
  void sixteenBitsBecomeEight() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setPixels(0, 0, 2, 1, new int[] {257 * 9, 65535});
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {257, 514, 771, 257 * 80});
    BufferedImage colour = new BufferedImage(model, raster, false, null);
    for (String format : List.of("png", "tif")) {
      Picture read = ImageFiles.read(file("grey", PictureFiles.encode(grey, format)));
      assertEquals(Picture.opaque(Image.of(1, 2, 1, new byte[] {9, -1})), read);
      read = ImageFiles.read(file("colour", PictureFiles.encode(colour, format)));
      assertEquals(Image.of(1, 1, 3, new byte[] {1, 2, 3}), read.colour());
      assertEquals(Image.of(1, 1, 1, new byte[] {80}), read.alpha());
    }
  }

  @Test
  void palettesAndSingleBits() throws IOException {
    byte[] red = {10, 20, 30, 40};
    byte[] green = {50, 60, 70, 80};
    IndexColorModel palette = new IndexColorModel(2, 4, red, green, red, 3);
    BufferedImage indexed = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    indexed.getRaster().setPixels(0, 0, 4, 1, new int[] {0, 1, 2, 3});
    Picture read = ImageFiles.read(file("palette.png", PictureFiles.encode(indexed, "png")));
    assertEquals(60, read.colour().sample(0, 1, 1));
    assertEquals(Image.of(1, 4, 1, new byte[] {-1, -1, -1, 0}), read.alpha());

    BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.getRaster().setPixels(0, 0, 2, 1, new int[] {1, 0});
    for (String format : List.of("png", "bmp", "tif")) {
      assertEquals(
          Picture.opaque(Image.of(1, 2, 1, new byte[] {-1, 0})),
          ImageFiles.read(file("bits", PictureFiles.encode(bits, format))),
          format);
    }
  }

  @Test
  void cmykJpegIsConverted() throws IOException {
    byte[] red = PictureFiles.cmykJpeg(255, 0, 0, 255);
    Image read = ImageFiles.read(file("print.jpg", red)).colour();
    assertEquals(3, read.channels());
    assertTrue(read.sample(8, 8, 0) > 150, "red " + read.sample(8, 8, 0));
    assertTrue(read.sample(8, 8, 1) < 90, "green " + read.sample(8, 8, 1));
    assertTrue(read.sample(8, 8, 2) < 90, "blue " + read.sample(8, 8, 2));
  }

  @Test
  void webpIsRead() throws IOException {
    assertNull(ImageFiles.read(file("a.webp", PictureFiles.WEBP_LOSSY)).alpha());
    assertNotNull(ImageFiles.read(file("b.webp", PictureFiles.WEBP_LOSSLESS)).alpha());
  }

  @Test
  void ofManyPagesTheFirstIsRead() throws IOException {
    List<BufferedImage> pages =
        Stream.of(COLOUR, GREY).map(page -> Picture.opaque(page).toBufferedImage()).toList();
    byte[] tiff = PictureFiles.encodePages(pages);
    assertEquals(COLOUR, ImageFiles.read(file("pages.tif", tiff)).colour());
  }

  @ParameterizedTest
  @CsvSource({
    "1, IDENTITY",
    "2, TURN_180_FLIP",
    "3, TURN_180",
    "4, FLIP",
    "5, TURN_90_FLIP",
    "6, TURN_270",
    "7, TURN_270_FLIP",
    "8, TURN_90",
    "9, IDENTITY"
  })
  void picturesAreTurnedUpright(int orientation, Dihedral expected) throws IOException {
    byte[] jpeg = PictureFiles.encode("jpg");
    byte[] png = PictureFiles.encode("png");
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      byte[] exif = PictureFiles.exif(orientation, order);
      assertEquals(
          ImageFiles.read(file("plain", jpeg)).turn(expected),
          ImageFiles.read(file("turned", PictureFiles.jpegWithExif(jpeg, exif))));
      byte[] chunk = PictureFiles.chunk("eXIf", exif);
      assertEquals(
          Picture.opaque(COLOUR.turn(expected)),
          ImageFiles.read(file("turned", PictureFiles.pngWithChunk(png, chunk))));
    }
  }

  @Test
  void brokenExifDoesNotSpoilAPicture() throws IOException {
    byte[] jpeg = PictureFiles.encode("jpg");
    byte[] exif = PictureFiles.exif(6, ByteOrder.BIG_ENDIAN);
    exif[4] = 0x7F; // the directory lies beyond the file
    assertEquals(
        ImageFiles.read(file("plain", jpeg)),
        ImageFiles.read(file("broken", PictureFiles.jpegWithExif(jpeg, exif))));
  }

  @Test
  void anEarlierFileIsReplacedAndNothingElseLeft() throws IOException {
    Path file = file("a.png", "not a picture".getBytes(StandardCharsets.US_ASCII));
    ImageFiles.write(Picture.opaque(GREY), file);
    assertEquals(GREY, ImageFiles.read(file).colour());
    assertEquals(List.of(file), list());
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a.webp, must end in .png", "a.gif, must end in .png", "picture, must end in .png",
    "missing/a.png, no such folder", "plain/a.png, no such folder", "folder.png, it is a folder",
    "a.jpg, JPEG does not keep", "a.bmp, BMP does not keep"
  })
  void whatCannotBeWrittenIsSaidAndLeavesNothing(String name, String part) throws IOException {
    byte[] plain = {1, 2, 3};
    file("plain", plain);
    Files.createDirectory(folder.resolve("folder.png"));
    Picture picture = new Picture(COLOUR, GREY);
    Path target = folder.resolve(name);
    String message =
        assertThrows(ImageFileException.class, () -> ImageFiles.write(picture, target))
            .getMessage();
    assertTrue(
        message.contains(part) && message.contains(name) && !message.contains("\n"), message);
    assertEquals(2, list().size());
    assertArrayEquals(plain, Files.readAllBytes(folder.resolve("plain")));
  }

  /** A program without TwelveMonkeys reads and writes all but WebP, and says why. */
  @Test
  void theJdkAloneIsEnoughForItsFormats() throws IOException, InterruptedException {
    file("a.webp", PictureFiles.WEBP_LOSSY);
    file("cmyk.jpg", PictureFiles.cmykJpeg(255, 0, 0, 255));
    file("a.png", PictureFiles.encode("png"));
    String classes =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("twelvemonkeys"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                classes,
                WithoutPlugins.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertEquals(
        """
        a.webp is a WebP file, which needs TwelveMonkeys' imageio-webp on the class path
        cmyk.jpg: Image[16x16x3]
        b.png: Image[30x40x3]
        b.jpg: Image[30x40x3]
        b.bmp: Image[30x40x3]
        b.tif: Image[30x40x3]
        """,
        output);
  }

  /** Runs in a process of its own. */
  static final class WithoutPlugins {
    private WithoutPlugins() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      try {
        ImageFiles.read(folder.resolve("a.webp"));
      } catch (ImageFileException e) {
        System.out.println(String.valueOf(e.getMessage()).replace(folder + File.separator, ""));
      }
      System.out.println("cmyk.jpg: " + ImageFiles.read(folder.resolve("cmyk.jpg")).colour());
      Picture picture = ImageFiles.read(folder.resolve("a.png"));
      for (String name : List.of("b.png", "b.jpg", "b.bmp", "b.tif")) {
        ImageFiles.write(picture, folder.resolve(name));
        System.out.println(name + ": " + ImageFiles.read(folder.resolve(name)).colour());
      }
    }
  }
}
