package io.github.taipan.gpu;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Numbers that kernels read and nobody changes: a launch array holds integers alone, so it says
 * where in the device's memory a number lies. Each is written once.
 */
final class Tables {
  private static final int PAGE = 1024;

  private final DeviceMemory memory;
  private final BiConsumer<Integer, float[]> writer;
  private final Map<Integer, Integer> numbers = new HashMap<>(); // bits to place
  private final Map<Key, Integer> tables = new HashMap<>();
  private int page;
  private int left;

  /** What two equal tables have in common. */
  private record Key(float[] values) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(values, key.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }

  /**
   * No numbers yet.
   *
   * @param writer writes values to a place in the memory
   */
  Tables(DeviceMemory memory, BiConsumer<Integer, float[]> writer) {
    this.memory = memory;
    this.writer = writer;
  }

  /** Where a number lies. */
  int number(float value) {
    Integer known = numbers.get(Float.floatToIntBits(value));
    if (known != null) {
      return known;
    }
    if (left == 0) {
      page = memory.allocate(PAGE).offset();
      left = PAGE;
    }
    int at = page + PAGE - left--;
    writer.accept(at, new float[] {value});
    numbers.put(Float.floatToIntBits(value), at);
    return at;
  }

  /** Where a list of numbers lies. */
  int table(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    Integer known = tables.get(new Key(floats));
    if (known != null) {
      return known;
    }
    int at = memory.allocate(floats.length).offset();
    writer.accept(at, floats);
    tables.put(new Key(floats), at);
    return at;
  }
}
