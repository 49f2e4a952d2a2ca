package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.PartialSums.Sum;
import io.github.taipan.tensor.cpu.ScanArguments.Slice;
import java.util.Arrays;
import java.util.List;

/**
 * Where the tasks of a selective scan's gradient write. Several tasks contribute to most gradients:
 * those of u in parts by path, of A, D and bias by image, of B and C by slice.
 */
final class ScanGradients {
  private static final int U = 0;
  private static final int A = 1;
  private static final int B = 2;
  private static final int C = 3;
  private static final int D = 4;
  private static final int BIAS = 5;

  private final ScanArguments scan;
  private final ScanLoops loops;
  private final List<Tensor> outputs;
  private final PartialSums sums;

  ScanGradients(ScanArguments scan, ScanLoops loops, List<Tensor> outputs) {
    this.scan = scan;
    this.loops = loops;
    this.outputs = outputs;
    int images = Math.max(1, scan.batch());
    int slices = Math.max(1, scan.slices());
    this.sums =
        new PartialSums(
            Sum.of(outputs.get(0), scan.parts()),
            Sum.of(outputs.get(2), images),
            Sum.of(outputs.get(3), slices),
            Sum.of(outputs.get(4), slices),
            Sum.of(outputs.get(5), images),
            Sum.of(outputs.get(6), images));
  }

  /** Writes a tile's gradients of u, delta, B and C. */
  void store(ScanTile tile) {
    Slice slice = tile.slice();
    int path = tile.path;
    int part = scan.part(path);
    scan.scatter(
        loops,
        tile,
        tile.input,
        sums.array(U, part),
        scan.channels(),
        sums.offset(U, part),
        path > part);
    scan.scatter(
        loops,
        tile,
        tile.step,
        values(outputs.get(1)),
        scan.allChannels(),
        path * scan.channels(),
        false);
    for (int n = 0; n < scan.states(); n += tile.lanes) {
      int column = scan.weights(slice, path) + n;
      int width = Math.min(tile.lanes, scan.states() - n);
      storeWeights(tile, slice, B, tile.bGradient, n / tile.lanes, column, width);
      storeWeights(tile, slice, C, tile.cGradient, n / tile.lanes, column, width);
    }
  }

  private void storeWeights(
      ScanTile tile, Slice slice, int sum, float[] values, int block, int column, int width) {
    float[] rows = sums.array(sum, slice.index());
    int to = sums.offset(sum, slice.index()) + column;
    loops.scatter(tile, values, block, rows, scan.allWeights(), to, width, false);
  }

  /** Takes a tile's sums over a path of an image. */
  void add(ScanTile tile) {
    Slice slice = tile.slice();
    int row = tile.path * scan.channels() + slice.channel();
    int image = slice.image();
    for (int j = 0; j < slice.width(); j++) {
      sums.array(D, image)[sums.offset(D, image) + row + j] = tile.dGradient[j];
      sums.array(BIAS, image)[sums.offset(BIAS, image) + row + j] = tile.biasGradient[j];
      int to = sums.offset(A, image) + (row + j) * scan.states();
      for (int n = 0; n < scan.states(); n++) {
        sums.array(A, image)[to + n] = tile.aGradient[n * ScanTile.CHANNELS + j];
      }
    }
  }

  /** Adds the parts when all tasks are done. */
  void finish(Workers workers) {
    if (scan.tasks() == 0) {
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
