package io.github.taipan.nn.optim;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The Euclidean norm of all gradients of a network, taken as one long vector. */
public final class GradientNorm {
  private GradientNorm() {}

  /** The norm; not-a-number or infinite where a gradient is. */
  public static double of(Parameters parameters) {
    return of(
        parameters.named().values().stream()
            .map(Variable::gradient)
            .filter(Objects::nonNull)
            .map(GradientNorm::square)
            .toList());
  }

  /** The sum of a gradient's squares, one number; may be recorded. */
  public static Tensor square(Tensor gradient) {
    Device device = gradient.device();
    Tensor square = device.run(new Binary.Multiply(), gradient, gradient);
    int rank = square.shape().rank();
    return device.run(new Reduction.Sum(IntStream.range(0, rank).boxed().toList()), square);
  }

  /** The norm from the {@link #square} of each gradient. */
  public static double of(List<Tensor> squares) {
    return squares.isEmpty()
        ? 0
        : Math.sqrt(Arrays.stream(squares.getFirst().device().readItems(squares)).sum());
  }

  /**
   * The factor that shortens gradients of this norm to {@code limit}, as PyTorch has it: {@code
   * min(1, limit / (norm + 1e-6))}.
   */
  public static double clip(double norm, double limit) {
    return Math.min(1, limit / (norm + 1e-6));
  }
}
