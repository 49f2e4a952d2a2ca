package io.github.taipan.tensor.program;

/** Placeholder until the fused scan is there. */
final class FuseScans {
  private FuseScans() {}

  static Program apply(Program program) {
    return program;
  }
}
