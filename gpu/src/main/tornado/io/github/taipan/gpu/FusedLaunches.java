package io.github.taipan.gpu;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import java.util.ArrayList;
import java.util.List;

/**
 * The launches of fused primitives: their parts one after the other, what only lies between them
 * being scratch. A function of one value goes into the arithmetic that alone needs it, as in gates.
 */
final class FusedLaunches {
  private FusedLaunches() {}

  static void add(LaunchList list, Fused fused, List<Tensor> inputs, List<Tensor> outputs) {
    List<Tensor> values = new ArrayList<>(inputs);
    for (Fused.Part part : fused.parts()) {
      int number = values.size();
      List<Tensor> operands = part.operands().stream().map(values::get).toList();
      if (part.primitive() instanceof Unary && merges(fused, number)) {
        values.add(operands.getFirst()); // its reader applies it
        continue;
      }
      Tensor value = value(list, fused, part, number, operands, outputs);
      int merged = merged(fused, part);
      if (merged >= 0 && part.primitive() instanceof Binary binary) {
        Unary function = (Unary) producer(fused, part.operands().get(merged)).primitive();
        PointwiseLaunches.add(
            list, binary, function, operands.get(merged), operands.get(1 - merged), value);
      } else {
        GpuDevice.add(list, part.primitive(), operands, List.of(value));
      }
      values.add(value);
    }
  }

  private static Tensor value(
      LaunchList list,
      Fused fused,
      Fused.Part part,
      int number,
      List<Tensor> operands,
      List<Tensor> outputs) {
    int result = fused.results().indexOf(number);
    if (result >= 0) {
      return outputs.get(result);
    }
    List<Shape> shapes = operands.stream().map(Tensor::shape).toList();
    return list.scratch(part.primitive().outputs(shapes).getFirst());
  }

  /** Which operand of a part is a function's value that the part computes itself, or -1. */
  private static int merged(Fused fused, Fused.Part part) {
    for (int i = 0; i < part.operands().size(); i++) {
      int operand = part.operands().get(i);
      if (operand >= fused.inputs()
          && producer(fused, operand).primitive() instanceof Unary
          && merges(fused, operand)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Whether a function's value is needed once, by arithmetic that can take it first and has no
   * other such operand before it.
   */
  private static boolean merges(Fused fused, int number) {
    List<Fused.Part> readers =
        fused.parts().stream().filter(part -> part.operands().contains(number)).toList();
    if (fused.results().contains(number) || readers.size() != 1) {
      return false;
    }
    Fused.Part reader = readers.getFirst();
    List<Integer> operands = reader.operands();
    int place = operands.indexOf(number);
    return reader.primitive() instanceof Binary binary
        && !operands.getFirst().equals(operands.getLast())
        && (place == 0 || (commutes(binary) && !isFunction(fused, operands.getFirst())));
  }

  private static boolean commutes(Binary binary) {
    return binary instanceof Binary.Add || binary instanceof Binary.Multiply;
  }

  private static boolean isFunction(Fused fused, int number) {
    return number >= fused.inputs() && producer(fused, number).primitive() instanceof Unary;
  }

  private static Fused.Part producer(Fused fused, int number) {
    return fused.parts().get(number - fused.inputs());
  }
}
