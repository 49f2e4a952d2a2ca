package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/**
 * The inputs of a selective scan, and how it is cut into tasks: slices of the channels of one group
 * and image. A slice's paths are one task, which adds each path's result to those before; or a task
 * each, with results of their own that are added at the end, where there are few slices and the
 * results are small.
 *
 * @param sliceWidth channels of a slice, except maybe the last of a group
 * @param parts tasks that a slice's paths are divided into: one, or one for each path
 */
record ScanArguments(
    List<ScanPath> paths,
    boolean softplus,
    int batch,
    int height,
    int width,
    int channels,
    int groups,
    int states,
    int sliceWidth,
    int parts,
    float[] u,
    float[] delta,
    float[] a,
    float[] b,
    float[] c,
    float[] d,
    float[] bias) {
  /** Fewer tasks than this are divided, so that eight threads have work. */
  private static final int TASKS = 8;

  /** Channels of a slice: wide ones read memory and sum over channels at less cost. */
  private static final int WIDTH = 24;

  /** Values that the results of paths may take, all together. */
  private static final int RESULTS = 1 << 24;

  static ScanArguments of(Scan scan, List<Tensor> inputs, int lanes) {
    Shape map = inputs.getFirst().shape();
    int paths = scan.paths().size();
    int inGroup = map.size(3) / scan.groups();
    int slices = Math.max(1, Math.ceilDiv(inGroup, WIDTH));
    int grain = Math.max(8, lanes);
    int width = Math.max(1, Math.ceilDiv(Math.ceilDiv(inGroup, slices), grain)) * grain;
    boolean few = map.size(0) * scan.groups() * slices < TASKS;
    boolean small = (long) map.elements() * paths <= RESULTS;
    return new ScanArguments(
        scan.paths(),
        scan.softplus(),
        map.size(0),
        map.size(1),
        map.size(2),
        map.size(3),
        scan.groups(),
        inputs.get(2).shape().size(1),
        width,
        few && small ? paths : 1,
        values(inputs.get(0)),
        values(inputs.get(1)),
        values(inputs.get(2)),
        values(inputs.get(3)),
        values(inputs.get(4)),
        values(inputs.get(5)),
        values(inputs.get(6)));
  }

  /** Pixels of a map. */
  int length() {
    return height * width;
  }

  /** Channels of all paths: a row of delta. */
  int allChannels() {
    return paths.size() * channels;
  }

  /** Weights of all paths: a row of B or C. */
  int allWeights() {
    return paths.size() * groups * states;
  }

  /** The column of a slice's first weight of a path. */
  int weights(Slice slice, int path) {
    return (path * groups + slice.group()) * states;
  }

  /** Slices of a group. */
  int slices() {
    return Math.ceilDiv(channels / groups, sliceWidth);
  }

  /** Slices of all groups and images, times parts. */
  int tasks() {
    return batch * groups * slices() * parts;
  }

  /** The part that a path belongs to. */
  int part(int path) {
    return parts == 1 ? 0 : path;
  }

  /** What a task does. */
  Slice slice(int task) {
    int first = task % parts;
    int slice = task / parts % slices();
    int group = task / (parts * slices()) % groups;
    int image = task / (parts * slices() * groups);
    int inGroup = channels / groups;
    int from = slice * sliceWidth;
    return new Slice(
        image,
        group,
        slice,
        group * inGroup + from,
        Math.min(sliceWidth, inGroup - from),
        first,
        parts == 1 ? paths.size() : first + 1);
  }

  /** Some channels of one image, over some paths. {@code index} counts the slices of a group. */
  record Slice(
      int image, int group, int index, int channel, int width, int firstPath, int endPath) {}

  /** Gathers the channels of the tile's slice, out of a map with a row per pixel. */
  void gather(
      ScanLoops loops, ScanTile tile, float[] rows, int rowSize, int column, float[] values) {
    Slice slice = tile.slice();
    for (int j = 0; j < slice.width; j += tile.lanes) {
      int blockWidth = Math.min(tile.lanes, slice.width - j);
      int from = column + slice.channel + j;
      loops.gather(tile, rows, rowSize, from, blockWidth, values, j / tile.lanes);
    }
  }

  /** Scatters them, overwriting or adding. */
  void scatter(
      ScanLoops loops,
      ScanTile tile,
      float[] values,
      float[] rows,
      int rowSize,
      int column,
      boolean add) {
    Slice slice = tile.slice();
    for (int j = 0; j < slice.width; j += tile.lanes) {
      int blockWidth = Math.min(tile.lanes, slice.width - j);
      int to = column + slice.channel + j;
      loops.scatter(tile, values, j / tile.lanes, rows, rowSize, to, blockWidth, add);
    }
  }
}
