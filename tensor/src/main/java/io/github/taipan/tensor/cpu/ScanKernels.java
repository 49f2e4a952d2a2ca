package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;

/**
 * The selective scan with lanes across channels. A walk goes through its steps a tile of pixels at
 * a time: gathers what the tile needs, runs down its pixels once per state with the state in a
 * register, and scatters the result. Paths are never permuted copies. {@link ScanSchedule} says
 * which walks there are.
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
  private final List<Walk[][]> phases;

  /** States, or their gradients, between a walk's phases. */
  private final float[] between;

  private final Workers workers;

  private ScanKernels(Workers workers, ScanLoops loops, ScanArguments scan, List<Walk[][]> phases) {
    this.workers = workers;
    this.loops = loops;
    this.scan = scan;
    this.phases = phases;
    int size = phases.size() > 1 ? slots() * stateSize() : 0;
    this.between = workers.scratch(Scratch.Use.STATES_BETWEEN, size);
  }

  static void run(Context context, Scan scan, List<Tensor> inputs, List<Tensor> outputs) {
    Workers workers = context.workers();
    ScanLoops loops = context.kernels().scan();
    ScanArguments arguments = ScanArguments.of(scan, inputs);
    long operations = scan.flops(inputs.stream().map(Tensor::shape).toList());
    switch (scan) {
      case Scan.SelectiveScan _, Scan.ProjectedScan _ ->
          new ScanKernels(workers, loops, arguments, ScanSchedule.of(arguments, false))
              .forward(operations, values(outputs.getFirst()));
      case Scan.SelectiveScanGradient _ ->
          new ScanKernels(workers, loops, arguments, ScanSchedule.of(arguments, true))
              .backward(operations, values(inputs.get(7)), outputs);
    }
  }

  private void forward(long operations, float[] y) {
    Pass[] passes = {
      this::load, this::loadSteps, loops::prepare, loops::forward, tile -> store(tile, y)
    };
    forEachTask(operations, walk -> forward(walk, passes));
  }

  private void forward(Walk walk, Pass[] passes) {
    ScanTile tile = begin(walk);
    if (walk.from() > 0) {
      System.arraycopy(between, slot(walk) * tile.h.length, tile.h, 0, tile.h.length);
    }
    for (int step = walk.from(); step < walk.end(); step += ScanTile.PIXELS) {
      tile.move(scan, step, walk.end());
      run(passes, tile);
    }
    if (walk.end() < scan.length()) {
      System.arraycopy(tile.h, 0, between, slot(walk) * tile.h.length, tile.h.length);
    }
  }

  private void store(ScanTile tile, float[] y) {
    Walk walk = tile.walk();
    tile.scatter(loops, tile.y, y, scan.channels(), walk.channel(), walk.add());
  }

  private void backward(long operations, float[] dy, List<Tensor> outputs) {
    ScanGradients gradients = new ScanGradients(workers, scan, loops, outputs);
    float[] saved = workers.scratch(Scratch.Use.STATES, Math.multiplyExact(slots(), savedSize()));
    Pass[] advance = {this::loadFed, this::loadSteps, loops::prepare, loops::advance};
    Pass[] passes = {
      this::load,
      this::loadSteps,
      loops::prepare,
      tile -> tile.gather(loops, dy, scan.channels(), tile.walk().channel(), tile.y),
      loops::backward,
      loops::finish,
      gradients::store
    };
    forEachTask(operations, walk -> backward(walk, saved, advance, passes, gradients));
    gradients.finish(workers);
  }

  /** The first walk along a path, which is one to its end, keeps the states for all. */
  private void backward(
      Walk walk, float[] saved, Pass[] advance, Pass[] passes, ScanGradients gradients) {
    ScanTile tile = begin(walk);
    int stateSize = tile.h.length;
    if (walk.end() == scan.length()) {
      advance(tile, 0, walk.from(), saved, advance);
      advance(tile, walk.from(), walk.end(), saved, advance);
    } else {
      System.arraycopy(between, slot(walk) * stateSize, tile.carry, 0, stateSize);
    }
    int tiles = Math.ceilDiv(walk.end() - walk.from(), ScanTile.PIXELS);
    for (int index = tiles - 1; index >= 0; index--) {
      int step = walk.from() + index * ScanTile.PIXELS;
      System.arraycopy(saved, savedAt(walk, walk.from(), step), tile.h, 0, stateSize);
      tile.move(scan, step, walk.end());
      run(passes, tile);
    }
    if (walk.from() > 0) {
      System.arraycopy(tile.carry, 0, between, slot(walk) * stateSize, stateSize);
    }
    gradients.add(tile);
  }

  /** Walks forward, keeping the states before each tile. */
  private void advance(ScanTile tile, int from, int end, float[] saved, Pass[] passes) {
    for (int step = from; step < end; step += ScanTile.PIXELS) {
      int to = savedAt(tile.walk(), from, step);
      System.arraycopy(tile.h, 0, saved, to, tile.h.length);
      if (Math.min(step + ScanTile.PIXELS, end) < scan.length()) {
        tile.move(scan, step, end);
        run(passes, tile);
      }
    }
  }

  private ScanTile begin(Walk walk) {
    ScanTile tile = ScanTile.of(loops.lanes(), scan.states());
    tile.begin(scan, walk);
    return tile;
  }

  private void forEachTask(long operations, Consumer<Walk> action) {
    for (Walk[][] tasks : phases) {
      workers.forEach(
          tasks.length,
          operations / phases.size(),
          task -> {
            for (Walk walk : tasks[task]) {
              action.accept(walk);
            }
          });
    }
  }

  private static void run(Pass[] passes, ScanTile tile) {
    for (Pass pass : passes) {
      pass.run(tile);
    }
  }

  private int stateSize() {
    return (scan.states() + scan.states() % 2) * ScanTile.CHANNELS;
  }

  /** Walks that keep something at the same time: with one phase, a task's are one at a time. */
  private int slots() {
    return scan.allSlices() * (phases.size() > 1 ? scan.paths().size() : 1);
  }

  private int slot(Walk walk) {
    int slice = scan.index(walk);
    return phases.size() > 1 ? slice * scan.paths().size() + walk.path() : slice;
  }

  /** Where the states before a tile are kept; {@code from} starts a half of the path, or all. */
  private int savedAt(Walk walk, int from, int step) {
    int tile = Math.ceilDiv(from, ScanTile.PIXELS) + (step - from) / ScanTile.PIXELS;
    return slot(walk) * savedSize() + tile * stateSize();
  }

  private int savedSize() {
    return (scan.length() / ScanTile.PIXELS + 2) * stateSize();
  }

  /** Brings u, B and C. */
  private void load(ScanTile tile) {
    loadFed(tile);
    loadWeights(tile, scan.c(), tile.c);
  }

  /** Brings what feeds the states: u and B. */
  private void loadFed(ScanTile tile) {
    Walk walk = tile.walk();
    tile.gather(loops, scan.u(), scan.channels(), walk.channel(), tile.u);
    loadWeights(tile, scan.b(), tile.b);
  }

  /** Brings delta, or makes it. */
  private void loadSteps(ScanTile tile) {
    Walk walk = tile.walk();
    int rank = scan.rank();
    if (rank > 0) {
      loops.project(tile, scan.steps(), scan.paths().size() * rank, walk.path() * rank, rank);
    } else {
      tile.gather(loops, scan.steps(), scan.allChannels(), scan.row(walk), tile.raw);
    }
  }

  private void loadWeights(ScanTile tile, float[] rows, float[] values) {
    for (int n = 0; n < scan.states(); n += tile.lanes) {
      int column = scan.weights(tile.walk()) + n;
      int width = Math.min(tile.lanes, scan.states() - n);
      loops.gather(tile, rows, scan.allWeights(), column, width, values, n / tile.lanes);
    }
  }
}
