package io.github.taipan.autograd;

import static io.github.taipan.autograd.Functions.abs;
import static io.github.taipan.autograd.Functions.affine;
import static io.github.taipan.autograd.Functions.mean;
import static io.github.taipan.autograd.Functions.multiply;
import static io.github.taipan.autograd.Functions.softplus;
import static io.github.taipan.autograd.Functions.sqrt;
import static io.github.taipan.autograd.Functions.square;
import static io.github.taipan.autograd.Functions.subtract;

/** Losses: one number, the mean over all elements. Shapes broadcast. */
public final class Losses {
  private Losses() {}

  /** The mean absolute error, mean |prediction − target|. */
  public static Variable l1Loss(Variable prediction, Variable target) {
    return mean(abs(subtract(prediction, target)));
  }

  /** The mean squared error. */
  public static Variable mseLoss(Variable prediction, Variable target) {
    return mean(square(subtract(prediction, target)));
  }

  /** mean √((prediction − target)² + ε), a smooth absolute error (Charbonnier et al. 1994). */
  public static Variable charbonnierLoss(Variable prediction, Variable target, double epsilon) {
    return mean(sqrt(affine(square(subtract(prediction, target)), 1, epsilon)));
  }

  /**
   * Binary cross entropy of logits x against one label p for all, mean −p log σ(x) − (1 − p) log (1
   * − σ(x)), computed as softplus(x) − p·x.
   */
  public static Variable bceWithLogits(Variable logits, double label) {
    return mean(subtract(softplus(logits), affine(logits, label, 0)));
  }

  /** As {@link #bceWithLogits(Variable, double)} with a label per element. */
  public static Variable bceWithLogits(Variable logits, Variable labels) {
    return mean(subtract(softplus(logits), multiply(labels, logits)));
  }
}
