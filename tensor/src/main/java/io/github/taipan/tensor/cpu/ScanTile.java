package io.github.taipan.tensor.cpu;

import static java.util.Objects.requireNonNull;

import io.github.taipan.tensor.ScanPath;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one task of a selective scan works on, small enough for the first-level cache: up to {@link
 * #PIXELS} pixels of a path by up to {@link #CHANNELS} channels. Values of pixels lie as {@code
 * [block][pixel][lane]}, the lanes of a block being neighbouring channels (or states, for the
 * weights B and C), so that each inner loop runs down the pixels of one block with a constant
 * stride. Lanes without a channel hold zeros.
 */
final class ScanTile {
  /** The most pixels at a time. */
  static final int PIXELS = 64;

  /** The most channels at a time. */
  static final int CHANNELS = 48;

  /** Rates are limited to this, and step sizes so that no decay or growth exceeds its exponent. */
  private static final float FASTEST = 0x1p20f;

  private static final float LARGEST_DECAY = 0x1p21f;
  private static final float LARGEST_GROWTH = 80;

  private static final ThreadLocal<ScanTile> MINE = new ThreadLocal<>();

  final int lanes;
  final int states;

  private @Nullable Walk walk;

  /** Whether step sizes go through softplus. */
  boolean softplus;

  /** How many blocks of channels are in use. */
  int blocks;

  /** How many of the pixels are in use. */
  int count;

  /** The pixels' positions in all maps of the batch. */
  final int[] pixels = new int[PIXELS];

  final float[] u = values();

  /** The step size before softplus, bias added. */
  final float[] raw = values();

  /** The step size t, and t limited so that no exponent is absurd. */
  final float[] step = values();

  final float[] limited = values();

  /** t · u. */
  final float[] input = values();

  /** The result, or its upstream gradient. */
  final float[] y = values();

  /** B and C, with states as the lanes. */
  final float[] b;

  final float[] c;

  /**
   * A, the states h, and how the gradient of h leaves the tile, {@code [state][channel]}. With an
   * odd number of states there is one more of zeros.
   */
  final float[] a;

  final float[] h;
  final float[] carry;

  /** What delta is made with, {@code [rank][channel]}, if it is made. */
  float[] stepWeight = {};

  /** D and bias by channel. D is not-a-number where A is, which the exponential hides. */
  final float[] d = new float[CHANNELS];

  final float[] bias = new float[CHANNELS];

  /** The limits of t in exponents, by channel. */
  final float[] lowest = new float[CHANNELS];

  final float[] highest = new float[CHANNELS];

  // For the gradient only.

  /** The decays exp(t · A) and the states before each pixel and after the last, of one state. */
  final float[] decays;

  final float[] history;

  /** Σ_n dh · B and Σ_n dh · A · exp(t · A) · h of the pixel before. */
  final float[] inputGradient = values();

  final float[] stepGradient = values();

  /**
   * Gradients of B and C for one state, lane by lane, and then their sums, with states as lanes.
   */
  final float[] bLanes;

  final float[] cLanes;
  final float[] bGradient;
  final float[] cGradient;

  /** Sums over the pixels so far. */
  final float[] aGradient;

  final float[] dGradient = new float[CHANNELS];
  final float[] biasGradient = new float[CHANNELS];

  /** What a walk clears. */
  private final float[][] perChannel;

  private ScanTile(int lanes, int states) {
    this.lanes = lanes;
    this.states = states;
    int weights = PIXELS * Math.ceilDiv(states, lanes) * lanes;
    b = new float[weights];
    c = new float[weights];
    bGradient = new float[weights];
    cGradient = new float[weights];
    int all = (states + states % 2) * CHANNELS;
    a = new float[all];
    h = new float[all];
    carry = new float[all];
    aGradient = new float[all];
    decays = new float[PIXELS * lanes];
    bLanes = new float[PIXELS * lanes];
    cLanes = new float[PIXELS * lanes];
    history = new float[(PIXELS + 1) * lanes];
    perChannel =
        new float[][] {a, d, bias, lowest, highest, h, carry, aGradient, dGradient, biasGradient};
  }

  private static float[] values() {
    return new float[PIXELS * CHANNELS];
  }

