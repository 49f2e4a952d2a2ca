package io.github.taipan.gpu;

import static io.github.taipan.gpu.ScanKernels.A;
import static io.github.taipan.gpu.ScanKernels.B;
import static io.github.taipan.gpu.ScanKernels.BIAS;
import static io.github.taipan.gpu.ScanKernels.BLOCK;
import static io.github.taipan.gpu.ScanKernels.C;
import static io.github.taipan.gpu.ScanKernels.CARRIED;
import static io.github.taipan.gpu.ScanKernels.CHANNELS;
import static io.github.taipan.gpu.ScanKernels.CHUNKS;
import static io.github.taipan.gpu.ScanKernels.D;
import static io.github.taipan.gpu.ScanKernels.DELTA;
import static io.github.taipan.gpu.ScanKernels.FIRST;
import static io.github.taipan.gpu.ScanKernels.GROUPS;
import static io.github.taipan.gpu.ScanKernels.HEIGHT;
import static io.github.taipan.gpu.ScanKernels.IMAGES;
import static io.github.taipan.gpu.ScanKernels.OUTPUT;
import static io.github.taipan.gpu.ScanKernels.PATHS;
import static io.github.taipan.gpu.ScanKernels.PLANE;
import static io.github.taipan.gpu.ScanKernels.ROWS;
import static io.github.taipan.gpu.ScanKernels.SOFTPLUS;
import static io.github.taipan.gpu.ScanKernels.STATES;
import static io.github.taipan.gpu.ScanKernels.U;
import static io.github.taipan.gpu.ScanKernels.WALKS;
import static io.github.taipan.gpu.ScanKernels.WIDTH;
import static io.github.taipan.gpu.ScanKernels.group;
import static io.github.taipan.gpu.ScanKernels.jump;
import static io.github.taipan.gpu.ScanKernels.line;
import static io.github.taipan.gpu.ScanKernels.move;
import static io.github.taipan.gpu.ScanKernels.pixel;
import static io.github.taipan.gpu.ScanKernels.smaller;
import static io.github.taipan.gpu.ScanKernels.stepSize;
import static io.github.taipan.gpu.ScanKernels.weightRow;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Device code of the selective scan's gradient. With q the gradient of y, the gradient s of the
 * states is a scan from the last step to the first,
 *
 * <pre>
 * s_l = C_l q_l + exp(t_{l+1} A) · s_{l+1}
 * </pre>
 *
 * and all else follows from it. Nothing is kept from the forward scan; with p_l = exp(t_l A) ·
 * h_{l−1}, which is all of h_l but x_l B_l,
 *
 * <pre>
 * dC_l = Σ_channels q_l h_l           dA    = Σ_l t_l s_l p_l
 * dB_l = Σ_channels x_l s_l           dt_l  = Σ_n A s_l p_l + u_l Σ_n B_l s_l
 * dD   = Σ_l q_l u_l                  du_l  = t_l Σ_n B_l s_l + D q_l
 * </pre>
 *
 * The phases are those of {@link ScanKernels}, in both directions at once: {@link #summarizeBoth}
 * walks each chunk once for its results of h and of s; {@link ScanKernels#combineChunks} goes
 * through the chunks forwards and backwards; {@link #walkBack} walks each chunk forwards again,
 * keeps p and the decays in registers, and then back. Registers bound the chunk to {@link #STEPS}
 * steps, and the states are taken one after the other.
 *
 * <p>Per step and state the phases take two exponentials and load B and C once from memory. The
 * sums over channels cost four accesses to the work-group's own memory, and B and C two more:
 * these, not memory, bound the gradient. Memory traffic is, per step of a row and with one path, 8
 * values, and with 16 states 10 for what the chunks hand on and 2 for the partial sums of dB and
 * dC.
 */
final class ScanGradientKernels {
  /** The steps of a chunk: as many as a block has states. */
  static final int STEPS = BLOCK;

  /**
   * The channels, and threads, of a work-group in {@link #walkBack}. Each thread also loads one of
   * a step's 2 · BLOCK values of B and C, and sums one of a state's 2 · STEPS values of dB and dC
   * over the channels.
   */
  static final int LANES = 2 * STEPS;

  /** Work-groups of {@link #sumParameters} have so many columns and slices. */
  static final int COLUMNS = 32;

  static final int SLICES = 8;

  /** Rows of the work-group's own memory have a value more, so that columns differ in bank. */
  private static final int PITCH = LANES + 1;

  // What the launch array holds besides the scan's own.

  /** Place of s at the chunks' ends, laid out as {@link ScanKernels#CARRIED}. */
  static final int ADJOINT = 23;

  /** Place of the gradient of y. */
  static final int OUTPUT_GRADIENT = 24;

  /** Place of the gradient of delta. */
  static final int DELTA_GRADIENT = 25;

  /** Place of the sums of dB and dC over blocks of LANES channels. */
  static final int PARTIAL = 26;

  /** The blocks of LANES channels of a group. */
  static final int BLOCKS = 27;

  // Places of the gradients of A, B, C, D and the bias, without padding.
  static final int A_GRADIENT = 28;
  static final int B_GRADIENT = 29;
  static final int C_GRADIENT = 30;
  static final int D_GRADIENT = 31;
  static final int BIAS_GRADIENT = 32;

  /** The number of states without padding. */
  static final int KEPT_STATES = 33;

  private ScanGradientKernels() {}

  /**
   * Phase 1 of both scans. What flows back through a chunk whose s is 0 at its end is the sum of
   * C_l q_l, each times the decays of the steps up to l: it needs no walk back. One thread per
   * image, chunk and row. Launch: the scan's; for states FIRST to FIRST + BLOCK this reads U,
   * DELTA, A, B, C, BIAS and OUTPUT_GRADIENT, and writes CARRIED and ADJOINT.
   */
  static void summarizeBoth(KernelContext context, FloatArray memory, IntArray launch) {
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
      float[] s = new float[BLOCK];
      float[] decay = new float[BLOCK];
      for (int n = 0; n < BLOCK; n++) {
        a[n] = memory.get(launch.get(A) + row * states + first + n);
        h[n] = 0;
        s[n] = 0;
        decay[n] = 1;
      }

      int order = launch.get(PATHS + row / channels);
      int length = launch.get(HEIGHT) * launch.get(WIDTH);
      int step = chunk * STEPS;
      int steps = smaller(STEPS, length - step);
      int line = line(launch, order);
      int left = line - step % line;
      int move = move(launch, order);
      int jump = jump(launch, order);
      int pixel = image * length + pixel(launch, order, step);
      int deltas = launch.get(DELTA) + row;
      int inputs = launch.get(U) + row % channels;
      int outputs = launch.get(OUTPUT_GRADIENT) + row % channels;
      int weightRow = weightRow(launch);
      int weightsB = launch.get(B) + group(launch, row) * states + first;
      int weightsC = launch.get(C) + group(launch, row) * states + first;
      int softplus = launch.get(SOFTPLUS);
      float bias = memory.get(launch.get(BIAS) + row);
      float elapsed = 0;
      float delta = memory.get(deltas + pixel * rows);
      float u = memory.get(inputs + pixel * channels);
      float dy = memory.get(outputs + pixel * channels);
      for (int i = 1; i <= steps; i++) {
        float t = stepSize(softplus, delta + bias);
        float x = t * u;
        float q = dy;
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
          dy = memory.get(outputs + pixel * channels);
        }
        elapsed += t;
        for (int n = 0; n < BLOCK; n++) {
          float d = TornadoMath.exp(t * a[n]);
          h[n] = d * h[n] + x * memory.get(b + n);
          decay[n] *= d;
          s[n] += decay[n] * (q * memory.get(c + n));
        }
      }

      int slot = unit * (states + 1) * rows + row;
      for (int n = 0; n < BLOCK; n++) {
        memory.set(launch.get(CARRIED) + slot + (first + n) * rows, h[n]);
        memory.set(launch.get(ADJOINT) + slot + (first + n) * rows, s[n]);
      }
      memory.set(launch.get(CARRIED) + slot + states * rows, elapsed);
    }
  }

  /**
   * Phase 3. One work-group per image, chunk, path, group and LANES of the group's channels; one
   * thread per channel. dA, dD and the gradient of the bias of this chunk take the places of the
   * states and times with which it began: {@link #sumParameters} adds them up. Launch: the scan's;
   * this reads all inputs and OUTPUT_GRADIENT, overwrites CARRIED and ADJOINT, and writes
   * DELTA_GRADIENT, PARTIAL and, with the gradient of u, OUTPUT.
   */
  static void walkBack(KernelContext context, FloatArray memory, IntArray launch) {
    float[] products = context.allocateFloatLocalArray(LANES * PITCH);
    float[] weights = context.allocateFloatLocalArray(STEPS * 2 * BLOCK); // [step][B or C][n]
    int lane = context.localIdx;
    int rows = launch.get(ROWS);
    int channels = launch.get(CHANNELS);
    int states = launch.get(STATES);
    int chunks = launch.get(CHUNKS);
    int length = launch.get(HEIGHT) * launch.get(WIDTH);
    int block = context.groupIdx % launch.get(BLOCKS);
    int rest = context.groupIdx / launch.get(BLOCKS);
    int pathGroups = rows / channels * launch.get(GROUPS);
    int pathGroup = rest % pathGroups;
    int unit = rest / pathGroups; // image and chunk
    int chunk = unit % chunks;
    int image = unit / chunks;
    int groupChannels = channels / launch.get(GROUPS);
    boolean active = block * LANES + lane < groupChannels;
    int row = pathGroup * groupChannels + smaller(block * LANES + lane, groupChannels - 1);
    int path = row / channels;
    int channel = row % channels;

    int order = launch.get(PATHS + path);
    int step = chunk * STEPS;
    int line = line(launch, order);
    int move = move(launch, order);
    int jump = jump(launch, order);
    int start = image * length + pixel(launch, order, step);
    int pixel = start;
    int left = line - step % line;
    int softplus = launch.get(SOFTPLUS);
    float bias = memory.get(launch.get(BIAS) + row);
    float[] t = new float[STEPS];
    float[] x = new float[STEPS];
    float[] q = new float[STEPS];
    float[] bs = new float[STEPS]; // Σ B s
    float[] aps = new float[STEPS]; // Σ A p s
    float[] p = new float[STEPS];
    float[] decay = new float[STEPS];
    for (int i = 0; i < STEPS; i++) {
      t[i] = 0; // a step that changes nothing, where a path or a group has no more
      x[i] = 0;
      q[i] = 0;
      bs[i] = 0;
      aps[i] = 0;
      if (active && step + i < length) {
        t[i] = stepSize(softplus, memory.get(launch.get(DELTA) + pixel * rows + row) + bias);
        x[i] = t[i] * memory.get(launch.get(U) + pixel * channels + channel);
        q[i] = memory.get(launch.get(OUTPUT_GRADIENT) + pixel * channels + channel);
      }
      pixel += move;
      left--;
      if (left == 0) {
        left = line;
        pixel += jump;
      }
    }

    int slot = unit * (states + 1) * rows + row;
    int weightRow = weightRow(launch);
    int source = lane < BLOCK ? launch.get(B) + lane : launch.get(C) + lane - BLOCK;
    for (int first = 0; first < states; first += BLOCK) {
      pixel = start;
      left = line - step % line;
      for (int i = 0; i < STEPS; i++) {
        float weight = 0;
        if (step + i < length) {
          weight = memory.get(source + pixel * weightRow + pathGroup * states + first);
        }
        weights[i * LANES + lane] = weight;
        pixel += move;
        left--;
        if (left == 0) {
          left = line;
          pixel += jump;
        }
      }
      context.localBarrier();
      for (int n = 0; n < BLOCK; n++) {
        int place = slot + (first + n) * rows;
        float a = memory.get(launch.get(A) + row * states + first + n);
        float h = 0;
        float s = 0;
        float da = 0;
        if (active && chunk > 0) {
          h = memory.get(launch.get(CARRIED) + place);
        }
        if (active && chunk < chunks - 1) {
          s = memory.get(launch.get(ADJOINT) + place);
        }
        for (int i = 0; i < STEPS; i++) {
          decay[i] = TornadoMath.exp(t[i] * a);
          p[i] = decay[i] * h;
          h = p[i] + x[i] * weights[i * LANES + n];
          products[(STEPS + i) * PITCH + lane] = q[i] * h;
        }
        for (int i = STEPS - 1; i >= 0; i--) {
          s += q[i] * weights[i * LANES + BLOCK + n];
          float ps = p[i] * s;
          da += t[i] * ps;
          aps[i] += a * ps;
          bs[i] += s * weights[i * LANES + n];
          products[i * PITCH + lane] = x[i] * s;
          s *= decay[i];
        }
        if (active) {
          memory.set(launch.get(CARRIED) + place, da);
        }
        context.localBarrier();
        float sum = 0;
        for (int j = 0; j < LANES; j++) {
          sum += products[lane * PITCH + j];
        }
        memory.set(
            launch.get(PARTIAL) + (context.groupIdx * states + first + n) * LANES + lane, sum);
        context.localBarrier();
      }
    }

    if (active) {
      float skip = memory.get(launch.get(D) + row);
      float dSkip = 0;
      float dBias = 0;
      pixel = start;
      left = line - step % line;
      for (int i = 0; i < STEPS; i++) {
        if (step + i < length) {
          float u = memory.get(launch.get(U) + pixel * channels + channel);
          float raw = memory.get(launch.get(DELTA) + pixel * rows + row) + bias;
          float dRaw = aps[i] + u * bs[i];
          if (softplus != 0) {
            dRaw *= PointwiseKernels.sigmoid(raw);
          }
          dSkip += q[i] * u;
          dBias += dRaw;
          memory.set(launch.get(DELTA_GRADIENT) + pixel * rows + row, dRaw);
          memory.set(
              launch.get(OUTPUT) + path * launch.get(PLANE) + pixel * channels + channel,
              t[i] * bs[i] + skip * q[i]);
        }
        pixel += move;
        left--;
        if (left == 0) {
          left = line;
          pixel += jump;
        }
      }
      memory.set(launch.get(CARRIED) + slot + states * rows, dSkip);
      memory.set(launch.get(ADJOINT) + slot + states * rows, dBias);
    }
  }

  /**
   * dB and dC from their sums over blocks of channels. One thread per value of a block in the order
   * of {@link #PARTIAL}: image, chunk, path, group, (block,) state, B before C, step. Launch: the
   * scan's; this writes B_GRADIENT and C_GRADIENT.
   */
  static void sumWeights(KernelContext context, FloatArray memory, IntArray launch) {
    int states = launch.get(STATES);
    int kept = launch.get(KEPT_STATES);
    int pathGroups = launch.get(ROWS) / launch.get(CHANNELS) * launch.get(GROUPS);
    int lane = context.globalIdx % LANES;
    int n = context.globalIdx / LANES % states;
    int rest = context.globalIdx / LANES / states;
    int pathGroup = rest % pathGroups;
    int chunk = rest / pathGroups % launch.get(CHUNKS);
    int image = rest / pathGroups / launch.get(CHUNKS);
    int step = chunk * STEPS + lane % STEPS;
    int length = launch.get(HEIGHT) * launch.get(WIDTH);
    if (image < launch.get(IMAGES) && n < kept && step < length) {
      int blocks = launch.get(BLOCKS);
      int from = launch.get(PARTIAL) + (rest * blocks * states + n) * LANES + lane;
      float sum = 0;
      for (int i = 0; i < blocks; i++) {
        sum += memory.get(from + i * states * LANES);
      }
      int order = launch.get(PATHS + pathGroup / launch.get(GROUPS));
      int pixel = image * length + pixel(launch, order, step);
      int to = lane < STEPS ? launch.get(B_GRADIENT) : launch.get(C_GRADIENT);
      memory.set(to + (pixel * pathGroups + pathGroup) * kept + n, sum);
    }
  }

  /**
   * The gradients of A, D and the bias from those of the chunks. A work-group has COLUMNS places of
   * one chunk's {@code [N + 2, rows]} values and SLICES of the chunks of all images; what the
   * slices come to is added by one thread per column. Launch: the scan's; this reads CARRIED and
   * ADJOINT, and writes A_GRADIENT, D_GRADIENT and BIAS_GRADIENT.
   */
  static void sumParameters(KernelContext context, FloatArray memory, IntArray launch) {
    float[] sums = context.allocateFloatLocalArray(COLUMNS * SLICES);
    int rows = launch.get(ROWS);
    int states = launch.get(STATES);
    int column = context.globalIdx;
    int n = column / rows;
    int row = column % rows;
    int slice = context.localIdy;
    int chunks = launch.get(IMAGES) * launch.get(CHUNKS);
    int chunk = (states + 1) * rows;
    int from = launch.get(CARRIED) + column;
    if (n > states) {
      from = launch.get(ADJOINT) + column - rows;
    }
    float sum = 0;
    if (n < states + 2) {
      for (int i = slice; i < chunks; i += SLICES) {
        sum += memory.get(from + i * chunk);
      }
    }
    sums[slice * COLUMNS + context.localIdx] = sum;
    context.localBarrier();
    if (slice == 0 && n < states + 2) {
      sum = 0;
      for (int i = 0; i < SLICES; i++) {
        sum += sums[i * COLUMNS + context.localIdx];
      }
      if (n < launch.get(KEPT_STATES)) {
        memory.set(launch.get(A_GRADIENT) + row * launch.get(KEPT_STATES) + n, sum);
      } else if (n == states) {
        memory.set(launch.get(D_GRADIENT) + row, sum);
      } else if (n > states) {
        memory.set(launch.get(BIAS_GRADIENT) + row, sum);
      }
    }
  }
}
