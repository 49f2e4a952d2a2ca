package io.github.taipan.tensor.cpu;

/**
 * Arrays that a thread keeps for its kernels, so that launches need not allocate large ones. They
 * hold whatever the last user left, and are at least as long as asked. Each use may be live once
 * per thread; a task runs on some thread of its own, so an array taken by a caller for all its
 * tasks needs a use that the tasks do not take.
 */
final class Scratch {
  /** What an array is for. */
  enum Use {
    /** Packed operands, taken by a launch's caller and read by all its tasks. */
    PACKED_A,
    PACKED_B,
    /** Partial sums, taken by a launch's caller and written by its tasks. */
    PARTIAL,
    /** States of a scan: before each tile, and between the phases of a walk. */
    STATES,
    STATES_BETWEEN,
    /** Within one task. */
    TASK_WINDOW,
    TASK_FUSED,
    TASK_TILE,
    TASK_PANEL,
    TASK_B,
    TASK_A_ROWS,
    TASK_C_ROWS,
    TASK_BLOCK,
    TASK_REST,
    TASK_LINE,
    TASK_LEFT,
    TASK_RIGHT,
    TASK_SUMS
  }

  private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

  private final float[][] floats = new float[Use.values().length][0];
  private final double[][] doubles = new double[Use.values().length][0];
  private final int[][] ints = new int[Use.values().length][0];

  private final Tile tile = new Tile();

  Scratch() {}

  /** This thread's tile. */
  static Tile tile() {
    return MINE.get().tile;
  }

  /** This thread's floats for a use. */
  static float[] floats(Use use, int length) {
    return MINE.get().array(use, length);
  }

  /** The floats for a use. */
  float[] array(Use use, int length) {
    if (floats[use.ordinal()].length < length) {
      floats[use.ordinal()] = new float[length];
    }
    return floats[use.ordinal()];
  }

  /** This thread's doubles for a use. */
  static double[] doubles(Use use, int length) {
    double[][] all = MINE.get().doubles;
    if (all[use.ordinal()].length < length) {
      all[use.ordinal()] = new double[length];
    }
    return all[use.ordinal()];
  }

  /** This thread's integers for a use. */
  static int[] ints(Use use, int length) {
    int[][] all = MINE.get().ints;
    if (all[use.ordinal()].length < length) {
      all[use.ordinal()] = new int[length];
    }
    return all[use.ordinal()];
  }
}
