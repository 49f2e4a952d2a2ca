package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Recording;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Between which launches each unmade tensor of a program has to keep its values. Inputs and outputs
 * keep them throughout.
 *
 * @param all in the order in which they are made
 * @param launches the program's
 */
record Lifetimes(List<Lifetime> all, List<Launch> launches) {
  /** The bytes of a value. */
  static final long VALUE = 4;

  /**
   * One tensor's: from the launch that makes it to the last that reads it, both included.
   *
   * @param tensor in one of its shapes
   */
  record Lifetime(Tensor tensor, int from, int to) {
    long bytes() {
      return VALUE * tensor.shape().elements();
    }

    boolean overlaps(Lifetime other) {
      return from <= other.to && other.from <= to;
    }

    boolean isOf(Tensor other) {
      return tensor.storage() == other.storage();
    }
  }

  static Lifetimes of(Program program) {
    Map<Object, Lifetime> byStorage = new IdentityHashMap<>();
    List<Object> order = new ArrayList<>();
    int end = program.launches().size();
    for (Tensor input : program.inputs()) {
      extend(byStorage, order, input, -1, end);
    }
    for (int i = 0; i < end; i++) {
      Launch launch = program.launches().get(i);
      for (Tensor input : launch.inputs()) {
        extend(byStorage, order, input, i, i);
      }
      for (Tensor output : launch.outputs()) {
        extend(byStorage, order, output, i, i);
      }
    }
    for (Tensor output : program.outputs()) {
      extend(byStorage, order, output, end, end);
    }
    return new Lifetimes(order.stream().map(byStorage::get).toList(), program.launches());
  }

  private static void extend(
      Map<Object, Lifetime> byStorage, List<Object> order, Tensor tensor, int from, int to) {
    if (!Recording.isUnmade(tensor)) {
      return;
    }
    Lifetime known = byStorage.get(tensor.storage());
    if (known == null) {
      order.add(tensor.storage());
      byStorage.put(tensor.storage(), new Lifetime(tensor, from, to));
    } else {
      int last = Math.max(known.to, to);
      byStorage.put(tensor.storage(), new Lifetime(known.tensor, known.from, last));
    }
  }

  /** Whether two tensors may lie in one storage. */
  boolean mayShare(Lifetime a, Lifetime b) {
    return !a.overlaps(b) || isOverwritten(a, b) || isOverwritten(b, a);
  }

  /**
   * Whether the launch that makes the result is the last to read the operand, and writes over it.
   */
  private boolean isOverwritten(Lifetime operand, Lifetime result) {
    if (operand.to != result.from
        || operand.from == result.from
        || result.from >= launches.size()) {
      return false;
    }
    Launch launch = launches.get(result.from);
    boolean inPlace =
        switch (launch.primitive()) {
          case Unary _, UnaryGradient _, Binary _ -> true;
          default -> false;
        };
    return inPlace
        && result.isOf(launch.outputs().getFirst())
        && launch.inputs().stream()
            .filter(operand::isOf)
            .allMatch(input -> input.shape().equals(launch.outputs().getFirst().shape()));
  }

  /** The bytes of all tensors, each with storage of its own. */
  long bytes() {
    return all.stream().mapToLong(Lifetime::bytes).sum();
  }

  /** The most bytes of tensors that live at the same launch: no plan can do with less. */
  long peakBytes() {
    long[] change = new long[launches.size() + 3];
    for (Lifetime life : all) {
      change[life.from + 1] += life.bytes();
      change[life.to + 2] -= life.bytes();
    }
    long live = 0;
    long peak = 0;
    for (long bytes : change) {
      live += bytes;
      peak = Math.max(peak, live);
    }
    return peak;
  }
}
