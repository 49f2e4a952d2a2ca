package io.github.taipan.tensor.program;

import java.util.List;

/** Rewrites a program into one that does the same with less work. */
public enum Pass {
  /** Computes what depends on constants alone once and for all. */
  FOLD_CONSTANTS(FoldConstants::apply),
  /** Drops launches whose results nobody uses. */
  DROP_DEAD(DropDead::apply),
  /** Widens hidden maps with an odd number of channels to whole vectors, with channels of zeros. */
  PAD_CHANNELS(PadChannels::apply),
  /** Joins a convolution that raises step sizes with the scan that uses them. */
  FUSE_SCANS(FuseScans::apply),
  /** Joins launches that work pixel by pixel, so that what is between them stays in the cache. */
  FUSE_PIXELS(FusePixels::apply);

  /** For programs on constants: a network that restores. */
  public static final List<Pass> INFERENCE =
      List.of(FOLD_CONSTANTS, DROP_DEAD, PAD_CHANNELS, FUSE_SCANS, FUSE_PIXELS);

  /** For programs whose tensors change: a step of training. */
  public static final List<Pass> TRAINING = List.of(DROP_DEAD);

  private interface Rewriting {
    Program apply(Program program);
  }

  private final Rewriting rewriting;

  Pass(Rewriting rewriting) {
    this.rewriting = rewriting;
  }

  /** The rewritten program. */
  public Program apply(Program program) {
    return rewriting.apply(program);
  }
}
