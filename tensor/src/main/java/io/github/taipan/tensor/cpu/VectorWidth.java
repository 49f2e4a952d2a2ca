package io.github.taipan.tensor.cpu;

import jdk.incubator.vector.FloatVector;
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

  private static final VectorShuffle<Float> BY_1 = turned(1);
  private static final VectorShuffle<Float> BY_2 = turned(2);
  private static final VectorShuffle<Float> BY_4 = turned(4);
  private static final VectorShuffle<Float> BY_8 = turned(8);

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

  private static VectorShuffle<Float> turned(int lanes) {
    return VectorShuffle.iota(SPECIES, lanes, 1, true);
  }

  static String description() {
    String reason =
        SPECIES.equals(FloatVector.SPECIES_PREFERRED) ? "" : " (taipan.vector=" + WANTED + ")";
    return SPECIES.vectorBitSize() + "-bit vectors" + reason;
  }
}
