package io.github.taipan.tests.cli;

import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.model.VmambaIR;
import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures and weights for tests. */
final class TestFiles {
  /** Lossless, one pixel. */
  static final byte[] WEBP =
      Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");

  private TestFiles() {}

  /** Writes the first weights of a tiny network. */
  static Path weights(Path file, Task task) throws IOException {
    Parameters parameters = Parameters.initialized(new ReferenceDevice(), 11);
    new VmambaIR(new Configuration(task, 4, List.of(1, 1, 1, 1), 0, Variant.FULL), parameters);
    Model.checkpoint(parameters, Map.of()).write(file);
    return file;
  }

  /** A smooth picture with some noise: 1 channel for grey, 3 for colours. */
  static Image scene(int height, int width, int channels, long seed) {
    CounterRandom random = CounterRandom.seeded(seed);
    byte[] samples = new byte[height * width * channels];
    for (int i = 0; i < samples.length; i++) {
      int y = i / channels / width;
      int x = i / channels % width;
      double level = 40 + 150.0 * y / height + 40.0 * x / width + 15 * (i % channels);
      samples[i] = (byte) (int) (level + 8 * random.uniform(i));
    }
    return Image.of(height, width, channels, samples);
  }

  /** A picture file in a format that Java writes: 12 wide, 10 high. */
  static byte[] encoded(String format) throws IOException {
    return encode(Picture.opaque(scene(10, 12, 3, 3)).toBufferedImage(), format);
  }

  static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, out)) {
      throw new IOException("no writer for " + format);
    }
    return out.toByteArray();
  }

  /** A grey JPEG in four inks, as Adobe writes them. */
  static byte[] cmykJpeg() throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, new Point());
    for (int i = 0; i < 256; i++) {
      raster.setPixel(i % 16, i / 16, new int[] {255, 255, 255, i});
    }
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = new MemoryCacheImageOutputStream(jpeg)) {
      writer.setOutput(out);
      writer.write(new IIOImage(raster, null, null));
    } finally {
      writer.dispose();
    }
    byte[] adobe = "\0\016Adobe\0\144\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(jpeg.size() + 2 + adobe.length)
        .put(jpeg.toByteArray(), 0, 2)
        .putShort((short) 0xFFEE)
        .put(adobe)
        .put(jpeg.toByteArray(), 2, jpeg.size() - 2)
        .array();
  }

  /** Writes a file of one tensor of zeros. */
  static void tensor(Path file, String name, Shape shape) throws IOException {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    entries.put(name, Entry.of(shape, new float[shape.elements()]));
    new Checkpoint(entries, Map.of()).write(file);
  }
}
