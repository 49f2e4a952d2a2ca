package io.github.taipan.gpu;

import static io.github.taipan.gpu.ScanKernels.BLOCK;

import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The launches of the selective scan and its gradient; {@link ScanKernels} explains the method. */
final class ScanLaunches {
  /** Threads that fill a large GPU. */
  private static final int MANY_THREADS = 1 << 16;

  /** A path so short that one thread walks it. */
  private static final int SHORT_PATH = 64;

  private static final int SHORTEST_CHUNK = 16;
  private static final int LONGEST_CHUNK = 256;

  private final LaunchList list;
  private final Scan scan;
  private final int images;
  private final int length;
  private final int channels;
  private final int rows;
  private final int states;
  private final int paddedStates;
  private final int chunks;
  private final int[] arguments = new int[Kernel.ARGUMENTS];

  private ScanLaunches(LaunchList list, Scan scan, List<Tensor> inputs, int chunk) {
    Shape u = inputs.getFirst().shape();
    this.list = list;
    this.scan = scan;
    this.images = u.size(0);
    this.length = u.elements(1, 3);
    this.channels = u.size(3);
    this.rows = scan.paths().size() * channels;
    this.states = inputs.get(2).shape().size(1);
    this.paddedStates = Math.max(1, Math.ceilDiv(states, BLOCK)) * BLOCK;
    this.chunks = Math.ceilDiv(length, chunk);
    if (ScanKernels.PATHS + scan.paths().size() > Kernel.ARGUMENTS) {
      throw new UnsupportedOperationException(
          "the gpu scans along at most %d paths at once, not %d"
              .formatted(Kernel.ARGUMENTS - ScanKernels.PATHS, scan.paths().size()));
    }
    arguments[ScanKernels.U] = list.at(inputs.get(0));
    arguments[ScanKernels.DELTA] = list.at(inputs.get(1));
    arguments[ScanKernels.A] = padded(inputs.get(2), rows);
    arguments[ScanKernels.B] =
        padded(inputs.get(3), images * length * scan.paths().size() * scan.groups());
    arguments[ScanKernels.C] =
        padded(inputs.get(4), images * length * scan.paths().size() * scan.groups());
    arguments[ScanKernels.D] = list.at(inputs.get(5));
    arguments[ScanKernels.BIAS] = list.at(inputs.get(6));
    arguments[ScanKernels.HEIGHT] = u.size(1);
    arguments[ScanKernels.WIDTH] = u.size(2);
    arguments[ScanKernels.CHANNELS] = channels;
    arguments[ScanKernels.ROWS] = rows;
    arguments[ScanKernels.GROUPS] = scan.groups();
    arguments[ScanKernels.STATES] = paddedStates;
    arguments[ScanKernels.SOFTPLUS] = scan.softplus() ? 1 : 0;
    arguments[ScanKernels.CHUNK] = chunk;
    arguments[ScanKernels.CHUNKS] = chunks;
    arguments[ScanKernels.IMAGES] = images;
    arguments[ScanKernels.PLANE] = u.elements();
    arguments[ScanKernels.WALKS] = Math.multiplyExact(images * chunks, rows);
    int at = ScanKernels.PATHS;
    for (ScanPath path : scan.paths()) {
      arguments[at++] = path.ordinal();
    }
  }

  static void add(LaunchList list, Scan scan, List<Tensor> inputs, List<Tensor> outputs) {
    switch (scan) {
      case Scan.SelectiveScan _ ->
          new ScanLaunches(list, scan, inputs, chunk(scan, inputs.getFirst().shape()))
              .addScan(list.at(outputs.getFirst()));
      case Scan.ProjectedScan projected -> addProjected(list, projected, inputs, outputs);
      case Scan.SelectiveScanGradient _ ->
          new ScanLaunches(list, scan, inputs, ScanGradientKernels.STEPS)
              .addGradient(inputs.get(7), outputs);
    }
  }

  /** Makes the step sizes in scratch memory, and scans. */
  private static void addProjected(
      LaunchList list, Scan.ProjectedScan scan, List<Tensor> inputs, List<Tensor> outputs) {
    List<Tensor> projected = inputs.subList(1, 3);
    Shape shape =
        scan.projection().outputs(projected.stream().map(Tensor::shape).toList()).getFirst();
    Tensor delta = list.scratch(shape);
    GpuDevice.add(list, scan.projection(), projected, List.of(delta));
    List<Tensor> scanned = new ArrayList<>(inputs.subList(1, 8));
    scanned.set(0, inputs.getFirst());
    scanned.set(1, delta);
    add(list, scan.scan(), scanned, outputs);
  }

