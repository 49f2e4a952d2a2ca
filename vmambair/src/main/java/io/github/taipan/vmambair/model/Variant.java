package io.github.taipan.vmambair.model;

/** The full network, and the ablations of the paper's Table 4. */
public enum Variant {
  /** The released network. */
  FULL,
  /** V1: one plane direction, no channel scan. */
  ONE_DIRECTION,
  /** V2: the four plane directions, no channel scan. */
  NO_CHANNEL_SCAN,
  /** V3: no EFFN; the paper adds OSS blocks to make up for it, how many it does not say. */
  NO_EFFN,
  /**
   * V4: linear layers without bias instead of the 1x1 convolutions around the scans. The paper's
   * gain of the convolutions is one of memory layout; with channels innermost both are one matrix
   * product.
   */
  LINEAR_LAYERS;

  boolean scansChannels() {
    return this != ONE_DIRECTION && this != NO_CHANNEL_SCAN;
  }
}
