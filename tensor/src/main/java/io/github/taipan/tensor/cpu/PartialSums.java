package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Tensor;
import java.util.List;

/**
 * Sums whose parts are written by different tasks and then added in their order. The first part of
 * each is written into the total itself, the others into scratch.
 */
final class PartialSums {
  private static final int GRAIN = 1 << 14;

  private final List<Sum> sums;
  private final float[] rest;
  private final int[] starts;

  /** A total, how many values it has, and the number of its parts, at least one. */
  record Sum(float[] total, int size, int parts) {
    static Sum of(Tensor total, int parts) {
      return new Sum(values(total), total.shape().elements(), parts);
    }
  }

  PartialSums(Workers workers, Sum... sums) {
    this.sums = List.of(sums);
    this.starts = new int[sums.length];
    int size = 0;
    for (int i = 0; i < sums.length; i++) {
      starts[i] = size;
      size = Math.addExact(size, Math.multiplyExact(sums[i].parts - 1, sums[i].size));
    }
    this.rest = workers.scratch(Scratch.Use.PARTIAL, size);
  }

  /** Where a part of a sum is written, from {@link #offset} on. */
  float[] array(int sum, int part) {
    return part == 0 ? sums.get(sum).total : rest;
  }

  /** The position of a part's first value. */
  int offset(int sum, int part) {
    return part == 0 ? 0 : starts[sum] + (part - 1) * sums.get(sum).size;
  }

  /** Adds the parts up, when all are written. */
  void add(Workers workers) {
    for (int i = 0; i < sums.size(); i++) {
      Sum sum = sums.get(i);
      int start = starts[i];
      if (sum.parts > 1) {
        workers.forRanges(sum.size, GRAIN, (from, to) -> add(sum, start, from, to));
      }
    }
  }

  private void add(Sum sum, int start, int from, int to) {
    float[] total = sum.total;
    for (int part = 1; part < sum.parts; part++) {
      int offset = start + (part - 1) * sum.size;
      for (int i = from; i < to; i++) {
        total[i] += rest[offset + i];
      }
    }
  }
}
