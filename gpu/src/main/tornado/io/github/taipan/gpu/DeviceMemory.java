package io.github.taipan.gpu;

import io.github.taipan.tensor.OutOfDeviceMemoryException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Which parts of the device's one array are in use. The smallest free piece that is large enough is
 * taken, and a piece that is given back joins its free neighbours. Blocks start on the 128 bytes
 * that a GPU reads at once.
 */
final class DeviceMemory {
  /** In values: 128 bytes. */
  static final int ALIGNMENT = 32;

  private static final int COLLECTIONS = 4;

  private final int capacity;
  private final TreeMap<Integer, Integer> free = new TreeMap<>(); // offset to length
  private long used;

  /**
   * All free.
   *
   * @param start the first value that may be used
   * @param capacity the number of values of the array
   */
  DeviceMemory(int start, int capacity) {
    this.capacity = capacity;
    free.put(start, (capacity - start) / ALIGNMENT * ALIGNMENT);
  }

  /**
   * Takes a block.
   *
   * @throws OutOfDeviceMemoryException where no free piece is large enough
   */
  synchronized Block allocate(int length) {
    int rounded = rounded(length);
    Map.Entry<Integer, Integer> best = null;
    for (Map.Entry<Integer, Integer> piece : free.entrySet()) {
      if (piece.getValue() >= rounded
          && rounded > 0
          && (best == null || piece.getValue() < best.getValue())) {
        best = piece;
      }
    }
    if (best == null) {
      throw new OutOfDeviceMemoryException(
          "the gpu device has no room for %,d bytes more: %,d of its %,d are in use"
              .formatted(4L * length, 4 * used, 4L * capacity));
    }
    int offset = best.getKey();
    int rest = best.getValue() - rounded;
    free.remove(offset);
    if (rest > 0) {
      free.put(offset + rounded, rest);
    }
    used += rounded;
    return new Block(offset, length);
  }

  /** As {@link #allocate}, but looks for blocks that nobody uses any more before it gives up. */
  Block allocateOrCollect(int length) {
    for (int attempt = 0; attempt < COLLECTIONS; attempt++) {
      try {
        return allocate(length);
      } catch (OutOfDeviceMemoryException full) {
        // The host's collector knows nothing of this memory: it has to be asked.
        System.gc();
        LockSupport.parkNanos(20_000_000L << attempt);
      }
    }
    return allocate(length);
  }

  /** Gives a block back. */
  synchronized void release(Block block) {
    int offset = block.offset();
    int length = rounded(block.length());
    used -= length;
    Map.Entry<Integer, Integer> before = free.lowerEntry(offset);
    if (before != null && before.getKey() + before.getValue() == offset) {
      free.remove(before.getKey());
      offset = before.getKey();
      length += before.getValue();
    }
    Integer after = free.remove(offset + length);
    free.put(offset, after == null ? length : length + after);
  }

  /** How many values are free, in pieces of any size. */
  synchronized long free() {
    return capacity - used;
  }

  /** An empty tensor has a place as well; a length near the largest int is more than there is. */
  static int rounded(int length) {
    return Math.max(1, Math.ceilDiv(length, ALIGNMENT)) * ALIGNMENT;
  }
}
