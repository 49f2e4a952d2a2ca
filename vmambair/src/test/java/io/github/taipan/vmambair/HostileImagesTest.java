package io.github.taipan.vmambair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no whole picture: each is refused in one sentence that names it. */
class HostileImagesTest {
  @TempDir Path folder;

  private record Case(byte[] content, String sentence) {}

  private static Map<String, Case> cases() throws IOException {
    byte[] png = PictureFiles.encode("png");
    byte[] jpeg = PictureFiles.encode("jpg");
    byte[] bmp = PictureFiles.encode("bmp");
    byte[] tiff = PictureFiles.encode("tif");
    byte[] webp = PictureFiles.WEBP_LOSSY;
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("empty.png", new Case(new byte[0], "is empty"));
    cases.put("text.png", new Case(ascii("A letter, not a picture."), "is no picture"));
    cases.put("letter.bmp", new Case(ascii("BMW builds cars and engines."), "is no picture"));
    cases.put("zeros.jpg", new Case(new byte[4096], "is no picture"));
    cases.put("animated.gif", new Case(ascii("GIF89a and what follows it"), "is no picture"));
    cases.put("one-byte.png", new Case(cut(png, 1), "is no picture"));
    cases.put("magic-only.png", new Case(cut(png, 8), "is cut off"));
    cases.put("half.png", new Case(cut(png, png.length / 2), "is cut off"));
    cases.put("no-end.png", new Case(cut(png, png.length - 12), "is cut off"));
    cases.put("changed.png", new Case(changed(png, png.length / 2), "checksum of a IDAT"));
    cases.put("noise.png", new Case(noise(png, 33), "is cut off"));
    cases.put("no-pixels.png", new Case(withoutPixels(png), "is damaged"));
    cases.put("wide.png", new Case(PictureFiles.pngOfSize(png, 1 << 30, 1 << 30), "claims to be"));
    cases.put("flat.png", new Case(PictureFiles.pngOfSize(png, 0, 30), "is damaged"));
    cases.put("negative.png", new Case(PictureFiles.pngOfSize(png, -5, 30), "is damaged"));
    cases.put("tall.png", new Case(PictureFiles.pngOfSize(png, 40, 300), "is damaged"));
    cases.put("magic-only.jpg", new Case(cut(jpeg, 3), "is cut off"));
    cases.put("half.jpg", new Case(cut(jpeg, jpeg.length / 2), "is cut off"));
    cases.put("no-end.jpg", new Case(cut(jpeg, jpeg.length - 2), "is cut off"));
    cases.put("no-marker.jpg", new Case(changed(jpeg, 20), "no marker"));
    cases.put("large.jpg", new Case(jpegOfSize(jpeg, 65500), "claims to be 65500 x 65500"));
    cases.put("half.bmp", new Case(cut(bmp, bmp.length / 2), "is cut off"));
    cases.put("header.bmp", new Case(cut(bmp, 20), "is cut off"));
    cases.put("large.bmp", new Case(bmpOfSize(bmp, Integer.MAX_VALUE, 1 << 30), "is cut off"));
    cases.put("half.tif", new Case(cut(tiff, tiff.length / 2), "is cut off"));
    cases.put("magic-only.tif", new Case(cut(tiff, 4), "is cut off"));
    cases.put("far.tif", new Case(farDirectory(tiff), "is damaged"));
    cases.put("large.tif", new Case(tiffOfSide(1 << 20), "claims to be"));
    cases.put("no-strip.tif", new Case(tiffOfSide(64), "is cut off"));
    cases.put("half.webp", new Case(cut(webp, webp.length / 2), "is cut off"));
    cases.put("noise.webp", new Case(noise(webp, 12), "is a kind of WebP"));
    return cases;
  }

  @TestFactory
  Iterable<DynamicTest> eachIsRefusedInOneSentence() throws IOException {
    return cases().entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry)))
        .toList();
  }

  private void check(Map.Entry<String, Case> entry) throws IOException {
    Path file = Files.write(folder.resolve(entry.getKey()), entry.getValue().content());
    assertRefused(file, entry.getValue().sentence());
  }

  private static void assertRefused(Path file, String part) {
    String message =
        assertThrows(ImageFileException.class, () -> ImageFiles.read(file)).getMessage();
    assertTrue(message.contains(file.getFileName().toString()), message);
    assertTrue(message.contains(part), message);
    assertTrue(!message.endsWith(".") && !message.contains("\n"), message);
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertRefused(folder.resolve("missing.png"), "there is no such file");
    assertRefused(folder, "is a folder");
  }

  @Test
  void enoughCasesAreTried() throws IOException {
    assertEquals(31, cases().size());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] cut(byte[] content, int length) {
    return Arrays.copyOf(content, length);
  }

  private static byte[] changed(byte[] content, int position) {
    byte[] copy = content.clone();
    copy[position] ^= 0x55;
    return copy;
  }

  private static byte[] noise(byte[] content, int from) {
    byte[] copy = content.clone();
    for (int i = from; i < copy.length; i++) {
      copy[i] = (byte) CounterRandom.seeded(1).bits(i);
    }
    return copy;
  }

  private static byte[] withoutPixels(byte[] png) {
    byte[] end = PictureFiles.chunk("IEND", new byte[0]);
    return ByteBuffer.allocate(33 + end.length).put(png, 0, 33).put(end).array();
  }

  private static byte[] jpegOfSize(byte[] jpeg, int side) {
    byte[] copy = jpeg.clone();
    for (int i = 2; i < copy.length; i++) {
      if (copy[i] == -1 && copy[i + 1] == (byte) 0xC0) {
        ByteBuffer.wrap(copy).putShort(i + 5, (short) side).putShort(i + 7, (short) side);
        return copy;
      }
    }
    throw new IllegalArgumentException("no frame header");
  }

  private static byte[] bmpOfSize(byte[] bmp, int width, int height) {
    byte[] copy = bmp.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(18, width).putInt(22, height);
    return copy;
  }

  private static byte[] farDirectory(byte[] tiff) {
    byte[] copy = tiff.clone();
    ByteBuffer.wrap(copy).putInt(4, 0x7FFFFF7F);
    return copy;
  }

  /** A sound directory of a square grey picture in one strip, which the file does not hold. */
  private static byte[] tiffOfSide(int side) {
    int[][] entries = {
      {256, 4, side},
      {257, 4, side},
      {258, 3, 8},
      {259, 3, 1},
      {262, 3, 1},
      {273, 4, 8},
      {277, 3, 1},
      {278, 4, side},
      {279, 4, side * side}
    };
    ByteBuffer out = ByteBuffer.allocate(14 + 12 * entries.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("II")).putShort((short) 42).putInt(8).putShort((short) entries.length);
    for (int[] entry : entries) {
      out.putShort((short) entry[0]).putShort((short) entry[1]).putInt(1).putInt(entry[2]);
    }
    return out.putInt(0).array();
  }
}