  /**
   * The steps of a chunk of the forward scan: the power of two that makes just enough threads for a
   * large GPU, within limits. Short chunks cost memory traffic, N values each and row.
   */
  private static int chunk(Scan scan, Shape u) {
    int length = u.elements(1, 3);
    if (length <= SHORT_PATH) {
      return SHORT_PATH;
    }
    long steps = (long) u.elements() * scan.paths().size();
    int wanted = Math.clamp(steps / MANY_THREADS, SHORTEST_CHUNK, LONGEST_CHUNK);
    return Integer.highestOneBit(wanted);
  }

  private void addScan(int y) {
    int output = beginOutput(y);
    if (chunks > 1) {
      carry(1);
      addWalks(Kernel.SCAN_SUMMARIZE);
      list.add(Kernel.SCAN_COMBINE.over(arguments[ScanKernels.COMBINES], arguments.clone()));
    }
    addWalks(Kernel.SCAN_OUTPUT);
    addPaths(output, y);
  }

  private void addGradient(Tensor dy, List<Tensor> outputs) {
    int du = list.at(outputs.get(0));
    int output = beginOutput(du);
    int blocks = Math.ceilDiv(channels / scan.groups(), ScanGradientKernels.LANES);
    int units = images * chunks * scan.paths().size() * scan.groups();
    int values = paddedStates * ScanGradientKernels.LANES; // of a unit's dB and dC
    carry(2);
    arguments[ScanGradientKernels.OUTPUT_GRADIENT] = list.at(dy);
    arguments[ScanGradientKernels.DELTA_GRADIENT] = list.at(outputs.get(1));
    arguments[ScanGradientKernels.A_GRADIENT] = list.at(outputs.get(2));
    arguments[ScanGradientKernels.B_GRADIENT] = list.at(outputs.get(3));
    arguments[ScanGradientKernels.C_GRADIENT] = list.at(outputs.get(4));
    arguments[ScanGradientKernels.D_GRADIENT] = list.at(outputs.get(5));
    arguments[ScanGradientKernels.BIAS_GRADIENT] = list.at(outputs.get(6));
    arguments[ScanGradientKernels.KEPT_STATES] = states;
    arguments[ScanGradientKernels.BLOCKS] = blocks;
    arguments[ScanGradientKernels.PARTIAL] =
        list.scratch(Math.multiplyExact(units * blocks, values));
    if (chunks > 1) {
      addWalks(Kernel.SCAN_SUMMARIZE_BOTH);
      list.add(Kernel.SCAN_COMBINE.over(arguments[ScanKernels.COMBINES], arguments.clone()));
    }
    list.add(Kernel.SCAN_WALK_BACK.groups(units * blocks, 1, 1, arguments.clone()));
    list.add(Kernel.SCAN_SUM_WEIGHTS.over(units * values, arguments.clone()));
    int columns = (paddedStates + 2) * rows;
    list.add(
        Kernel.SCAN_SUM_PARAMETERS.groups(
            Math.ceilDiv(columns, ScanGradientKernels.COLUMNS), 1, 1, arguments.clone()));
    addPaths(output, du);
  }

  /** A walk along all chunks for each block of states. */
  private void addWalks(Kernel kernel) {
    for (int first = 0; first < paddedStates; first += BLOCK) {
      arguments[ScanKernels.FIRST] = first;
      list.add(kernel.over(arguments[ScanKernels.WALKS], arguments.clone()));
    }
  }

  /** Room for what the chunks hand on, in one or two directions. */
  private void carry(int directions) {
    int each = Math.multiplyExact(arguments[ScanKernels.WALKS], paddedStates + 1);
    arguments[ScanKernels.CARRIED] = list.scratch(each);
    if (directions == 2) {
      arguments[ScanGradientKernels.ADJOINT] = list.scratch(each);
    }
    arguments[ScanKernels.COMBINES] = directions * images * paddedStates * rows;
  }

  /** Where the paths' outputs are to be: in scratch memory, or in y itself if there is one path. */
  private int beginOutput(int y) {
    int paths = scan.paths().size();
    int output = paths == 1 ? y : list.scratch(Math.multiplyExact(paths, plane()));
    arguments[ScanKernels.OUTPUT] = output;
    return output;
  }

  /** Adds the paths' outputs in the order of the paths. */
  private void addPaths(int output, int y) {
    if (scan.paths().size() > 1) {
      ReductionLaunches.sumRows(list, output, y, scan.paths().size(), plane());
    }
  }

  private int plane() {
    return arguments[ScanKernels.PLANE];
  }

  /** Where a tensor lies whose last axis has zeros up to a multiple of the block of states. */
  private int padded(Tensor weights, int units) {
    if (states == paddedStates) {
      return list.at(weights);
    }
    Shape flat = Shape.of(units, states);
    Tensor padded = list.scratch(Shape.of(units, paddedStates));
    GpuDevice.add(
        list,
        new Layout.Pad(1, 0, paddedStates - states, Layout.Border.ZERO),
        List.of(new Tensor(weights.device(), flat, weights.storage())),
        List.of(padded));
    return list.at(padded);
  }
}
