package io.github.taipan.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The vector width that all Vector API kernels use: a constant to the JIT compiler. */
final class VectorWidth {
  private static final String WANTED = System.getProperty("taipan.vector", "auto");

  /** The species of all vectors. */
  static final VectorSpecies<Float> SPECIES =
      switch (WANTED) {
        // A JVM that runs with scalar kernels by default may still test the others.
        case "auto", "scalar" -> FloatVector.SPECIES_PREFERRED;
        case "128" -> FloatVector.SPECIES_128;
        case "256" -> FloatVector.SPECIES_256;
        case "512" -> FloatVector.SPECIES_512;
        default ->
            throw new IllegalArgumentException(
                "taipan.vector is auto, scalar, 128, 256 or 512, not " + WANTED);
      };

  /** Floats in a vector. */
  static final int LANES = SPECIES.length();

  /** Whether there are 32 registers for vectors and not just 16: AVX-512, NEON. */
  static final boolean MANY_REGISTERS =
      LANES == 16 || System.getProperty("os.arch").equals("aarch64");

  private static final VectorShuffle<Float> BY_1 = turned(1);
  private static final VectorShuffle<Float> BY_2 = turned(2);
  private static final VectorShuffle<Float> BY_4 = turned(4);
  private static final VectorShuffle<Float> BY_8 = turned(8);

  private static final VectorShuffle<Float> SWAPPED_1 = swapped(1);
  private static final VectorShuffle<Float> SWAPPED_2 = swapped(2);
  private static final VectorShuffle<Float> SWAPPED_4 = swapped(4);
  private static final VectorShuffle<Float> SWAPPED_8 = swapped(8);
  private static final VectorMask<Float> UPPER_1 = upper(1);
  private static final VectorMask<Float> UPPER_2 = upper(2);
  private static final VectorMask<Float> UPPER_4 = upper(4);
  private static final VectorMask<Float> UPPER_8 = upper(8);

  private VectorWidth() {}

  /**
   * The sum of the lanes, halves first. {@link FloatVector#reduceLanes} leaves the order open, and
   * compiled code adds in another one than the interpreter: results would change within a run.
   */
  static float sum(FloatVector vector) {
    FloatVector sums = vector;
    if (LANES > 8) {
      sums = sums.add(sums.rearrange(BY_8));
    }
    if (LANES > 4) {
      sums = sums.add(sums.rearrange(BY_4));
    }
    sums = sums.add(sums.rearrange(BY_2));
    return sums.add(sums.rearrange(BY_1)).lane(0);
  }

  /**
   * Sums the lanes of as many vectors as a vector has lanes, which lie one after the other and are
   * overwritten: the sum of vector i, to the bit {@link #sum} of it, takes the place of lane i of
   * the first. Returns no vector, which would be allocated wherever this is not inlined.
   */
  static void sums(float[] vectors, int at) {
    if (LANES > 8) {
      merge(vectors, at, 8, SWAPPED_8, UPPER_8);
    }
    if (LANES > 4) {
      merge(vectors, at, 4, SWAPPED_4, UPPER_4);
    }
    merge(vectors, at, 2, SWAPPED_2, UPPER_2);
    merge(vectors, at, 1, SWAPPED_1, UPPER_1);
  }

  /** Adds halves: those of vector i to its lower lanes, those of vector i + half to its upper. */
  private static void merge(
      float[] vectors, int at, int half, VectorShuffle<Float> swapped, VectorMask<Float> upper) {
    for (int i = 0; i < half * LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(SPECIES, vectors, at + i);
      FloatVector b = FloatVector.fromArray(SPECIES, vectors, at + i + half * LANES);
      FloatVector others = b.blend(a, upper).rearrange(swapped);
      a.blend(b, upper).add(others).intoArray(vectors, at + i);
    }
  }

  private static VectorShuffle<Float> swapped(int distance) {
    return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ distance) & (LANES - 1));
  }

  private static VectorMask<Float> upper(int distance) {
    boolean[] upper = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      upper[lane] = (lane & distance) != 0;
    }
    return VectorMask.fromArray(SPECIES, upper, 0);
  }

  private static VectorShuffle<Float> turned(int lanes) {
    return VectorShuffle.iota(SPECIES, lanes, 1, true);
  }

  static String description() {
    String reason =
        SPECIES.equals(FloatVector.SPECIES_PREFERRED) ? "" : " (taipan.vector=" + WANTED + ")";
    return SPECIES.vectorBitSize() + "-bit vectors" + reason;
  }
}
