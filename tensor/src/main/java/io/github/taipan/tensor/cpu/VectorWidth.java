package io.github.taipan.tensor.cpu;

import jdk.incubator.vector.FloatVector;
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

  private VectorWidth() {}

  static String description() {
    String reason = SPECIES.equals(FloatVector.SPECIES_PREFERRED) ? "" : " (taipan.vector=" + WANTED + ")";
    return SPECIES.vectorBitSize() + "-bit vectors" + reason;
  }
}
