package io.github.taipan.nn.checkpoint;

import io.github.taipan.nn.checkpoint.Pickled.Dictionary;
import io.github.taipan.nn.checkpoint.Pickled.Storage;
import io.github.taipan.nn.checkpoint.Pickled.View;
import io.github.taipan.tensor.Shape;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** What both of PyTorch's formats share: choosing the dictionary and gathering its tensors. */
final class PyTorch {
  /**
   * How much larger than the file the tensors may be: views may repeat what is stored once, but a
   * few bytes expanded to gigabytes are an attack.
   */
  private static final long LARGEST_EXPANSION = 16;

  private static final long EXPANSION_ALLOWANCE = 16L << 20;

  private PyTorch() {}

  /** Where the bytes of a storage come from. */
  interface Storages {
    /** The bytes, little-endian, as many as the storage says. */
    byte[] bytes(Storage storage) throws IOException;
  }

  /** The tensors of the preferred dictionary of a pickle. */
  static Checkpoint gather(Pickled root, List<String> preference, Storages storages, long fileSize)
      throws IOException {
    if (!(root instanceof Dictionary top)) {
      throw new CheckpointException("holds no dictionary of tensors at its top level");
    }
    long budget = LARGEST_EXPANSION * fileSize + EXPANSION_ALLOWANCE;
    Map<Storage, byte[]> read = new HashMap<>();
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Pickled> named : select(top, preference).entries().entrySet()) {
      if (named.getValue() instanceof View view) {
        String name = named.getKey();
        Shape shape = checkedShape(name, view);
        budget -= (long) shape.elements() * view.storage().dtype().bytes();
        if (budget < 0) {
          throw new CheckpointException(
              "expands to over " + LARGEST_EXPANSION + " times its size at " + Entry.named(name));
        }
        byte[] storage = read.get(view.storage());
        if (storage == null) {
          storage = storages.bytes(view.storage());
          read.put(view.storage(), storage);
        }
        entries.put(name, new Entry(shape, view.storage().dtype(), dense(view, shape, storage)));
      }
    }
    if (entries.isEmpty()) {
      String keys =
          top.entries().keySet().stream()
              .limit(10)
              .map(CheckpointException::quote)
              .collect(Collectors.joining(", "));
      throw new CheckpointException("holds no tensors; the keys of its top level: " + keys);
    }
    return new Checkpoint(entries, Map.of());
  }

  private static Dictionary select(Dictionary top, List<String> preference) {
    for (String key : preference) {
      if (top.entries().get(key) instanceof Dictionary preferred) {
        return preferred;
      }
    }
    return top;
  }

  /** The shape of a view, all of whose elements are known to lie inside its storage. */
  private static Shape checkedShape(String name, View view) throws CheckpointException {
    Shape shape = Entry.shape(name, view.storage().dtype(), view.sizes());
    if (shape.elements() == 0) {
      return shape;
    }
    long room = view.storage().elements() - 1 - view.offset();
    for (int axis = 0; axis < shape.rank() && room >= 0; axis++) {
      long steps = shape.size(axis) - 1L;
      long stride = view.strides().get(axis);
      room = steps > 0 && stride > room / steps ? -1 : room - steps * stride;
    }
    if (room < 0) {
      throw new CheckpointException(
          "%s of shape %s reaches beyond its storage of %d elements"
              .formatted(Entry.named(name), shape, view.storage().elements()));
    }
    return shape;
  }

  /** The elements of a view in row-major order; the storage itself where it is just that. */
  private static byte[] dense(View view, Shape shape, byte[] storage) {
    int width = view.storage().dtype().bytes();
    int length = shape.elements() * width;
    if (isDense(view, shape) && length == storage.length) {
      return storage;
    }
    byte[] dense = new byte[length];
    if (length == 0) {
      return dense;
    }
    if (isDense(view, shape)) {
      System.arraycopy(storage, (int) view.offset() * width, dense, 0, length);
      return dense;
    }
    long[] strides = view.strides().stream().mapToLong(Long::longValue).toArray();
    int[] index = new int[shape.rank()];
    long source = view.offset();
    for (int target = 0; target < length; target += width) {
      System.arraycopy(storage, (int) source * width, dense, target, width);
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        source += strides[axis];
        if (++index[axis] < shape.size(axis)) {
          break;
        }
        source -= strides[axis] * index[axis];
        index[axis] = 0;
      }
    }
    return dense;
  }

  private static boolean isDense(View view, Shape shape) {
    int[] strides = shape.strides();
    for (int axis = 0; axis < strides.length; axis++) {
      if (shape.size(axis) > 1 && view.strides().get(axis) != strides[axis]) {
        return false;
      }
    }
    return true;
  }
}
