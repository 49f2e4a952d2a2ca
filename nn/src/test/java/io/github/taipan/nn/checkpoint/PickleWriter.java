package io.github.taipan.nn.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pickles by the instruction, and the two files that hold them, for tests. */
final class PickleWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  PickleWriter() {
    op(0x80, 2);
  }

  /** Instructions and operands, byte by byte. */
  PickleWriter op(int... opcodes) {
    for (int opcode : opcodes) {
      bytes.write(opcode);
    }
    return this;
  }

  PickleWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return op('X').int32(utf8.length).raw(utf8);
  }

  PickleWriter whole(long value) {
    byte[] bigEndian = BigInteger.valueOf(value).toByteArray();
    op(0x8a, bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      op(bigEndian[i]);
    }
    return this;
  }

  PickleWriter tuple(long... values) {
    op('(');
    for (long value : values) {
      whole(value);
    }
    return op('t');
  }

  PickleWriter global(String module, String name) {
    return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  PickleWriter int32(int value) {
    return op(value, value >> 8, value >> 16, value >> 24);
  }

  PickleWriter raw(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  /** A float32 tensor, as {@code torch.save} describes it. */
  PickleWriter tensor(String key, long elements, long offset, long[] sizes, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op('(');
    op('(').text("storage").global("torch", "FloatStorage").text(key).text("cpu");
    whole(elements).op('t', 'Q');
    whole(offset).tuple(sizes).tuple(strides).op(0x89);
    return global("collections", "OrderedDict").op(')', 'R', 't', 'R');
  }

  /** The whole pickle. */
  byte[] stop() {
    return op('.').bytes.toByteArray();
  }

  /** A dictionary of one tensor, {@code a}. */
  static byte[] one(String key, long elements, long offset, long[] sizes, long[] strides) {
    return new PickleWriter()
        .op('}', '(')
        .text("a")
        .tensor(key, elements, offset, sizes, strides)
        .op('u')
        .stop();
  }

  /** The float32 vector {@code a} of two elements. */
  static byte[] vector() {
    return one("0", 2, 0, new long[] {2}, new long[] {1});
  }

  /** A zip file of a pickle and of storage 0. */
  static byte[] zip(byte[] pickle, int storageBytes) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle);
    entries.put("archive/data/0", new byte[storageBytes]);
    return zip(entries, ZipEntry.STORED);
  }

  static byte[] zip(Map<String, byte[]> entries, int method) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setMethod(method);
      for (Map.Entry<String, byte[]> named : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(named.getKey());
        CRC32 sum = new CRC32();
        sum.update(named.getValue());
        entry.setCrc(sum.getValue());
        entry.setSize(named.getValue().length);
        zip.putNextEntry(entry);
        zip.write(named.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }

  /** A file of the old format. */
  static byte[] legacy(byte[] value, List<String> keys, long elements, int storageBytes) {
    PickleWriter file = new PickleWriter();
    file.op(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.');
    file.op(0x80, 2).whole(1001).op('.');
    file.op(0x80, 2, '}', '.');
    file.raw(value);
    file.op(0x80, 2, ']', '(');
    keys.forEach(file::text);
    file.op('e', '.');
    byte[] count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(elements).array();
    return file.raw(count).raw(new byte[storageBytes]).bytes.toByteArray();
  }
}
