package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.program.Lifetimes.Lifetime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which tensors of a program share storage: the largest first, each goes where it wastes least
 * among the buffers whose other tensors do not live at the same time ("greedy by size", Pisarchyk
 * and Lee 2020, arXiv 2001.03288). The result of an element-wise launch may take the place of an
 * operand that nobody reads afterwards.
 *
 * @param buffers the storages
 */
record BufferPlan(Lifetimes lifetimes, List<Buffer> buffers) {
  /** One storage and the tensors that it holds, one after the other. */
  record Buffer(int elements, List<Lifetime> tenants) {}

  /** A plan in which tensors share storage, where the device can do that. */
  static BufferPlan of(Program program) {
    Lifetimes lifetimes = Lifetimes.of(program);
    List<Buffer> buffers =
        program.device().sharesStorage()
            ? shared(lifetimes)
            : lifetimes.all().stream().map(BufferPlan::buffer).toList();
    return new BufferPlan(lifetimes, buffers);
  }

  private static List<Buffer> shared(Lifetimes lifetimes) {
    List<Lifetime> largestFirst = new ArrayList<>(lifetimes.all());
    largestFirst.sort(Comparator.comparing(Lifetime::bytes).reversed());
    List<Buffer> buffers = new ArrayList<>();
    for (Lifetime life : largestFirst) {
      // Buffers come largest first as well, so the last that is free fits best.
      buffers.reversed().stream()
          .filter(
              buffer -> buffer.tenants.stream().allMatch(other -> lifetimes.mayShare(life, other)))
          .findFirst()
          .ifPresentOrElse(buffer -> buffer.tenants.add(life), () -> buffers.add(buffer(life)));
    }
    return buffers;
  }

  private static Buffer buffer(Lifetime life) {
    return new Buffer(life.tensor().shape().elements(), new ArrayList<>(List.of(life)));
  }

  /** What the tensors take. */
  Program.Memory memory() {
    long allocated = buffers.stream().mapToLong(buffer -> Lifetimes.VALUE * buffer.elements).sum();
    return new Program.Memory(lifetimes.bytes(), lifetimes.peakBytes(), allocated);
  }

  /** Storage for all tensors. */
  Substitution allocate(Device device) {
    Substitution made = new Substitution();
    for (Buffer buffer : buffers) {
      Tensor storage = device.zeros(Shape.of(buffer.elements));
      buffer.tenants.forEach(life -> made.put(life.tensor(), storage));
    }
    return made;
  }
}
