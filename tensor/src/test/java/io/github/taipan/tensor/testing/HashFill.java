package io.github.taipan.tensor.testing;

import java.nio.charset.StandardCharsets;

/**
 * The documented pseudo-random fill of the full-size networks: FNV-1a of a name seeds a SplitMix64
 * sequence, so that a parameter's values follow from its name alone.
 */
public final class HashFill {
  private static final long SEED = 7;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private HashFill() {}

  /** The values {@code (float) (center + amplitude * (2u - 1))}, u being {@link #units}. */
  public static float[] values(String name, int count, double center, double amplitude) {
    double[] units = units(name, count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (center + amplitude * (2 * units[i] - 1));
    }
    return values;
  }

  /** The first values, in [0, 1), of the name's uniform sequence. */
  public static double[] units(String name, int count) {
    long base = hash(name) ^ (SEED * GOLDEN);
    double[] units = new double[count];
    for (int i = 0; i < count; i++) {
      units[i] = uniform(base, i);
    }
    return units;
  }

  /** Element {@code index} of the name's uniform sequence, in [0, 1). */
  static double uniform(String name, int index) {
    return uniform(hash(name) ^ (SEED * GOLDEN), index);
  }

  /** FNV-1a, 64 bits, of the name in UTF-8. */
  static long hash(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
    }
    return hash;
  }

  private static double uniform(long base, int index) {
    long z = base + (index + 1) * GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
  }
}
