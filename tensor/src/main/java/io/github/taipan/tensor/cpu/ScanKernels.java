package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.ScanArguments.Slice;
import java.util.List;

/**
 * The selective scan with lanes across channels. A task walks all paths of a slice of channels, a
 * tile of pixels at a time: gathers what the tile needs, runs down its pixels once per state with the
 * state in a register, and scatters the result. Paths are never permuted copies.
 *
 * <p>The gradient keeps the states before each tile on a walk forward, then goes through the tiles
 * from the last, recomputing states and decays.
 */
final class ScanKernels {
  /**
   * A step of the work on a tile. All are called from one place, which the JIT compiler therefore
   * inlines none of them into: together they exceed what it can compile well.
   */
  private interface Pass {
    void run(ScanTile tile);
  }

  private final ScanLoops loops;
  private final ScanArguments scan;

  private ScanKernels(ScanLoops loops, ScanArguments scan) {
    this.loops = loops;
    this.scan = scan;
  }

  static void run(Context context, Scan scan, List<Tensor> inputs, List<Tensor> outputs) {
    ScanLoops loops = context.kernels().scan();
    ScanArguments arguments = ScanArguments.of(scan, inputs, loops.lanes());
    ScanKernels kernels = new ScanKernels(loops, arguments);
    Workers workers = context.workers();
    switch (scan) {
      case Scan.SelectiveScan _ -> {
        float[] y = values(outputs.getFirst());
        workers.forEach(arguments.tasks(), task -> kernels.forward(arguments.slice(task), y));
      }
      case Scan.SelectiveScanGradient _ -> {
        float[] dy = values(inputs.get(7));
        ScanGradients gradients = new ScanGradients(arguments, outputs);
        workers.forEach(
            arguments.tasks(), task -> kernels.backward(arguments.slice(task), dy, gradients));
        gradients.sum(workers);
      }
    }
  }

  private void forward(Slice slice, float[] y) {
    Pass[] passes = {
      tile -> load(tile, slice),
      loops::prepare,
      loops::forward,
      tile -> scatter(tile, tile.y, slice, y, scan.channels(), 0, tile.path > 0)
    };
    ScanTile tile = ScanTile.of(loops.lanes(), scan.states());
    for (int path = 0; path < scan.paths().size(); path++) {
      tile.begin(scan, slice, path);
      for (int index = 0; index < tiles(); index++) {
        tile.move(scan, slice, index);
        run(passes, tile);
      }
    }
  }

  private void backward(Slice slice, float[] dy, ScanGradients gradients) {
    Pass[] advance = {tile -> load(tile, slice), loops::prepare, loops::forward};
    Pass[] passes = {
      tile -> load(tile, slice),
      loops::prepare,
      tile -> gather(tile, slice, dy, scan.channels(), 0, tile.y),
      loops::backward,
      loops::finish,
      tile -> store(tile, slice, gradients)
    };
    ScanTile tile = ScanTile.of(loops.lanes(), scan.states());
    for (int path = 0; path < scan.paths().size(); path++) {
      tile.begin(scan, slice, path);
      for (int index = 0; index < tiles() - 1; index++) {
        tile.save(index);
        tile.move(scan, slice, index);
        run(advance, tile);
      }
      for (int index = tiles() - 1; index >= 0; index--) {
        if (index < tiles() - 1) {
          tile.restore(index);
        }
        tile.move(scan, slice, index);
        run(passes, tile);
      }
      gradients.add(tile, slice);
    }
  }

  private static void run(Pass[] passes, ScanTile tile) {
    for (Pass pass : passes) {
      pass.run(tile);
    }
  }

  /** The tiles of a path. */
  private int tiles() {
    return Math.ceilDiv(scan.length(), ScanTile.PIXELS);
  }

  /** Brings u, delta, B and C. */
  private void load(ScanTile tile, Slice slice) {
    gather(tile, slice, scan.u(), scan.channels(), 0, tile.u);
    gather(tile, slice, scan.delta(), scan.allChannels(), tile.path * scan.channels(), tile.raw);
    for (int n = 0; n < scan.states(); n += tile.lanes) {
      int column = scan.weights(slice, tile.path) + n;
      int width = Math.min(tile.lanes, scan.states() - n);
      int block = n / tile.lanes;
      loops.gather(tile, scan.b(), scan.allWeights(), column, width, tile.b, block);
      loops.gather(tile, scan.c(), scan.allWeights(), column, width, tile.c, block);
    }
  }

  /** Writes the gradients of u, delta, B and C. */
  private void store(ScanTile tile, Slice slice, ScanGradients to) {
    int path = tile.path;
    scatter(tile, tile.input, slice, to.u(), scan.channels(), 0, path > 0);
    scatter(
        tile, tile.step, slice, to.delta(), scan.allChannels(), path * scan.channels(), false);
    for (int n = 0; n < scan.states(); n += tile.lanes) {
      int column = scan.weights(slice, path) + n;
      int width = Math.min(tile.lanes, scan.states() - n);
      int block = n / tile.lanes;
      int rowSize = scan.allWeights();
      loops.scatter(tile, tile.bGradient, block, to.b(slice), rowSize, column, width, false);
      loops.scatter(tile, tile.cGradient, block, to.c(slice), rowSize, column, width, false);
    }
  }

  private void gather(
      ScanTile tile, Slice slice, float[] rows, int rowSize, int column, float[] values) {
    for (int j = 0; j < slice.width(); j += tile.lanes) {
      int width = Math.min(tile.lanes, slice.width() - j);
      int from = column + slice.channel() + j;
      loops.gather(tile, rows, rowSize, from, width, values, j / tile.lanes);
    }
  }

  private void scatter(
      ScanTile tile,
      float[] values,
      Slice slice,
      float[] rows,
      int rowSize,
      int column,
      boolean add) {
    for (int j = 0; j < slice.width(); j += tile.lanes) {
      int width = Math.min(tile.lanes, slice.width() - j);
      int to = column + slice.channel() + j;
      loops.scatter(tile, values, j / tile.lanes, rows, rowSize, to, width, add);
    }
  }
}
