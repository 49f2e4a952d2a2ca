package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorWidth.LANES;
import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Unzips groups of four values and zips them again, a vector of groups at a time. Four vectors of
 * groups become four vectors of one member each in three steps: within each vector r the members
 * are brought together, member q into the quarter q + r; then quarters are exchanged between the
 * vectors, each staying where it is; then each vector is turned until its first quarter is first.
 * So every value moves between lanes twice and between vectors once.
 */
final class VectorFours {
  private static final int QUARTER = LANES / 4;

  private static final VectorShuffle<Float> GATHER_0 = gather(0);
  private static final VectorShuffle<Float> GATHER_1 = gather(1);
  private static final VectorShuffle<Float> GATHER_2 = gather(2);
  private static final VectorShuffle<Float> GATHER_3 = gather(3);
  private static final VectorShuffle<Float> SCATTER_0 = scatter(0);
  private static final VectorShuffle<Float> SCATTER_1 = scatter(1);
  private static final VectorShuffle<Float> SCATTER_2 = scatter(2);
  private static final VectorShuffle<Float> SCATTER_3 = scatter(3);
  private static final VectorShuffle<Float> TURN_1 = turn(1);
  private static final VectorShuffle<Float> TURN_2 = turn(2);
  private static final VectorShuffle<Float> TURN_3 = turn(3);
  private static final VectorMask<Float> SECOND = quarter(1);
  private static final VectorMask<Float> THIRD = quarter(2);
  private static final VectorMask<Float> FOURTH = quarter(3);

  private VectorFours() {}

  /** {@link RowLoops#unzip} of a multiple of the lanes. */
  static void unzip(float[] x, int at, float[] y, int to0, int to1, int to2, int to3, int count) {
    for (int i = 0; i < count; i += LANES) {
      int from = at + 4 * i;
      FloatVector a = load(x, from).rearrange(GATHER_0);
      FloatVector b = load(x, from + LANES).rearrange(GATHER_1);
      FloatVector c = load(x, from + 2 * LANES).rearrange(GATHER_2);
      FloatVector d = load(x, from + 3 * LANES).rearrange(GATHER_3);
      quarters(a, b, c, d).intoArray(y, to0 + i);
      quarters(d, a, b, c).rearrange(TURN_1).intoArray(y, to1 + i);
      quarters(c, d, a, b).rearrange(TURN_2).intoArray(y, to2 + i);
      quarters(b, c, d, a).rearrange(TURN_3).intoArray(y, to3 + i);
    }
  }

  /** {@link RowLoops#zip} of a multiple of the lanes. */
  static void zip(float[] x, int at0, int at1, int at2, int at3, float[] y, int to, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector a = load(x, at0 + i);
      FloatVector b = load(x, at1 + i).rearrange(TURN_3);
      FloatVector c = load(x, at2 + i).rearrange(TURN_2);
      FloatVector d = load(x, at3 + i).rearrange(TURN_1);
      int into = to + 4 * i;
      quarters(a, b, c, d).rearrange(SCATTER_0).intoArray(y, into);
      quarters(d, a, b, c).rearrange(SCATTER_1).intoArray(y, into + LANES);
      quarters(c, d, a, b).rearrange(SCATTER_2).intoArray(y, into + 2 * LANES);
      quarters(b, c, d, a).rearrange(SCATTER_3).intoArray(y, into + 3 * LANES);
    }
  }

  /** One quarter of each vector, in its place. */
  private static FloatVector quarters(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    return a.blend(b, SECOND).blend(c, THIRD).blend(d, FOURTH);
  }

  /** Brings member q of all groups into the quarter q + r. */
  private static VectorShuffle<Float> gather(int r) {
    return shuffle(lane -> 4 * (lane % QUARTER) + (lane / QUARTER + 4 - r) % 4);
  }

  private static VectorShuffle<Float> scatter(int r) {
    return shuffle(lane -> (lane % 4 + r) % 4 * QUARTER + lane / 4);
  }

  /** Makes a quarter the first one. */
  private static VectorShuffle<Float> turn(int first) {
    return shuffle(lane -> (lane + first * QUARTER) % LANES);
  }

  private static VectorShuffle<Float> shuffle(IntUnaryOperator source) {
    int[] sources = new int[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      sources[lane] = source.applyAsInt(lane);
    }
    return VectorShuffle.fromArray(SPECIES, sources, 0);
  }

  private static VectorMask<Float> quarter(int quarter) {
    boolean[] lanes = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = lane / QUARTER == quarter;
    }
    return VectorMask.fromArray(SPECIES, lanes, 0);
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }
}
