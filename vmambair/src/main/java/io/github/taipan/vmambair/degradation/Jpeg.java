package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Picture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** What JPEG does to a picture. */
public enum Jpeg {
  /** Its arithmetic in floating point, {@link JpegFormula}: any real quality, no 8-bit rounding. */
  FORMULA {
    @Override
    FloatImage compress(FloatImage image, double quality) {
      return JpegFormula.compress(image, quality);
    }
  },
  /** Java's own encoder and decoder, with the quality rounded to a whole number. */
  CODEC {
    @Override
    FloatImage compress(FloatImage image, double quality) {
      try {
        return decode(encode(image, Math.round(quality) / 100f));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  /**
   * A compressed and decompressed copy.
   *
   * @param quality libjpeg's, from 1 to 99
   */
  abstract FloatImage compress(FloatImage image, double quality);

  private static byte[] encode(FloatImage image, float quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(
          null, new IIOImage(Picture.opaque(image.toImage()).toRenderedImage(), null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static FloatImage decode(byte[] bytes) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in);
      return FloatImage.of(Picture.from(reader.read(0)).colour());
    } finally {
      reader.dispose();
    }
  }
}
