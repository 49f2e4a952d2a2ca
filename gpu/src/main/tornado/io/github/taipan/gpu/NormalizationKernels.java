package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Device code of layer norm. A row of {@value #LANES} threads has a row of channels: each thread
 * adds up every {@value #LANES}th, and the row adds up the threads' sums in a tree. Where values
 * hardly differ, a mean in float32 is not near enough: the mean of what is left after taking it
 * away, its rest, is taken away as well.
 */
final class NormalizationKernels {
  /** Threads along a row. */
  static final int LANES = 32;

  /** Rows of a work-group. */
  static final int ROWS = 4;

  private NormalizationKernels() {}

  /**
   * The norm. Launch: x, weight, bias or -1, y, rows, channels, ε. Without a bias the mean is not
   * subtracted.
   */
  static void normRows(KernelContext context, FloatArray memory, IntArray launch) {
    float[] firsts = context.allocateFloatLocalArray(LANES * ROWS);
    float[] seconds = context.allocateFloatLocalArray(LANES * ROWS);
    int lane = context.localIdx;
    int line = context.localIdy * LANES;
    int channels = launch.get(5);
    int row = context.globalIdy;
    // All threads of a group meet at the barriers: those beyond the end do the last row again.
    int at = TornadoMath.min(row, launch.get(4) - 1) * channels;
    int x = launch.get(0) + at;
    int y = launch.get(3) + at;
    int bias = launch.get(2);
    float mean = 0;
    float rest = 0;
    float variance = 0;
    for (int round = 0; round < 2; round++) { // the mean, and then its rest and the variance
      float first = 0;
      float second = 0;
      for (int c = lane; c < channels; c += LANES) {
        float d = memory.get(x + c) - mean;
        first += d;
        second += d * d;
      }
      context.localBarrier(); // the last sums have been read
      firsts[line + lane] = first;
      seconds[line + lane] = second;
      for (int half = LANES / 2; half > 0; half /= 2) {
        context.localBarrier();
        if (lane < half) {
          firsts[line + lane] = firsts[line + lane] + firsts[line + lane + half];
          seconds[line + lane] = seconds[line + lane] + seconds[line + lane + half];
        }
      }
      context.localBarrier();
      rest = firsts[line] / channels;
      variance = seconds[line] / channels - rest * rest;
      if (round == 0) {
        mean = rest;
      }
    }
    float scale = 1 / TornadoMath.sqrt(variance + memory.get(launch.get(6)));
    if (row < launch.get(4)) {
      for (int c = lane; c < channels; c += LANES) {
        float weight = scale * memory.get(launch.get(1) + c);
        if (bias >= 0) {
          memory.set(y + c, (memory.get(x + c) - mean - rest) * weight + memory.get(bias + c));
        } else {
          memory.set(y + c, memory.get(x + c) * weight);
        }
      }
    }
  }

  /**
   * The gradient of x, and each row's mean, its rest and scale 1 / √(v + ε). With g = dy · weight,
   * n the normalised values and E the mean over the channels:
   *
   * <pre>
   * with a bias     n = (x − μ) · scale    dx = scale · (g − E[g] − n · E[g · n])
   * without         n = x · scale          dx = scale · (g − (x − μ) · scale · E[g · n])
   * </pre>
   *
   * <p>Launch: x, weight, dy, dx, statistics {@code [rows, 3]}, rows, channels, ε, whether there is
   * a bias.
   */
  static void normGradients(KernelContext context, FloatArray memory, IntArray launch) {
    float[] firsts = context.allocateFloatLocalArray(LANES * ROWS);
    float[] seconds = context.allocateFloatLocalArray(LANES * ROWS);
    int lane = context.localIdx;
    int line = context.localIdy * LANES;
    int channels = launch.get(6);
    int row = context.globalIdy;
    int at = TornadoMath.min(row, launch.get(5) - 1) * channels;
    int x = launch.get(0) + at;
    int weight = launch.get(1);
    int dy = launch.get(2) + at;
    int biased = launch.get(8);
    float epsilon = memory.get(launch.get(7));
    float mean = 0;
    float rest = 0;
    float scale = 0;
    float gradient = 0;
    float product = 0;
    for (int round = 0; round < 3; round++) { // as in normRows, and then E[g] and E[g · n]
      float first = 0;
      float second = 0;
      for (int c = lane; c < channels; c += LANES) {
        float d = memory.get(x + c);
        if (round < 2) {
          d -= mean;
          first += d;
          second += d * d;
        } else {
          float g = memory.get(dy + c) * memory.get(weight + c);
          if (biased != 0) {
            d = d - mean - rest;
          }
          first += g;
          second += g * d * scale;
        }
      }
      context.localBarrier(); // the last sums have been read
      firsts[line + lane] = first;
      seconds[line + lane] = second;
      for (int half = LANES / 2; half > 0; half /= 2) {
        context.localBarrier();
        if (lane < half) {
          firsts[line + lane] = firsts[line + lane] + firsts[line + lane + half];
          seconds[line + lane] = seconds[line + lane] + seconds[line + lane + half];
        }
      }
      context.localBarrier();
      float meanOfFirsts = firsts[line] / channels;
      float meanOfSeconds = seconds[line] / channels;
      if (round == 0) {
        mean = meanOfFirsts;
      } else if (round == 1) {
        rest = meanOfFirsts;
        scale = 1 / TornadoMath.sqrt(meanOfSeconds - rest * rest + epsilon);
      } else {
        gradient = biased != 0 ? meanOfFirsts : 0;
        product = meanOfSeconds;
      }
    }
    if (row < launch.get(5)) {
      for (int c = lane; c < channels; c += LANES) {
        float g = memory.get(dy + c) * memory.get(weight + c);
        float normalized = (memory.get(x + c) - mean - rest) * scale;
        memory.set(launch.get(3) + at + c, scale * (g - gradient - normalized * product));
      }
      if (lane == 0) {
        memory.set(launch.get(4) + 3 * row, biased != 0 ? mean : 0);
        memory.set(launch.get(4) + 3 * row + 1, biased != 0 ? rest : 0);
        memory.set(launch.get(4) + 3 * row + 2, scale);
      }
    }
  }

  /**
   * {@link #normGradients} for rows of few channels, one thread per row, in double precision: their
   * gradients nearly cancel. Launch: the same.
   */
  static void normShortGradients(KernelContext context, FloatArray memory, IntArray launch) {
    int row = context.globalIdx;
    if (row < launch.get(5)) {
      int channels = launch.get(6);
      int x = launch.get(0) + row * channels;
      int weight = launch.get(1);
      int dy = launch.get(2) + row * channels;
      int biased = launch.get(8);
      double mean = 0;
      for (int c = 0; c < channels; c++) {
        mean += memory.get(x + c);
      }
      mean = mean / channels;
      double variance = memory.get(launch.get(7));
      for (int c = 0; c < channels; c++) {
        double d = memory.get(x + c) - mean;
        variance += d * d / channels;
      }
      double scale = 1 / TornadoMath.sqrt(variance);
      double shift = biased != 0 ? mean : 0;
      double gradient = 0;
      double product = 0;
      for (int c = 0; c < channels; c++) {
        double g = (double) memory.get(dy + c) * memory.get(weight + c);
        gradient += g / channels;
        product += g * (memory.get(x + c) - shift) * scale / channels;
      }
      if (biased == 0) {
        gradient = 0;
      }
      for (int c = 0; c < channels; c++) {
        double g = (double) memory.get(dy + c) * memory.get(weight + c);
        double normalized = (memory.get(x + c) - mean) * scale;
        double dx = scale * (g - gradient - normalized * product);
        memory.set(launch.get(3) + row * channels + c, (float) dx);
      }
      memory.set(launch.get(4) + 3 * row, (float) shift);
      memory.set(launch.get(4) + 3 * row + 1, (float) (shift - (float) shift));
      memory.set(launch.get(4) + 3 * row + 2, (float) scale);
    }
  }

  /**
   * Sums over slices of the rows: of dy · n and of dy. Launch: x, dy, statistics, sums of dy · n
   * and of dy {@code [slices, channels]} each, rows, channels, slices.
   */
  static void normParameterGradients(KernelContext context, FloatArray memory, IntArray launch) {
    int thread = context.globalIdx;
    int rows = launch.get(5);
    int channels = launch.get(6);
    int slices = launch.get(7);
    if (thread < channels * slices) {
      int c = thread % channels;
      float products = 0;
      float sum = 0;
      for (int row = thread / channels; row < rows; row += slices) {
        float dy = memory.get(launch.get(1) + row * channels + c);
        float shift = memory.get(launch.get(2) + 3 * row);
        float more = memory.get(launch.get(2) + 3 * row + 1);
        float scale = memory.get(launch.get(2) + 3 * row + 2);
        products += dy * (memory.get(launch.get(0) + row * channels + c) - shift - more) * scale;
        sum += dy;
      }
      memory.set(launch.get(3) + thread, products);
      memory.set(launch.get(4) + thread, sum);
    }
  }
}
