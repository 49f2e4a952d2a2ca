package io.github.taipan.gpu;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel launches that primitives come to, in order, and the memory that they need besides
 * their tensors. Scratch memory serves one primitive after the other.
 */
final class LaunchList {
  private final Device device;
  private final Tables tables;
  private final int scratch;
  private final List<KernelLaunch> launches = new ArrayList<>();
  private int taken;
  private int mostTaken;

  /**
   * An empty list.
   *
   * @param scratch where scratch memory starts
   */
  LaunchList(Device device, Tables tables, int scratch) {
    this.device = device;
    this.tables = tables;
    this.scratch = scratch;
  }

  /** Appends a launch, unless it has nothing to do. */
  void add(KernelLaunch launch) {
    if (launch.groupsX() > 0 && launch.groupsY() > 0 && launch.groupsZ() > 0) {
      launches.add(launch);
    }
  }

  /** Where a tensor lies. */
  int at(Tensor tensor) {
    return ((Block) tensor.storage()).offset();
  }

  /** Where a number lies that does not change. */
  int number(double value) {
    return tables.number((float) value);
  }

  /** Where a table of numbers lies that does not change. */
  int table(double[] values) {
    return tables.table(values);
  }

  /** Room for so many values, until the next primitive. */
  int scratch(int values) {
    int at = scratch + taken;
    taken = Math.addExact(taken, DeviceMemory.rounded(values));
    mostTaken = Math.max(mostTaken, taken);
    return at;
  }

  /** A tensor in scratch memory, until the next primitive. */
  Tensor scratch(Shape shape) {
    return new Tensor(device, shape, new Block(scratch(shape.elements()), shape.elements()));
  }

  /** Begins another primitive, which may use all scratch memory again. */
  void next() {
    taken = 0;
  }

  /** How much scratch memory the hungriest primitive takes, in values. */
  int scratchValues() {
    return mostTaken;
  }

  /** How many launches there are. */
  int size() {
    return launches.size();
  }

  List<KernelLaunch> launches() {
    return List.copyOf(launches);
  }
}
