package io.github.taipan.nn.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a file of mapped pictures says about itself. The file is
 *
 * <pre>
 * header   magic, offset of the index, length of the index (three big-endian longs), its CRC-32C
 * samples  of picture after picture, [height, width, 3] unsigned bytes
 * index    preparation, count, and for each picture: file, bytes, time, height, width, offset
 * </pre>
 *
 * @param preparation what was done to the decoded pictures
 * @param entries the pictures in order
 */
record MappedIndex(String preparation, List<Entry> entries) {
  /** Bytes before the samples. */
  static final int HEADER = 3 * Long.BYTES + Integer.BYTES;

  private static final long MAGIC = 0x7461_6970_616E_7031L; // "taipanp1"
  private static final int MOST = 1 << 30; // a longer index is a damaged one

  MappedIndex {
    entries = List.copyOf(entries);
  }

  /**
   * Where a picture came from. A file of the same place, length and time is taken to be the same.
   *
   * @param file absolute path
   * @param bytes its length
   * @param time of its last change, in milliseconds since 1970
   */
  record Source(String file, long bytes, long time) {
    static Source of(Path file) throws IOException {
      return new Source(
          file.toAbsolutePath().normalize().toString(),
          Files.size(file),
          Files.getLastModifiedTime(file).toMillis());
    }
  }

  /** A picture's source and size, and where in the file its samples begin. */
  record Entry(Source source, int height, int width, long offset) {
    long end() {
      return offset + 3L * height * width;
    }
  }

  /** Whether these sources, so prepared, are what the file holds. */
  boolean fits(List<Source> sources, String wanted) {
    return preparation.equals(wanted)
        && entries.stream().map(Entry::source).toList().equals(sources);
  }

  /**
   * The index of a file, or none where it is damaged.
   *
   * @throws IOException when the file is none of ours, or cannot be read
   */
  static Optional<MappedIndex> read(Path file, FileChannel channel) throws IOException {
    ByteBuffer header = bytes(channel, 0, HEADER);
    if (header.remaining() < Long.BYTES || header.getLong() != MAGIC) {
      throw new IOException(file + " is no cache of pictures: remove it, or choose another place");
    }
    if (header.remaining() < HEADER - Long.BYTES) {
      return Optional.empty();
    }
    long start = header.getLong();
    long length = header.getLong();
    if (start < HEADER || length < 1 || length > MOST || start + length != channel.size()) {
      return Optional.empty();
    }
    ByteBuffer index = bytes(channel, start, (int) length);
    return crc(index) == header.getInt()
        ? Optional.of(decode(index.array())).filter(i -> i.liesBefore(start))
        : Optional.empty();
  }

  private boolean liesBefore(long end) {
    return entries.stream().allMatch(entry -> entry.offset >= HEADER && entry.end() <= end);
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
    return bytes.flip();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  static ByteBuffer header(long start, ByteBuffer index) {
    return ByteBuffer.allocate(HEADER)
        .putLong(MAGIC)
        .putLong(start)
        .putLong(index.remaining())
        .putInt(crc(index))
        .flip();
  }

  ByteBuffer encode() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(preparation);
    out.writeInt(entries.size());
    for (Entry entry : entries) {
      out.writeUTF(entry.source.file);
      out.writeLong(entry.source.bytes);
      out.writeLong(entry.source.time);
      out.writeInt(entry.height);
      out.writeInt(entry.width);
      out.writeLong(entry.offset);
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static MappedIndex decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    String preparation = in.readUTF();
    List<Entry> entries = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      Source source = new Source(in.readUTF(), in.readLong(), in.readLong());
      entries.add(new Entry(source, in.readInt(), in.readInt(), in.readLong()));
    }
    return new MappedIndex(preparation, entries);
  }
}
