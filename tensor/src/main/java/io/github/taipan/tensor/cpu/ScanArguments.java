package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/**
 * The inputs of a selective scan.
 *
 * @param sliceWidth channels that are walked together, except maybe the last of a group
 * @param rank of the maps that step sizes are made from; 0 where they are given
 * @param steps the step sizes, or those maps
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
    int rank,
    float[] u,
    float[] steps,
    float[] stepWeight,
    float[] a,
    float[] b,
    float[] c,
    float[] d,
    float[] bias) {
  /** Slices start at multiples of this, a cache line, where groups do. */
  private static final int GRAIN = 16;

  private static final float[] NONE = {};

  static ScanArguments of(Scan scan, List<Tensor> inputs) {
    Shape map = inputs.getFirst().shape();
    boolean projected = scan instanceof Scan.ProjectedScan;
    List<Tensor> parameters = inputs.subList(projected ? 3 : 2, inputs.size());
    int inGroup = map.size(3) / scan.groups();
    int slices = Math.max(1, Math.ceilDiv(inGroup, ScanTile.CHANNELS));
    return new ScanArguments(
        scan.paths(),
        scan.softplus(),
        map.size(0),
        map.size(1),
        map.size(2),
        map.size(3),
        scan.groups(),
        parameters.getFirst().shape().size(1),
        Math.max(1, Math.ceilDiv(Math.ceilDiv(inGroup, slices), GRAIN)) * GRAIN,
        projected ? inputs.get(2).shape().size(1) : 0,
        values(inputs.get(0)),
        values(inputs.get(1)),
        projected ? values(inputs.get(2)) : NONE,
        values(parameters.get(0)),
        values(parameters.get(1)),
        values(parameters.get(2)),
        values(parameters.get(3)),
        values(parameters.get(4)));
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

  /** The column of a walk's first weight. */
  int weights(Walk walk) {
    return (walk.path() * groups + walk.group()) * states;
  }

  /** The row of A, D and bias of a walk's first channel, and its column of delta. */
  int row(Walk walk) {
    return walk.path() * channels + walk.channel();
  }

  /** Slices of a group. */
  int slices() {
    return Math.ceilDiv(channels / groups, sliceWidth);
  }

  /** Slices of all groups and images. */
  int allSlices() {
    return batch * groups * slices();
  }

  /** Counts the slices of all groups and images. */
  int index(Walk walk) {
    return (walk.image() * groups + walk.group()) * slices() + walk.slice();
  }
}
