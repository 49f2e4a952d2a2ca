package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.PartialSums.Sum;
import io.github.taipan.tensor.cpu.ScanArguments.Slice;
import java.util.List;
import java.util.stream.IntStream;

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

  /** What all tasks of a launch do, so that the tasks themselves allocate nothing. */
  private final List<Slice> slices;

  private ScanKernels(ScanLoops loops, ScanArguments scan) {
    this.loops = loops;
    this.scan = scan;
    this.slices = IntStream.range(0, scan.tasks()).mapToObj(scan::slice).toList();
  }

  static void run(Context context, Scan scan, List<Tensor> inputs, List<Tensor> outputs) {
    ScanLoops loops = context.kernels().scan();
    ScanKernels kernels = new ScanKernels(loops, ScanArguments.of(scan, inputs, loops.lanes()));
    long operations = scan.flops(inputs.stream().map(Tensor::shape).toList());
    switch (scan) {
      case Scan.SelectiveScan _ -> kernels.forward(context.workers(), operations, outputs);
      case Scan.SelectiveScanGradient _ ->
          kernels.backward(context.workers(), operations, values(inputs.get(7)), outputs);
    }
  }

  private void forward(Workers workers, long operations, List<Tensor> outputs) {
    PartialSums y = new PartialSums(Sum.of(outputs.getFirst(), scan.parts()));
    Pass[] passes = {this::load, loops::prepare, loops::forward, tile -> store(tile, y)};
    workers.forEach(scan.tasks(), operations, task -> forward(slices.get(task), passes));
    y.add(workers);
  }

  private void forward(Slice slice, Pass[] passes) {
    ScanTile tile = ScanTile.of(loops.lanes(), scan.states());
    for (int path = slice.firstPath(); path < slice.endPath(); path++) {
      tile.begin(scan, slice, path);
      for (int index = 0; index < tiles(); index++) {
        tile.move(scan, index);
        run(passes, tile);
      }
    }
  }

  private void store(ScanTile tile, PartialSums y) {
    int part = scan.part(tile.path);
    scan.scatter(
        loops,
        tile,
        tile.y,
        y.array(0, part),
        scan.channels(),
        y.offset(0, part),
        tile.path > part);
  }

  private void backward(Workers workers, long operations, float[] dy, List<Tensor> outputs) {
    ScanGradients gradients = new ScanGradients(scan, loops, outputs);
    Pass[] advance = {this::load, loops::prepare, loops::forward};
    Pass[] passes = {
      this::load,
      loops::prepare,
      tile -> scan.gather(loops, tile, dy, scan.channels(), 0, tile.y),
      loops::backward,
      loops::finish,
      gradients::store
    };
    workers.forEach(
        scan.tasks(), operations, task -> backward(slices.get(task), advance, passes, gradients));
    gradients.finish(workers);
  }

  private void backward(Slice slice, Pass[] advance, Pass[] passes, ScanGradients gradients) {
    ScanTile tile = ScanTile.of(loops.lanes(), scan.states());
    for (int path = slice.firstPath(); path < slice.endPath(); path++) {
      tile.begin(scan, slice, path);
      for (int index = 0; index < tiles() - 1; index++) {
        tile.save(index);
        tile.move(scan, index);
        run(advance, tile);
      }
      for (int index = tiles() - 1; index >= 0; index--) {
        if (index < tiles() - 1) {
          tile.restore(index);
        }
        tile.move(scan, index);
        run(passes, tile);
      }
      gradients.add(tile);
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
  private void load(ScanTile tile) {
    int all = scan.allChannels();
    scan.gather(loops, tile, scan.u(), scan.channels(), 0, tile.u);
    scan.gather(loops, tile, scan.delta(), all, tile.path * scan.channels(), tile.raw);
    for (int n = 0; n < scan.states(); n += tile.lanes) {
      int column = scan.weights(tile.slice(), tile.path) + n;
      int width = Math.min(tile.lanes, scan.states() - n);
      int block = n / tile.lanes;
      loops.gather(tile, scan.b(), scan.allWeights(), column, width, tile.b, block);
      loops.gather(tile, scan.c(), scan.allWeights(), column, width, tile.c, block);
    }
  }
}
