package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.ScanArguments.Slice;
import java.util.Arrays;
import java.util.List;

/**
 * Where the tasks of a selective scan's gradient write. What several tasks contribute to goes to
 * partial sums first, by image for A, D and bias and by slice for B and C, which are then added in
 * their order.
 */
final class ScanGradients {
  private static final int GRAIN = 1 << 14;

  private final ScanArguments scan;
  private final List<Tensor> outputs;
  private final float[][] a;
  private final float[][] b;
  private final float[][] c;
  private final float[][] d;
  private final float[][] bias;

  ScanGradients(ScanArguments scan, List<Tensor> outputs) {
    this.scan = scan;
    this.outputs = outputs;
    this.a = partials(2, scan.batch());
    this.b = partials(3, scan.slices());
    this.c = partials(4, scan.slices());
    this.d = partials(5, scan.batch());
    this.bias = partials(6, scan.batch());
  }

  /** Arrays like an output; the first is the output itself. */
  private float[][] partials(int output, int count) {
    float[][] partials = new float[count][];
    for (int i = 0; i < count; i++) {
      partials[i] = i == 0 ? values(outputs.get(output)) : new float[partials[0].length];
    }
    return partials;
  }

  float[] u() {
    return values(outputs.get(0));
  }

  float[] delta() {
    return values(outputs.get(1));
  }

  float[] b(Slice slice) {
    return b[slice.index()];
  }

  float[] c(Slice slice) {
    return c[slice.index()];
  }

  /** Takes a tile's sums over a path of an image. */
  void add(ScanTile tile, Slice slice) {
    int row = tile.path * scan.channels() + slice.channel();
    for (int j = 0; j < slice.width(); j++) {
      d[slice.image()][row + j] = tile.dGradient[j];
      bias[slice.image()][row + j] = tile.biasGradient[j];
      for (int n = 0; n < scan.states(); n++) {
        a[slice.image()][(row + j) * scan.states() + n] =
            tile.aGradient[n * ScanTile.CHANNELS + j];
      }
    }
  }

  /** Adds the partial sums. */
  void sum(Workers workers) {
    if (scan.tasks() == 0) {
      for (Tensor output : outputs.subList(2, 7)) {
        Arrays.fill(values(output), 0);
      }
    }
    for (float[][] partials : List.of(a, b, c, d, bias)) {
      if (partials.length > 1) {
        workers.forRanges(partials[0].length, GRAIN, (from, to) -> sum(partials, from, to));
      }
    }
  }

  private static void sum(float[][] partials, int from, int to) {
    float[] total = partials[0];
    for (int k = 1; k < partials.length; k++) {
      float[] partial = partials[k];
      for (int i = from; i < to; i++) {
        total[i] += partial[i];
      }
    }
  }
}
