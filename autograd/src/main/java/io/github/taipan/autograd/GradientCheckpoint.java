package io.github.taipan.autograd;

import java.util.function.UnaryOperator;

/**
 * Trades time for memory: of a stretch of the network only the input is stored, and the backward
 * pass computes the rest again (Chen et al. 2016, "Training deep nets with sublinear memory cost").
 */
public final class GradientCheckpoint {
  private GradientCheckpoint() {}

  /**
   * The function's result. The function runs twice and must do the same both times; what it uses
   * besides its input gets its gradients too, and all of them equal those of a plain call bit for
   * bit.
   */
  public static Variable apply(UnaryOperator<Variable> function, Variable input) {
    Variable result = NoGradient.call(() -> function.apply(input));
    if (NoGradient.active()) {
      return result;
    }
    // The nodes of the second run are newer than all that wait in the backward pass, so it walks
    // them next, as if they had been there from the start.
    return new Variable(
        result.value(),
        Node.of(
            (gradient, receiver) -> {
              Node node = NoGradient.suspend(() -> function.apply(input)).node();
              if (node != null) {
                receiver.accept(node, gradient);
              }
            }));
  }
}
