package io.github.taipan.nn.checkpoint;

import io.github.taipan.nn.checkpoint.Pickled.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's zip format: {@code NAME/data.pkl}, a pickle, and {@code NAME/data/KEY}, the bytes of
 * one storage each, in the order of {@code NAME/byteorder}. All entries are stored as they are, so
 * a compressed one is refused, and with it every bomb.
 */
final class PyTorchZip implements PyTorch.Storages {
  private static final String PICKLE = "/data.pkl";
  private static final int MOST_ENTRIES = 100_000;

  private final ZipFile zip;
  private final Map<String, ZipEntry> entries;
  private final String root;
  private final boolean bigEndian;

  private PyTorchZip(ZipFile zip, long fileSize) throws IOException {
    this.zip = zip;
    this.entries = checkedEntries(zip, fileSize);
    List<String> pickles = entries.keySet().stream().filter(PyTorchZip::isPickle).toList();
    if (pickles.size() != 1) {
      throw new CheckpointException(
          "is a zip file with %d entries NAME/data.pkl, and torch.save writes one"
              .formatted(pickles.size()));
    }
    String pickle = pickles.getFirst();
    root = pickle.substring(0, pickle.length() - PICKLE.length());
    bigEndian = entries.containsKey(root + "/byteorder") && isBigEndian();
  }

  static Checkpoint read(Bytes.InFile file, List<String> preference) throws IOException {
    try (ZipFile zip = new ZipFile(file.path().toFile())) {
      PyTorchZip storages = new PyTorchZip(zip, file.size());
      byte[] pickle = storages.bytes(storages.root + PICKLE);
      Pickled top = Unpickler.read(new ByteArrayInputStream(pickle), pickle.length).root();
      return PyTorch.gather(top, preference, storages, file.size());
    } catch (ZipException e) {
      throw new CheckpointException("is a truncated or damaged zip file: " + e.getMessage());
    }
  }

  @Override
  public byte[] bytes(Storage storage) throws IOException {
    if (!storage.key().matches("[0-9]{1,18}")) {
      throw new CheckpointException(
          "names a storage '" + CheckpointException.quote(storage.key()) + "', no number");
    }
    byte[] bytes = bytes(root + "/data/" + storage.key());
    int width = storage.dtype().bytes();
    if (bytes.length % width != 0 || bytes.length / width != storage.elements()) {
      throw new CheckpointException(
          "has %d bytes in storage %s, which should hold %d elements of %s"
              .formatted(bytes.length, storage.key(), storage.elements(), storage.dtype()));
    }
    if (bigEndian) {
      reverse(bytes, width);
    }
    return bytes;
  }

  private static Map<String, ZipEntry> checkedEntries(ZipFile zip, long fileSize)
      throws CheckpointException {
    if (zip.size() > MOST_ENTRIES) {
      throw new CheckpointException("is a zip file of over " + MOST_ENTRIES + " entries");
    }
    Map<String, ZipEntry> entries = new HashMap<>();
    long left = fileSize;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      String quoted = "'" + CheckpointException.quote(name) + "'";
      if (name.startsWith("/") || name.contains("\\") || List.of(name.split("/")).contains("..")) {
        throw new CheckpointException("is refused: its entry " + quoted + " points outside");
      }
      if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
        throw new CheckpointException(
            "is refused: its entry " + quoted + " is compressed, which torch.save never does");
      }
      left = entry.getSize() > left ? -1 : left - entry.getSize();
      if (left < 0) {
        throw new CheckpointException(
            "is refused: its entries up to " + quoted + " declare more bytes than the file has");
      }
      if (entries.put(name, entry) != null) {
        throw new CheckpointException("has the entry " + quoted + " twice");
      }
    }
    return entries;
  }

  private static boolean isPickle(String name) {
    return name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length();
  }

  private boolean isBigEndian() throws IOException {
    String order = new String(bytes(root + "/byteorder"), StandardCharsets.UTF_8);
    return switch (order) {
      case "little" -> false;
      case "big" -> true;
      default ->
          throw new CheckpointException(
              "has an unknown byte order: " + CheckpointException.quote(order));
    };
  }

  private byte[] bytes(String name) throws IOException {
    @Nullable ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new CheckpointException("lacks the entry " + CheckpointException.quote(name));
    }
    if (entry.getSize() > Integer.MAX_VALUE - 8) {
      throw new CheckpointException(name + " is too large: over 2 GiB");
    }
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readNBytes((int) entry.getSize());
    }
    CRC32 sum = new CRC32();
    sum.update(bytes);
    // PyTorch can be told to leave the sum out, and then writes 0.
    if (bytes.length != entry.getSize()
        || (entry.getCrc() != 0 && entry.getCrc() != sum.getValue())) {
      throw new CheckpointException(
          "is damaged: the bytes of "
              + CheckpointException.quote(name)
              + " do not match their sum");
    }
    return bytes;
  }

  private static void reverse(byte[] bytes, int width) {
    byte[] element = new byte[width];
    for (int start = 0; start < bytes.length; start += width) {
      System.arraycopy(bytes, start, element, 0, width);
      for (int i = 0; i < width; i++) {
        bytes[start + i] = element[width - 1 - i];
      }
    }
  }
}
