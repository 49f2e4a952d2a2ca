package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/**
 * The inputs of a selective scan, and how its channels are cut into slices, one task each per image:
 * within one group, and narrow enough for eight threads where there are channels enough.
 *
 * @param sliceWidth channels of a slice, except maybe the last of a group
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
    float[] u,
    float[] delta,
    float[] a,
    float[] b,
    float[] c,
    float[] d,
    float[] bias) {
  private static final int TASKS = 8;

  static ScanArguments of(Scan scan, List<Tensor> inputs, int lanes) {
    Shape map = inputs.getFirst().shape();
    int inGroup = map.size(3) / scan.groups();
    int slices = Math.ceilDiv(TASKS, Math.max(1, map.size(0) * scan.groups()));
    int grain = Math.max(8, lanes);
    int wanted = Math.ceilDiv(Math.ceilDiv(inGroup, slices), grain) * grain;
    return new ScanArguments(
        scan.paths(),
        scan.softplus(),
        map.size(0),
        map.size(1),
        map.size(2),
        map.size(3),
        scan.groups(),
        inputs.get(2).shape().size(1),
        Math.clamp(wanted, grain, ScanTile.CHANNELS),
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

  /** Slices of all groups and images. */
  int tasks() {
    return batch * groups * slices();
  }

  /** The slice that a task does. */
  Slice slice(int task) {
    int slice = task % slices();
    int group = task / slices() % groups;
    int image = task / (slices() * groups);
    int inGroup = channels / groups;
    int from = slice * sliceWidth;
    return new Slice(
        image, group, slice, group * inGroup + from, Math.min(sliceWidth, inGroup - from));
  }

  /** Some channels of one image. {@code index} counts the slices of a group. */
  record Slice(int image, int group, int index, int channel, int width) {}
}
