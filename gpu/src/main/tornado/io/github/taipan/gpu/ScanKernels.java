package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Device code of the selective scan ({@link io.github.taipan.tensor.Scan}), in parallel along the
 * path. With x_l = t_l · u_l, a step changes each of a channel's states by an affine map,
 *
 * <pre>
 * h_l = exp(t_l A) · h_{l−1} + x_l B_l
 * </pre>
 *
 * and affine maps compose: a whole chunk of steps is again such a map, h ↦ exp(A Σ t_l) · h + e,
 * where e is the state that the chunk ends with if it begins with 0. So the path is cut into chunks
 * of a few dozen steps, and there are three phases:
 *
 * <ol>
 *   <li>{@link #summarizeChunks}: each chunk, on its own, walks from h = 0 and notes e and Σ t_l.
 *   <li>{@link #combineChunks}: each state, on its own, goes through the chunks in order,
 *       <pre>
 * h ← exp(A Σ t_l) · h + e
 * </pre>
 *       and puts in e's place the state with which the chunk begins.
 *   <li>{@link #outputChunks}: each chunk, on its own, walks again from there and writes y.
 * </ol>
 *
 * In phases 1 and 3 a thread walks one chunk of one <i>row</i>, which is a path and a channel; its
 * states stay in registers. Neighbouring threads have neighbouring channels, so that u, delta, y
 * and the chunks' states are read and written in whole lines, and B and C, which all channels of a
 * group share, by one load for all threads of a warp.
 *
 * <p>Per step of a row, phases 1 and 3 read u and delta, and phase 3 writes y: 5 values. Per chunk
 * of a row the phases write, read, write and read the N states, and write and read Σ t_l. Per step
 * and state they take two exponentials and load B twice and C once. With chunks of 32 steps, 16
 * states and one path that is 28 bytes of memory traffic and 32 exponentials per step of a row, for
 * which a GPU with 3 TB/s and 16 exponentials per cycle of each of its 132 processors takes about
 * equally long.
 *
 * <p>All kernels of the scan and its gradient read the same launch array; the constants below say
 * what it holds. States come in blocks of {@link #BLOCK}, since a thread's registers are counted
 * when the kernel is compiled: where N is no multiple of it, A, B and C are padded by zeros, which
 * make states that are always 0.
 */
final class ScanKernels {
  /** The states that a thread carries at once. */
  static final int BLOCK = 16;

  /** The chunks whose results {@link #combineChunks} loads at once. */
  static final int AHEAD = 8;

  /** Threads of a group in {@link #combineChunks}, of which there are few. */
  static final int COMBINE_GROUP = 64;

  // The launch array. Places in memory: the seven inputs, A, B and C with the padded number of
  // states.
  static final int U = 0;
  static final int DELTA = 1;
  static final int A = 2;
  static final int B = 3;
  static final int C = 4;
  static final int D = 5;
  static final int BIAS = 6;

  /** The map's height. */
  static final int HEIGHT = 7;

  /** The map's width. */
  static final int WIDTH = 8;

  /** The number of channels of u. */
  static final int CHANNELS = 9;

  /** Paths · channels. */
  static final int ROWS = 10;

  /** The groups of channels, per path. */
  static final int GROUPS = 11;

  /** The number of states, padded to a multiple of {@link #BLOCK}. */
  static final int STATES = 12;

  /** Whether step sizes go through softplus. */
  static final int SOFTPLUS = 13;

  /** The steps of a chunk; the last chunk may have fewer. */
  static final int CHUNK = 14;

  /** The number of chunks of a path. */
  static final int CHUNKS = 15;

  /** The number of images. */
  static final int IMAGES = 16;

  /** The first state of the block of states that a walk is for. */
  static final int FIRST = 17;

  /**
   * Place of the chunks' states {@code [batch, chunks, N + 1, rows]}, where the last of N + 1 is Σ
   * t_l.
   */
  static final int CARRIED = 18;

  /** Place of the output of each path {@code [paths, batch, height, width, C]}. */
  static final int OUTPUT = 19;

  /** The values of one path's output. */
  static final int PLANE = 20;

  /** How many threads walk a chunk. */
  static final int WALKS = 21;

  /** How many threads combine chunks. */
  static final int COMBINES = 22;

  /**
   * Here, not in memory, stands each path's ordinal in {@link io.github.taipan.tensor.ScanPath}.
   */
  static final int PATHS = 34;

  private ScanKernels() {}

  /**
   * Phase 1. One thread per image, chunk and row. Launch: the scan's (see above); for states FIRST
   * to FIRST + BLOCK this reads U, DELTA, A, B and BIAS, and writes CARRIED.
   */
  static void summarizeChunks(KernelContext context, FloatArray memory, IntArray launch) {
    int thread = context.globalIdx;
    if (thread < launch.get(WALKS)) {
      int rows = launch.get(ROWS);
      int channels = launch.get(CHANNELS);
      int states = launch.get(STATES);
      int row = thread % rows;
      int unit = thread / rows; // image and chunk
      int chunk = unit % launch.get(CHUNKS);
      int image = unit / launch.get(CHUNKS);
      int first = launch.get(FIRST);
      float[] a = new float[BLOCK];
      float[] h = new float[BLOCK];
      for (int n = 0; n < BLOCK; n++) {
        a[n] = memory.get(launch.get(A) + row * states + first + n);
        h[n] = 0;
      }

      int order = launch.get(PATHS + row / channels);
      int length = launch.get(HEIGHT) * launch.get(WIDTH);
      int step = chunk * launch.get(CHUNK);
      int steps = smaller(launch.get(CHUNK), length - step);
      int line = line(launch, order);
      int left = line - step % line;
      int move = move(launch, order);
      int jump = jump(launch, order);
      int pixel = image * length + pixel(launch, order, step);
      int deltas = launch.get(DELTA) + row;
      int inputs = launch.get(U) + row % channels;
      int weightRow = weightRow(launch);
      int weights = launch.get(B) + group(launch, row) * states + first;
      int softplus = launch.get(SOFTPLUS);
      float bias = memory.get(launch.get(BIAS) + row);
      float elapsed = 0;
      float delta = memory.get(deltas + pixel * rows);
      float u = memory.get(inputs + pixel * channels);
      for (int i = 1; i <= steps; i++) {
        float t = stepSize(softplus, delta + bias);
        float x = t * u;
        int b = weights + pixel * weightRow;
        pixel += move;
        left--;
        if (left == 0) {
          left = line;
          pixel += jump;
        }
        if (i < steps) { // the next step's values are on their way while this one is computed
          delta = memory.get(deltas + pixel * rows);
          u = memory.get(inputs + pixel * channels);
        }
        elapsed += t;
        for (int n = 0; n < BLOCK; n++) {
          h[n] = TornadoMath.exp(t * a[n]) * h[n] + x * memory.get(b + n);
        }
      }

      int slot = launch.get(CARRIED) + unit * (states + 1) * rows + row;
      for (int n = 0; n < BLOCK; n++) {
        memory.set(slot + (first + n) * rows, h[n]);
      }
      memory.set(slot + states * rows, elapsed);
    }
  }

  /**
   * Phase 2. One thread per image, state and row; and, where there are twice as many threads, as
   * many that go through the chunks' results {@link ScanGradientKernels#ADJOINT} from the last to
   * the first. A thread loads the results of several chunks before it stores any. Launch: the
   * scan's; this reads A, and overwrites CARRIED and ADJOINT.
   */
  static void combineChunks(KernelContext context, FloatArray memory, IntArray launch) {
    int thread = context.globalIdx;
    if (thread < launch.get(COMBINES)) {
      int rows = launch.get(ROWS);
      int states = launch.get(STATES);
      int chunks = launch.get(CHUNKS);
      int row = thread % rows;
      int n = thread / rows % states;
      int image = thread / rows / states;
      int from = launch.get(CARRIED);
      int next = (states + 1) * rows; // from chunk to chunk
      int at = 0;
      if (image >= launch.get(IMAGES)) {
        image -= launch.get(IMAGES);
        from = launch.get(ScanGradientKernels.ADJOINT);
        at = (chunks - 1) * next;
        next = -next;
      }
      at += image * chunks * (states + 1) * rows;
      from += n * rows + row;
      int times = launch.get(CARRIED) + states * rows + row;
      float a = memory.get(launch.get(A) + row * states + n);
      float[] ends = new float[AHEAD];
      float[] elapsed = new float[AHEAD];
      float h = 0;
      for (int chunk = 0; chunk < chunks; chunk += AHEAD) {
        for (int i = 0; i < AHEAD; i++) {
          int known = at + smaller(i, chunks - 1 - chunk) * next;
          ends[i] = memory.get(from + known);
          elapsed[i] = memory.get(times + known);
        }
        for (int i = 0; i < AHEAD; i++) {
          if (chunk + i < chunks) {
            memory.set(from + at + i * next, h);
            h = TornadoMath.exp(a * elapsed[i]) * h + ends[i];
          }
        }
        at += AHEAD * next;
      }
    }
  }

  /**
   * Phase 3. One thread per image, chunk and row. Launch: the scan's; for states FIRST to FIRST +
   * BLOCK this reads U, DELTA, A, B, C, D, BIAS and CARRIED, and writes OUTPUT or, if FIRST is not
   * 0, adds to it.
   */
  static void outputChunks(KernelContext context, FloatArray memory, IntArray launch) {
    int thread = context.globalIdx;
    if (thread < launch.get(WALKS)) {
      int rows = launch.get(ROWS);
      int channels = launch.get(CHANNELS);
      int states = launch.get(STATES);
      int row = thread % rows;
      int unit = thread / rows; // image and chunk
      int chunk = unit % launch.get(CHUNKS);
      int image = unit / launch.get(CHUNKS);
      int path = row / channels;
      int first = launch.get(FIRST);
      int slot = launch.get(CARRIED) + unit * (states + 1) * rows + row;
      float[] a = new float[BLOCK];
      float[] h = new float[BLOCK];
      for (int n = 0; n < BLOCK; n++) {
        a[n] = memory.get(launch.get(A) + row * states + first + n);
        h[n] = 0;
        if (chunk > 0) {
          h[n] = memory.get(slot + (first + n) * rows);
        }
      }

      int order = launch.get(PATHS + path);
      int length = launch.get(HEIGHT) * launch.get(WIDTH);
      int step = chunk * launch.get(CHUNK);
      int steps = smaller(launch.get(CHUNK), length - step);
      int line = line(launch, order);
      int left = line - step % line;
      int move = move(launch, order);
      int jump = jump(launch, order);
      int pixel = image * length + pixel(launch, order, step);
      int deltas = launch.get(DELTA) + row;
      int inputs = launch.get(U) + row % channels;
      int outputs = launch.get(OUTPUT) + path * launch.get(PLANE) + row % channels;
      int weightRow = weightRow(launch);
      int weightsB = launch.get(B) + group(launch, row) * states + first;
      int weightsC = launch.get(C) + group(launch, row) * states + first;
      int softplus = launch.get(SOFTPLUS);
      float bias = memory.get(launch.get(BIAS) + row);
      float skip = memory.get(launch.get(D) + row);
      float delta = memory.get(deltas + pixel * rows);
      float u = memory.get(inputs + pixel * channels);
      for (int i = 1; i <= steps; i++) {
        float t = stepSize(softplus, delta + bias);
        float x = t * u;
        float y = skip * u;
        int out = outputs + pixel * channels;
        int b = weightsB + pixel * weightRow;
        int c = weightsC + pixel * weightRow;
        pixel += move;
        left--;
        if (left == 0) {
          left = line;
          pixel += jump;
        }
        if (i < steps) { // the next step's values are on their way while this one is computed
          delta = memory.get(deltas + pixel * rows);
          u = memory.get(inputs + pixel * channels);
        }
        if (first > 0) {
          y = memory.get(out); // what the blocks of states before this one came to
        }
        for (int n = 0; n < BLOCK; n++) {
          h[n] = TornadoMath.exp(t * a[n]) * h[n] + x * memory.get(b + n);
          y += memory.get(c + n) * h[n];
        }
        memory.set(out, y);
      }
    }
  }

  /** The pixel that a path visits at a step, as {@link io.github.taipan.tensor.ScanPath} says. */
  static int pixel(IntArray launch, int order, int step) {
    int last = launch.get(HEIGHT) * launch.get(WIDTH) - 1;
    int at = order >= 2 ? last - step : step;
    int line = line(launch, order);
    return order % 2 == 0 ? at : at % line * launch.get(WIDTH) + at / line;
  }

  /** How many pixels a path visits at equal distances, before it jumps: a column or all. */
  static int line(IntArray launch, int order) {
    return order % 2 == 0 ? launch.get(HEIGHT) * launch.get(WIDTH) : launch.get(HEIGHT);
  }

  /** From one pixel to the next of a line. */
  static int move(IntArray launch, int order) {
    int distance = order % 2 == 0 ? 1 : launch.get(WIDTH);
    return order >= 2 ? -distance : distance;
  }

  /** What comes to the move at the end of a line. */
  static int jump(IntArray launch, int order) {
    int distance = launch.get(HEIGHT) * launch.get(WIDTH) - 1;
    return order >= 2 ? distance : -distance;
  }

  /** The weights that B and C hold for a pixel. */
  static int weightRow(IntArray launch) {
    return launch.get(ROWS) / launch.get(CHANNELS) * launch.get(GROUPS) * launch.get(STATES);
  }

  /** The group of a row, counted through all paths. */
  static int group(IntArray launch, int row) {
    return row / (launch.get(CHANNELS) / launch.get(GROUPS));
  }

  /** t, the size of a step. */
  static float stepSize(int softplus, float raw) {
    return softplus != 0 ? PointwiseKernels.softplus(raw) : raw;
  }

  static int smaller(int a, int b) {
    return a < b ? a : b;
  }
}
