package io.github.taipan.nn.checkpoint;

import io.github.taipan.nn.checkpoint.Pickled.Items;
import io.github.taipan.nn.checkpoint.Pickled.Storage;
import io.github.taipan.nn.checkpoint.Pickled.Text;
import io.github.taipan.nn.checkpoint.Pickled.Whole;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's format before version 1.6: five pickles (a magic number, the protocol's version, facts
 * of the system, the value, the storages' keys), then each storage as its number of elements in 8
 * bytes and its elements, always little-endian.
 */
final class PyTorchLegacy implements PyTorch.Storages {
  private static final Whole MAGIC = new Whole(new BigInteger("1950a86a20f9469cfc6c", 16));
  private static final Whole VERSION = new Whole(BigInteger.valueOf(1001));

  private final Bytes file;
  private final Map<String, Long> offsets = new HashMap<>();

  private PyTorchLegacy(Bytes file) {
    this.file = file;
  }

  static Checkpoint read(Bytes.InFile file, List<String> preference) throws IOException {
    InputStream in = new BufferedInputStream(file.stream());
    Unpickler.Result magic = Unpickler.read(in, file.size());
    if (!magic.root().equals(MAGIC)) {
      throw new CheckpointException("is a pickle, but not one that torch.save wrote");
    }
    long position = magic.length();
    Unpickler.Result version = Unpickler.read(in, file.size() - position);
    if (!version.root().equals(VERSION)) {
      throw new CheckpointException("is of an unknown version of PyTorch's old format");
    }
    position += version.length();
    position += Unpickler.read(in, file.size() - position).length();
    Unpickler.Result value = Unpickler.read(in, file.size() - position);
    position += value.length();
    Unpickler.Result keys = Unpickler.read(in, file.size() - position);
    position += keys.length();

    PyTorchLegacy storages = new PyTorchLegacy(file);
    storages.locate(keys.root(), value.storages(), position);
    return PyTorch.gather(value.root(), preference, storages, file.size());
  }

  @Override
  public byte[] bytes(Storage storage) throws IOException {
    @Nullable Long offset = offsets.get(storage.key());
    if (offset == null) {
      throw new CheckpointException("lacks " + named(storage.key()));
    }
    return file.read(offset, storage.elements() * storage.dtype().bytes(), named(storage.key()));
  }

  /** Finds where each storage lies; they must fill the rest of the file. */
  private void locate(Pickled keys, Map<String, Storage> storages, long start) throws IOException {
    if (!(keys instanceof Items(var items))) {
      throw new CheckpointException("has no list of storages");
    }
    long position = start;
    for (Pickled item : items) {
      String key = item instanceof Text(String text) ? text : "";
      @Nullable Storage storage = storages.get(key);
      if (storage == null) {
        throw new CheckpointException("lists a storage that no tensor has");
      }
      byte[] head = file.read(position, Long.BYTES, named(key));
      position += Long.BYTES;
      long elements = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (elements != storage.elements()) {
        throw new CheckpointException(
            "has %d elements in %s, which should hold %d"
                .formatted(elements, named(key), storage.elements()));
      }
      if (elements > (file.size() - position) / storage.dtype().bytes()) {
        throw new CheckpointException("is truncated: it ends inside " + named(key));
      }
      if (offsets.put(key, position) != null) {
        throw new CheckpointException("lists " + named(key) + " twice");
      }
      position += elements * storage.dtype().bytes();
    }
    if (position != file.size()) {
      throw new CheckpointException(
          "has %d bytes after its last storage".formatted(file.size() - position));
    }
  }

  private static String named(String key) {
    return "storage '" + CheckpointException.quote(key) + "'";
  }
}
