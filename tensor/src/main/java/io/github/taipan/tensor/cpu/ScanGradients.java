package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.PartialSums.Sum;
import java.util.Arrays;
import java.util.List;

/**
 * Where the tasks of a selective scan's gradient write. Several tasks contribute to most gradients:
 * those of A, D and bias by image, of B and C by slice.
 */
final class ScanGradients {
  private static final int A = 0;
  private static final int B = 1;
  private static final int C = 2;
  private static final int D = 3;
  private static final int BIAS = 4;

  private final ScanArguments scan;
  private final ScanLoops loops;
  private final List<Tensor> outputs;
  private final PartialSums sums;

  ScanGradients(Workers workers, ScanArguments scan, ScanLoops loops, List<Tensor> outputs) {
    this.scan = scan;
    this.loops = loops;
    this.outputs = outputs;
    int images = Math.max(1, scan.batch());
    int slices = Math.max(1, scan.slices());
    this.sums =
        new PartialSums(
            workers,
            Sum.of(outputs.get(2), images),
            Sum.of(outputs.get(3), slices),
            Sum.of(outputs.get(4), slices),
            Sum.of(outputs.get(5), images),
            Sum.of(outputs.get(6), images));
  }

  /** Writes a tile's gradients of u, delta, B and C. */
  void store(ScanTile tile) {
    Walk walk = tile.walk();
    float[] du = values(outputs.get(0));
    float[] dDelta = values(outputs.get(1));
    tile.scatter(loops, tile.input, du, scan.channels(), walk.channel(), walk.add());
    tile.scatter(loops, tile.step, dDelta, scan.allChannels(), scan.row(walk), false);
    for (int n = 0; n < scan.states(); n += tile.lanes) {
      int column = scan.weights(walk) + n;
      int width = Math.min(tile.lanes, scan.states() - n);
      storeWeights(tile, B, tile.bGradient, n / tile.lanes, column, width);
      storeWeights(tile, C, tile.cGradient, n / tile.lanes, column, width);
    }
  }

  private void storeWeights(
      ScanTile tile, int sum, float[] values, int block, int column, int width) {
    int slice = tile.walk().slice();
    float[] rows = sums.array(sum, slice);
    int to = sums.offset(sum, slice) + column;
    loops.scatter(tile, values, block, rows, scan.allWeights(), to, width, false);
  }

  /** Takes a walk's sums; a path's first walk is the one to its end. */
  void add(ScanTile tile) {
    Walk walk = tile.walk();
    boolean first = walk.end() == scan.length();
    int row = scan.row(walk);
    for (int j = 0; j < walk.width(); j++) {
      add(D, walk.image(), row + j, tile.dGradient[j], first);
      add(BIAS, walk.image(), row + j, tile.biasGradient[j], first);
      for (int n = 0; n < scan.states(); n++) {
        int at = (row + j) * scan.states() + n;
        add(A, walk.image(), at, tile.aGradient[n * ScanTile.CHANNELS + j], first);
      }
    }
  }

  private void add(int sum, int part, int at, float value, boolean first) {
    float[] values = sums.array(sum, part);
    int to = sums.offset(sum, part) + at;
    values[to] = first ? value : values[to] + value;
  }

  /** Adds the parts when all tasks are done. */
  void finish(Workers workers) {
    if (scan.allSlices() == 0) {
      workers.forEach(1, _ -> clear());
    } else {
      sums.add(workers);
    }
  }

  private void clear() {
    for (Tensor output : outputs.subList(2, 7)) {
      Arrays.fill(values(output), 0, output.shape().elements(), 0);
    }
  }
}