  /** This thread's tile. */
  static ScanTile of(int lanes, int states) {
    ScanTile tile = MINE.get();
    if (tile == null || tile.lanes != lanes || tile.states != states) {
      tile = new ScanTile(lanes, states);
      MINE.set(tile);
    }
    return tile;
  }

  /** What the tile is a part of. */
  Walk walk() {
    return requireNonNull(walk);
  }

  /** Where the values of a block start. */
  int at(int block) {
    return block * PIXELS * lanes;
  }

  /** Where the weights of a state start; those of the next pixel are {@link #lanes} further. */
  int weightsAt(int state) {
    return at(state / lanes) + state % lanes;
  }

  /** Starts a walk: takes the parameters of its channels and clears states and sums. */
  void begin(ScanArguments scan, Walk newWalk) {
    walk = newWalk;
    softplus = scan.softplus();
    blocks = Math.ceilDiv(newWalk.width(), lanes);
    for (float[] values : perChannel) {
      Arrays.fill(values, 0);
    }
    int row = scan.row(newWalk);
    int channels = newWalk.width();
    System.arraycopy(scan.d(), row, d, 0, channels);
    System.arraycopy(scan.bias(), row, bias, 0, channels);
    takeStepWeight(scan, row, channels);
    // The largest growth and decay of a channel, for now.
    for (int n = 0; n < states; n++) {
      for (int j = 0; j < channels; j++) {
        float rate = scan.a()[(row + j) * states + n];
        a[n * CHANNELS + j] = Math.max(rate, -FASTEST);
        highest[j] = Math.max(highest[j], rate);
        lowest[j] = Math.max(lowest[j], -rate);
      }
    }
    for (int j = 0; j < channels; j++) {
      float growth = highest[j];
      float decay = Math.min(lowest[j], FASTEST);
      if (Float.isNaN(growth)) {
        d[j] = growth;
      }
      highest[j] = Math.min(LARGEST_DECAY / decay, LARGEST_GROWTH / growth);
      lowest[j] = -Math.min(LARGEST_DECAY / growth, LARGEST_GROWTH / decay);
    }
  }

  private void takeStepWeight(ScanArguments scan, int row, int channels) {
    int rank = scan.rank();
    if (stepWeight.length < rank * CHANNELS) {
      stepWeight = new float[rank * CHANNELS];
    }
    if (channels < CHANNELS) {
      Arrays.fill(stepWeight, 0);
    }
    float[] weight = scan.stepWeight();
    for (int j = 0; j < channels; j++) {
      int from = (row + j) * rank;
      for (int r = 0; r < rank; r++) {
        stepWeight[r * CHANNELS + j] = weight[from + r];
      }
    }
  }

  /** Moves to the pixels of up to {@link #PIXELS} steps of the walk. */
  void move(ScanArguments scan, int from, int end) {
    ScanPath order = scan.paths().get(walk().path());
    int first = walk().image() * scan.length();
    int length = scan.length();
    int stride =
        order.pixel(1, scan.height(), scan.width()) - order.pixel(0, scan.height(), scan.width());
    int pixel = order.pixel(from, scan.height(), scan.width());
    count = Math.min(PIXELS, end - from);
    for (int p = 0; p < count; p++) {
      pixels[p] = first + pixel;
      pixel += stride;
      if (pixel < 0) {
        pixel += length - 1;
      } else if (pixel >= length) {
        pixel -= length - 1;
      }
    }
  }

  /** Gathers the walk's channels of a map with a row per pixel, out of which {@code column} on. */
  void gather(ScanLoops loops, float[] rows, int rowSize, int column, float[] values) {
    for (int j = 0; j < walk().width(); j += lanes) {
      int width = Math.min(lanes, walk().width() - j);
      loops.gather(this, rows, rowSize, column + j, width, values, j / lanes);
    }
  }

  /** Scatters them, overwriting or adding. */
  void scatter(
      ScanLoops loops, float[] values, float[] rows, int rowSize, int column, boolean add) {
    for (int j = 0; j < walk().width(); j += lanes) {
      int width = Math.min(lanes, walk().width() - j);
      loops.scatter(this, values, j / lanes, rows, rowSize, column + j, width, add);
    }
  }
}
