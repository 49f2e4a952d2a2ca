package io.github.taipan.vmambair.training;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the files with a decoder of its own. */
class TensorBoardLogTest {
  @TempDir Path folder;

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** CRC-32C bit by bit, then masked. */
  private static int masked(byte[] bytes) {
    int crc = -1;
    for (byte octet : bytes) {
      crc ^= octet & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  private static List<Map<Integer, Object>> events(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Map<Integer, Object>> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(masked(length), in.getInt());
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(data);
      assertEquals(masked(data), in.getInt());
      events.add(message(data));
    }
    return events;
  }

  private static Map<Integer, Object> message(Object bytes) {
    ByteBuffer in = ByteBuffer.wrap((byte[]) bytes).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Object> fields = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      Object value =
          switch (key & 7) {
            case 0 -> varint(in);
            case 1 -> in.getDouble();
            case 5 -> in.getFloat();
            case 2 -> {
              byte[] content = new byte[(int) varint(in)];
              in.get(content);
              yield content;
            }
            default -> throw new AssertionError("wire type " + (key & 7));
          };
      fields.put(key >>> 3, value);
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte octet = in.get();
      value |= (octet & 0x7FL) << shift;
      if (octet >= 0) {
        return value;
      }
    }
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }

  /** The check value of the CRC's definition, and the vector of RFC 3720. */
  @Test
  void checksumsAreThoseOfTheStandard() {
    assertEquals(
        Integer.rotateRight(0xE3069283, 15) + 0xa282ead8,
        TensorBoardLog.checksum("123456789".getBytes(US_ASCII)));
    assertEquals(
        Integer.rotateRight(0x8A9136AA, 15) + 0xa282ead8, TensorBoardLog.checksum(new byte[32]));
  }

  @Test
  void scalarsAndPicturesAreReadBack() throws IOException {
    Image picture = TinyRun.picture(3, 20, 300, true);
    try (TensorBoardLog log = new TensorBoardLog(folder, 0)) {
      log.scalar("loss/l1", 100, 0.125);
      log.scalar("loss/größe", 3_000_000_000L, Double.NaN);
      log.image("validation/1", 200, picture);
    }
    List<Map<Integer, Object>> events = events(files().getFirst());
    assertEquals(4, events.size());
    assertEquals("brain.Event:2", text(events.get(0).get(3)));
    double seconds = (double) events.get(0).get(1);
    assertTrue(Math.abs(seconds - System.currentTimeMillis() / 1000.0) < 600, "time " + seconds);
    assertEquals(100L, events.get(1).get(2));
    Map<Integer, Object> value = message(message(events.get(1).get(5)).get(1));
    assertEquals("loss/l1", text(value.get(1)));
    assertEquals(0.125f, value.get(2));
    assertEquals(3_000_000_000L, events.get(2).get(2));
    assertEquals(Float.NaN, message(message(events.get(2).get(5)).get(1)).get(2));
    Map<Integer, Object> image = message(message(message(events.get(3).get(5)).get(1)).get(4));
    assertEquals(List.of(20L, 300L, 3L), List.of(image.get(1), image.get(2), image.get(3)));
    ByteArrayInputStream png = new ByteArrayInputStream((byte[]) image.get(4));
    assertEquals(picture, Picture.from(ImageIO.read(png)).colour());
  }

  /** Later events of the first process are forgotten: from step 151 on. */
  @Test
  void aResumedRunHasAFileOfItsOwnThatSaysWhereItGoesOn() throws IOException {
    try (TensorBoardLog first = new TensorBoardLog(folder, 0)) {
      first.scalar("loss", 200, 1);
    }
    try (TensorBoardLog second = new TensorBoardLog(folder, 150)) {
      second.scalar("loss", 160, 2);
    }
    assertEquals(2, files().size());
    List<Map<Integer, Object>> events = events(files().get(1));
    assertEquals(3, events.size());
    assertEquals(151L, events.get(1).get(2));
    assertEquals(1L, message(events.get(1).get(7)).get(1));
    assertTrue(files().get(1).getFileName().toString().startsWith("events.out.tfevents."));
  }

  /** A process that is killed has written whole records. */
  @Test
  void eventsAreThereAtOnce() throws IOException {
    try (TensorBoardLog log = new TensorBoardLog(folder, 0)) {
      log.scalar("loss", 1, 1);
      assertEquals(2, events(files().getFirst()).size());
    }
  }
}
