package io.github.taipan.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * The product of two matrices, or of batches of them: a is {@code [..., m, k]} ({@code [..., k, m]}
 * when {@code transposeA}), b is {@code [..., k, n]} ({@code [..., n, k]} when {@code transposeB}),
 * the result {@code [..., m, n]}. The leading axes broadcast.
 */
public record MatrixProduct(boolean transposeA, boolean transposeB) implements Primitive {
  @Override
  public List<Shape> outputs(List<Shape> inputs) {
    requireInputs(inputs, 2);
    Shape a = inputs.get(0);
    Shape b = inputs.get(1);
    require(a.rank() >= 2 && b.rank() >= 2, inputs, "takes matrices");
    require(
        a.size(transposeA ? -2 : -1) == b.size(transposeB ? -1 : -2),
        inputs,
        "inner sizes must be equal"
            + (transposeA ? ", a transposed" : "")
            + (transposeB ? ", b transposed" : ""));
    Shape batch = broadcast(batch(a), batch(b), inputs);
    int[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    sizes[batch.rank()] = a.size(transposeA ? -1 : -2);
    sizes[batch.rank() + 1] = b.size(transposeB ? -2 : -1);
    return List.of(Shape.of(sizes));
  }

  /** The leading axes of a batch of matrices. */
  public static Shape batch(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 2));
  }

  @Override
  public long flops(List<Shape> inputs) {
    return 2L * outputs(inputs).getFirst().elements() * inputs.get(0).size(transposeA ? -2 : -1);
  }
}
