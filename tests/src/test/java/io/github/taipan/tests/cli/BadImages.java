package io.github.taipan.tests.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** Pictures that are none, and odd ones that are. */
final class BadImages {
  private BadImages() {}

  static List<BadInput> rows() throws IOException {
    byte[] png = TestFiles.encoded("png");
    byte[] jpeg = TestFiles.encoded("jpg");
    byte[] bmp = TestFiles.encoded("bmp");
    byte[] tiff = TestFiles.encoded("tif");
    byte[] deep = TestFiles.encode(new BufferedImage(9, 9, BufferedImage.TYPE_USHORT_GRAY), "png");
    String cutOff = " is cut off: the file ends before its picture";
    String damaged = " is damaged or of a kind that cannot be read";
    return List.of(
        bad("truncated PNG", "a.png", cut(png, png.length / 2), cutOff),
        bad("truncated JPEG", "a.jpg", cut(jpeg, jpeg.length - 9), cutOff),
        bad("truncated BMP", "a.bmp", cut(bmp, 99), cutOff),
        bad("truncated TIFF", "a.tif", cut(tiff, 40), damaged),
        bad("truncated WebP", "a.webp", cut(TestFiles.WEBP, 20), cutOff),
        bad(
            "a billion pixels wide and high",
            "a.png",
            pngOfSize(png, 1 << 30, 1 << 30),
            " claims to be 1073741824 x 1073741824 pixels: between 1 and 268 million can be read"),
        bad("no pixels", "a.png", pngOfSize(png, 0, 0), damaged + "..."),
        bad(
            "a changed byte",
            "a.png",
            changed(png, png.length / 2),
            damaged + ": the checksum of a IDAT chunk is wrong"),
        bad("empty", "a.png", new byte[0], " is empty"),
        bad(
            "text",
            "a.png",
            "A letter, not a picture.".getBytes(StandardCharsets.US_ASCII),
            " is no picture that can be read: PNG, JPEG, BMP, TIFF and WebP are"),
        row(
            "a folder",
            "a.png",
            folder -> Files.createDirectory(folder.resolve("a.png")),
            1,
            "a.png is a folder, not a picture file"),
        row("missing", "a.png", BadInput.NOTHING, 1, "a.png: there is no such file"),
        odd("a JPEG named .png", "a.png", jpeg),
        odd("a PNG named .jpg", "a.jpg", png),
        odd("no extension", "a", png),
        odd("16 bits", "a.png", deep),
        odd("four inks", "a.jpg", TestFiles.cmykJpeg()),
        odd("one pixel", "a.webp", TestFiles.WEBP));
  }

  private static BadInput bad(String name, String file, byte[] content, String sentence) {
    return row(name, file, BadInput.file(file, content), 1, file + sentence);
  }

  private static BadInput odd(String name, String file, byte[] content) {
    return row(name, file, BadInput.file(file, content), 0, "");
  }

  private static BadInput row(
      String name, String file, BadInput.Content content, int exitCode, String sentence) {
    String command = "restore --model MODEL $" + file;
    return new BadInput("image", name, command, content, exitCode, sentence);
  }

  private static byte[] pngOfSize(byte[] png, int width, int height) {
    ByteBuffer copy = ByteBuffer.wrap(png.clone()).putInt(16, width).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(copy.array(), 12, 17);
    return copy.putInt(29, (int) crc.getValue()).array();
  }

  private static byte[] changed(byte[] content, int position) {
    byte[] copy = content.clone();
    copy[position] ^= 0x55;
    return copy;
  }

  private static byte[] cut(byte[] content, int length) {
    return Arrays.copyOf(content, length);
  }
}
