package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.PartialSums.Sum;
import io.github.taipan.tensor.cpu.ScanArguments.Slice;
import java.util.List;

/**
 * The selective scan with lanes across channels. A task walks all paths of a slice of channels, a
 * tile of pixels at a time: gathers what the tile needs, runs down its pixels once per state with
 * the state in a register, and scatters the result. Paths are never permuted copies.
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
        PartialSums y = new PartialSums(new Sum(values(outputs.getFirst()), arguments.parts()));
        workers.forEach(arguments.tasks(), task -> kernels.forward(arguments.slice(task), y));
        y.add(workers);
      }
      case Scan.SelectiveScanGradient _ -> {
        float[] dy = values(inputs.get(7));
        ScanGradients gradients = new ScanGradients(arguments, loops, outputs);
        workers.forEach(
            arguments.tasks(), task -> kernels.backward(arguments.slice(task), dy, gradients));
        gradients.finish(workers);
      }
    }
  }

  private void forward(Slice slice, PartialSums y) {
    Pass[] passes = {
      tile -> load(tile, slice), loops::prepare, loops::forward, tile -> store(tile, slice, y)
    };
    ScanTile tile = ScanTile.of(loops.lanes(), scan.states());
    for (int path = slice.firstPath(); path < slice.endPath(); path++) {
      tile.begin(scan, slice, path);
      for (int index = 0; index < tiles(); index++) {
        tile.move(scan, slice, index);
        run(passes, tile);
      }
    }
  }

  private void store(ScanTile tile, Slice slice, PartialSums y) {
    int part = scan.part(tile.path);
    boolean add = tile.path > part;
    scan.scatter(
        loops, tile, tile.y, slice, y.array(0, part), scan.channels(), y.offset(0, part), add);
  }

  private void backward(Slice slice, float[] dy, ScanGradients gradients) {
    Pass[] advance = {tile -> load(tile, slice), loops::prepare, loops::forward};
    Pass[] passes = {
      tile -> load(tile, slice),
      loops::prepare,
      tile -> scan.gather(loops, tile, slice, dy, scan.channels(), 0, tile.y),
      loops::backward,
      loops::finish,
      tile -> gradients.store(tile, slice)
    };
    ScanTile tile = ScanTile.of(loops.lanes(), scan.states());
    for (int path = slice.firstPath(); path < slice.endPath(); path++) {
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
    int all = scan.allChannels();
    scan.gather(loops, tile, slice, scan.u(), scan.channels(), 0, tile.u);
    scan.gather(loops, tile, slice, scan.delta(), all, tile.path * scan.channels(), tile.raw);
    for (int n = 0; n < scan.states(); n += tile.lanes) {
      int column = scan.weights(slice, tile.path) + n;
      int width = Math.min(tile.lanes, scan.states() - n);
      int block = n / tile.lanes;
      loops.gather(tile, scan.b(), scan.allWeights(), column, width, tile.b, block);
      loops.gather(tile, scan.c(), scan.allWeights(), column, width, tile.c, block);
    }
  }
}
