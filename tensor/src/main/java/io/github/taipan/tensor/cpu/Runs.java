package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * Where the values of a left row lie: runs of consecutive values, in the order of k, grouped into
 * blocks of k that are worked on together.
 *
 * @param starts where each run begins, counted from the row's start
 * @param lengths how long each run is
 * @param blockEnds after which run each block ends
 */
record Runs(int[] starts, int[] lengths, int[] blockEnds) {
  /** For kernels that read no rows. */
  static final Runs NONE = new Runs(new int[0], new int[0], new int[0]);

  /** Cuts runs of one length into blocks of at most {@code blockDepth} values. */
  static Runs cut(int[] starts, int length, int blockDepth) {
    int pieces = Math.max(1, Math.ceilDiv(length, blockDepth));
    int runsPerBlock = Math.max(1, blockDepth / Math.max(1, length));
    int count = starts.length * pieces;
    int[] cutStarts = new int[count];
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      int from = i % pieces * length / pieces;
      cutStarts[i] = starts[i / pieces] + from;
      lengths[i] = (i % pieces + 1) * length / pieces - from;
    }
    int[] blockEnds = new int[Math.ceilDiv(count, runsPerBlock)];
    Arrays.setAll(blockEnds, i -> Math.min(count, (i + 1) * runsPerBlock));
    return new Runs(cutStarts, lengths, blockEnds);
  }

  /** The number of values in the runs from {@code from} to {@code end}. */
  int depth(int from, int end) {
    int depth = 0;
    for (int run = from; run < end; run++) {
      depth += lengths[run];
    }
    return depth;
  }
}
