package io.github.taipan.vmambair.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.vmambair.ImageFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Writes what TensorBoard shows: event files, {@code events.out.tfevents.*}, of one folder a run.
 *
 * <p>A file is a sequence of TFRecords: length, checksum of the length, an {@code Event} as a
 * protocol buffer, and its checksum. Each process writes a file of its own, the first event being
 * the format's version. One that resumes then says with a {@code SessionLog} of status {@code
 * START} from which step it goes on; TensorBoard forgets what earlier files have from there.
 *
 * <p>The fields are those of TensorFlow's {@code event.proto}, {@code summary.proto} and {@code
 * record_writer.cc}.
 */
public final class TensorBoardLog implements AutoCloseable {
  private static final int VARINT = 0;
  private static final int BITS64 = 1;
  private static final int BYTES = 2;
  private static final int BITS32 = 5;

  private final OutputStream out;

  /**
   * Starts a file in the folder of a run, which is made where it is missing.
   *
   * @param steps made before, by the state that is resumed from; 0 for a new run
   */
  public TensorBoardLog(Path folder, long steps) throws IOException {
    Files.createDirectories(folder);
    out = Files.newOutputStream(unused(folder), StandardOpenOption.CREATE_NEW);
    write(event(0).bytes(3, "brain.Event:2".getBytes(UTF_8)));
    if (steps > 0) {
      write(event(steps + 1).message(7, new Message().number(1, 1)));
    }
  }

  /** TensorBoard reads the files of a folder by name: a later one must have a greater name. */
  private static Path unused(Path folder) {
    for (long second = System.currentTimeMillis() / 1000; ; second++) {
      Path file = folder.resolve("events.out.tfevents." + second + ".taipan");
      if (Files.notExists(file)) {
        return file;
      }
    }
  }

  /**
   * Notes a number; one that is not finite is shown as such.
   *
   * @param tag the curve's name, {@code group/name}
   */
  public void scalar(String tag, long step, double value) throws IOException {
    summary(step, new Message().bytes(1, tag.getBytes(UTF_8)).real(2, (float) value));
  }

  /** Notes a picture, as a PNG file. */
  public void image(String tag, long step, Image image) throws IOException {
    Message picture =
        new Message()
            .number(1, image.height())
            .number(2, image.width())
            .number(3, image.channels())
            .bytes(4, ImageFiles.png(Picture.opaque(image)));
    summary(step, new Message().bytes(1, tag.getBytes(UTF_8)).message(4, picture));
  }

  private void summary(long step, Message value) throws IOException {
    write(event(step).message(5, new Message().message(1, value)));
  }

  private static Message event(long step) {
    return new Message().real(1, System.currentTimeMillis() * 1e-3).number(2, step);
  }

  /** Appends a record and hands it to the system at once: a run may end at any time. */
  private void write(Message event) throws IOException {
    byte[] data = event.encoded();
    byte[] length = littleEndian(Long.BYTES).putLong(data.length).array();
    ByteBuffer record = littleEndian(length.length + data.length + 2 * Integer.BYTES);
    record.put(length).putInt(checksum(length)).put(data).putInt(checksum(data));
    out.write(record.array());
    out.flush();
  }

  /** CRC-32C, turned and shifted so that checksums of checksums do no harm. */
  static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** A protocol buffer: fields in any order, each with its number and kind before it. */
  private static final class Message {
    private final ByteArrayOutputStream fields = new ByteArrayOutputStream();

    private Message key(int field, int kind) {
      return varint((long) field << 3 | kind);
    }

    private Message varint(long value) {
      for (; (value & ~0x7FL) != 0; value >>>= 7) {
        fields.write((int) (value & 0x7F | 0x80));
      }
      fields.write((int) value);
      return this;
    }

    Message number(int field, long value) {
      return key(field, VARINT).varint(value);
    }

    Message real(int field, double value) {
      key(field, BITS64).fields.writeBytes(littleEndian(Double.BYTES).putDouble(value).array());
      return this;
    }

    Message real(int field, float value) {
      key(field, BITS32).fields.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
      return this;
    }

    Message bytes(int field, byte[] value) {
      key(field, BYTES).varint(value.length).fields.writeBytes(value);
      return this;
    }

    Message message(int field, Message value) {
      return bytes(field, value.encoded());
    }

    byte[] encoded() {
      return fields.toByteArray();
    }
  }
}
