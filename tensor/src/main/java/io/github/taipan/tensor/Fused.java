package io.github.taipan.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several primitives as one launch. It means exactly what its parts mean one after the other; only
 * what lies between them need not be kept. A device may work on some pixels at a time and take them
 * through all parts, since each part works pixel by pixel ({@link #isPixelwise}), or, where its
 * first operand is an input of the whole, on a pixel's neighbours ({@link #isNeighbourly}).
 *
 * <p>Values are numbered: first the inputs of the whole, then the results of the parts.
 *
 * @param inputs how many inputs the whole has
 * @param parts in order
 * @param results the numbers of the values that the whole gives out
 */
public record Fused(int inputs, List<Part> parts, List<Integer> results) implements Primitive {
  /**
   * One primitive with one output.
   *
   * @param operands the numbers of its inputs, each less than its own
   */
  public record Part(Primitive primitive, List<Integer> operands) {}

  /** Copies the lists. */
  public Fused {
    parts = List.copyOf(parts);
    results = List.copyOf(results);
  }

  /**
   * Whether a pixel of the result, a row of the innermost axis of an NHWC map, follows from the
   * same pixel of the map operands: layer norm, 1x1 convolutions, functions of one value,
   * arithmetic on two maps or a map and one row for all pixels, and joining channels.
   */
  public static boolean isPixelwise(Primitive primitive, List<Shape> inputs) {
    Shape x = inputs.getFirst();
    if (x.rank() != 4) {
      return false;
    }
    return switch (primitive) {
      case Unary _, Normalization.LayerNorm _ -> true;
      case Convolution.Conv2d(int stride, int padding, int _) ->
          stride == 1 && padding == 0 && inputs.get(1).elements(2, 4) == 1;
      case Binary _ -> x.equals(inputs.get(1)) || isRow(inputs.get(1), x.size(3));
      case Layout.Concat(int axis) -> axis == 3;
      default -> false;
    };
  }

  /** Whether the shape is one row of channels, for every pixel of every image. */
  public static boolean isRow(Shape shape, int channels) {
    return shape.elements() == channels && shape.rank() > 0 && shape.size(-1) == channels;
  }

  /** Whether it is a depthwise 3x3 convolution that keeps the size. */
  public static boolean isNeighbourly(Primitive primitive, List<Shape> inputs) {
    return primitive instanceof Convolution.Conv2d(int stride, int padding, int groups)
        && stride == 1
        && padding == 1
        && groups == inputs.getFirst().size(3)
        && inputs.get(1).equals(Shape.of(groups, 1, 3, 3));
  }

  /** Whether some part looks at neighbours. */
  public boolean hasNeighbourlyParts() {
    return parts.stream()
        .anyMatch(part -> part.primitive instanceof Convolution.Conv2d c && c.padding() == 1);
  }

  /** The shapes of all values. */
  public List<Shape> values(List<Shape> given) {
    requireInputs(given, inputs);
    List<Shape> values = new ArrayList<>(given);
    for (Part part : parts) {
      List<Shape> operands = part.operands.stream().map(values::get).toList();
      require(
          isPixelwise(part.primitive, operands)
              || part.operands.getFirst() < inputs && isNeighbourly(part.primitive, operands),
          given,
          "%s of %s works pixel by pixel".formatted(part.primitive.name(), operands));
      values.addAll(part.primitive.outputs(operands));
    }
    return values;
  }

  @Override
  public List<Shape> outputs(List<Shape> given) {
    List<Shape> values = values(given);
    return results.stream().map(values::get).toList();
  }

  @Override
  public long flops(List<Shape> given) {
    List<Shape> values = values(given);
    return parts.stream()
        .mapToLong(part -> part.primitive.flops(part.operands.stream().map(values::get).toList()))
        .sum();
  }

  @Override
  public String name() {
    return parts.stream().map(part -> part.primitive.name()).collect(Collectors.joining("+"));
  }
}
