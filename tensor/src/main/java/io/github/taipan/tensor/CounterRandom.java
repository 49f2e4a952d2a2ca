package io.github.taipan.tensor;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Seeded random numbers that are looked up, not drawn: the value at an index is a pure function of
 * (seed, stream, index), so it depends neither on who asked before nor on the number of threads.
 *
 * <p>The function is Philox2x64-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy
 * as 1, 2, 3", 2011): the seed is the key, and index and stream are the two words of the counter.
 * Normals use {@link StrictMath}, so all values are the same on every machine.
 *
 * @param seed the seed of the whole run
 * @param stream which of the seed's 2^64 independent sequences
 */
public record CounterRandom(long seed, long stream) {
  private static final long MULTIPLIER = 0xD2B74407B1CE6E93L;
  private static final long KEY_STEP = 0x9E3779B97F4A7C15L;
  private static final int ROUNDS = 10;

  /** The main stream (0) of a seed. */
  public static CounterRandom seeded(long seed) {
    return new CounterRandom(seed, 0);
  }

  /** Another stream of the same seed, reached from this one by a number (a step, an epoch). */
  public CounterRandom split(long number) {
    return new CounterRandom(seed, philox(seed, number, ~stream)[1]);
  }

  /** Another stream of the same seed, reached from this one by a name (a parameter, a purpose). */
  public CounterRandom split(String name) {
    long hash = 0xCBF29CE484222325L; // FNV-1a
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xFF)) * 0x100000001B3L;
    }
    return split(hash);
  }

  /** 64 uniform bits. */
  public long bits(long index) {
    return philox(seed, index, stream)[0];
  }

  /** A uniform double in [0, 1), a multiple of 2^-53. */
  public double uniform(long index) {
    return toUnit(bits(index));
  }

  /** A uniform integer in [0, bound). */
  public int below(int bound, long index) {
    if (bound <= 0) {
      throw new IllegalArgumentException("The bound must be positive, not " + bound + ".");
    }
    return (int) Math.unsignedMultiplyHigh(bits(index), bound);
  }

  /** A standard normal double (Box-Muller on the two words of one index). */
  public double normal(long index) {
    long[] words = philox(seed, index, stream);
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - toUnit(words[0])));
    return radius * StrictMath.cos(2 * Math.PI * toUnit(words[1]));
  }

  /** A cursor over this stream, for code that draws one value after another. */
  public Cursor cursor(long position) {
    return new Cursor(this, position);
  }

  private static double toUnit(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }

  /** Both output words of Philox2x64-10. */
  static long[] philox(long key, long low, long high) {
    for (int round = 0; round < ROUNDS; round++, key += KEY_STEP) {
      long product = low * MULTIPLIER;
      low = Math.unsignedMultiplyHigh(low, MULTIPLIER) ^ key ^ high;
      high = product;
    }
    return new long[] {low, high};
  }

  /**
   * A moving position in a stream. Its whole state is {@link #random()} and {@link #position()}:
   * saving the three numbers and calling {@link CounterRandom#cursor} resumes it exactly. Not
   * thread-safe.
   */
  public static final class Cursor {
    private final CounterRandom random;
    private long position;

    private Cursor(CounterRandom random, long position) {
      this.random = Objects.requireNonNull(random);
      this.position = position;
    }

    public CounterRandom random() {
      return random;
    }

    /** The index of the next draw. */
    public long position() {
      return position;
    }

    /** As {@link CounterRandom#bits}. */
    public long bits() {
      return random.bits(position++);
    }

    /** As {@link CounterRandom#uniform}. */
    public double uniform() {
      return random.uniform(position++);
    }

    /** Uniform in [low, high). */
    public double uniform(double low, double high) {
      return low + (high - low) * uniform();
    }

    /** As {@link CounterRandom#below}. */
    public int below(int bound) {
      return random.below(bound, position++);
    }

    /** As {@link CounterRandom#normal}. */
    public double normal() {
      return random.normal(position++);
    }
  }
}
