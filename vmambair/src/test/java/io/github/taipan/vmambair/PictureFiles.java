package io.github.taipan.vmambair;

import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Bytes of picture files for tests, sound and broken. */
final class PictureFiles {
  /** One pixel each: lossy, lossless, with alpha. */
  static final byte[] WEBP_LOSSY =
      Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

  static final byte[] WEBP_LOSSLESS =
      Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");

  private PictureFiles() {}

  /** A smooth picture with a seam, no symmetry and all levels. */
  static Image scene(int height, int width, int channels) {
    CounterRandom random = CounterRandom.seeded(5);
    byte[] samples = new byte[height * width * channels];
    for (int i = 0; i < samples.length; i++) {
      int y = i / channels / width;
      int x = i / channels % width;
      double level = 40 + 150.0 * y / height + 40.0 * x / width + 15 * (i % channels);
      samples[i] = (byte) (int) (level + 2 * random.uniform(i));
    }
    return Image.of(height, width, channels, samples);
  }

  /** Encoded by the JDK's own writer. */
  static byte[] encode(RenderedImage image, String format) throws IOException {
    return encode(new IIOImage(image, null, null), format);
  }

  private static byte[] encode(IIOImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = writer(format);
    try (var stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(image);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** Several pages, one after the other. */
  static byte[] encodePages(List<BufferedImage> pages) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = writer("tiff");
    try (var stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      for (BufferedImage page : pages) {
        writer.writeToSequence(new IIOImage(page, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  private static ImageWriter writer(String format) throws IOException {
    for (var writers = ImageIO.getImageWritersByFormatName(format); writers.hasNext(); ) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getModule().isNamed()) {
        return writer;
      }
    }
    throw new IOException("no writer for " + format);
  }

  /** A JPEG of one colour, in four inks as Adobe writes them: 255 is no ink. */
  static byte[] cmykJpeg(int... inks) throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, new Point());
    for (int i = 0; i < 256; i++) {
      raster.setPixel(i % 16, i / 16, inks);
    }
    byte[] jpeg = encode(new IIOImage(raster, null, null), "jpg");
    boolean jfif = (jpeg[3] & 0xFF) == 0xE0;
    int rest = jfif ? 4 + jpeg[4] * 256 + jpeg[5] : 2;
    return ByteBuffer.allocate(2 + 16 + jpeg.length - rest)
        .put(jpeg, 0, 2)
        .putShort((short) 0xFFEE)
        .putShort((short) 14)
        .put("Adobe\0\144\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1))
        .put(jpeg, rest, jpeg.length - rest)
        .array();
  }

  static byte[] encode(String format) throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    Image scene = scene(30, 40, 3);
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        int rgb = scene.sample(y, x, 0) << 16 | scene.sample(y, x, 1) << 8 | scene.sample(y, x, 2);
        image.setRGB(x, y, rgb);
      }
    }
    return encode(image, format);
  }

  /** An Exif block that says nothing but the orientation. */
  static byte[] exif(int orientation, ByteOrder order) {
    return ByteBuffer.allocate(26)
        .order(order)
        .put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII))
        .putShort((short) 42)
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .putShort((short) 0)
        .putInt(0)
        .array();
  }

  /** A JPEG with an Exif segment in front. */
  static byte[] jpegWithExif(byte[] jpeg, byte[] exif) {
    return ByteBuffer.allocate(jpeg.length + exif.length + 10)
        .put(jpeg, 0, 2)
        .putShort((short) 0xFFE1)
        .putShort((short) (exif.length + 8))
        .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
        .put(exif)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  static byte[] chunk(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    return ByteBuffer.allocate(data.length + 12)
        .putInt(data.length)
        .put(name)
        .put(data)
        .putInt((int) crc.getValue())
        .array();
  }

  /** A PNG with a chunk after its header. */
  static byte[] pngWithChunk(byte[] png, byte[] chunk) {
    return ByteBuffer.allocate(png.length + chunk.length)
        .put(png, 0, 33)
        .put(chunk)
        .put(png, 33, png.length - 33)
        .array();
  }

  /** A PNG whose sound header claims this size. */
  static byte[] pngOfSize(byte[] png, int width, int height) {
    byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(png, 24, 5).array();
    return ByteBuffer.allocate(png.length)
        .put(png, 0, 8)
        .put(chunk("IHDR", header))
        .put(png, 33, png.length - 33)
        .array();
  }
}
