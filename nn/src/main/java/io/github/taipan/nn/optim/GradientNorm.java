package io.github.taipan.nn.optim;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Tensor;
import java.util.stream.IntStream;

/** The Euclidean norm of all gradients of a network, taken as one long vector. */
public final class GradientNorm {
  private GradientNorm() {}

  /** The norm; not-a-number or infinite where a gradient is. */
  public static double of(Parameters parameters) {
    double squares = 0;
    for (Variable variable : parameters.named().values()) {
      Tensor gradient = variable.gradient();
      if (gradient != null) {
        Device device = gradient.device();
        Tensor square = device.run(new Binary.Multiply(), gradient, gradient);
        int rank = square.shape().rank();
        squares +=
            device.run(new Reduction.Sum(IntStream.range(0, rank).boxed().toList()), square).item();
      }
    }
    return Math.sqrt(squares);
  }

  /**
   * The factor that shortens gradients of this norm to {@code limit}, as PyTorch has it: {@code
   * min(1, limit / (norm + 1e-6))}.
   */
  public static double clip(double norm, double limit) {
    return Math.min(1, limit / (norm + 1e-6));
  }
}
