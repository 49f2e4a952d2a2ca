package io.github.taipan.vmambair.adversarial;

import static io.github.taipan.autograd.Functions.add;
import static io.github.taipan.autograd.Functions.multiply;
import static io.github.taipan.autograd.Losses.bceWithLogits;
import static io.github.taipan.autograd.Losses.l1Loss;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.perceptual.PerceptualLoss;

/**
 * The losses of one adversarial iteration, in the order of the released recipe: the generator's, on
 * a {@linkplain io.github.taipan.nn.Parameters#frozen frozen} discriminator; then the
 * discriminator's of true and of restored pictures, whose gradients add up. Each runs the
 * discriminator as in training, so an iteration makes three power iterations. Pictures are {@code
 * [batch, height, width, 3]} with values around [0, 1]; each loss is one number. May be recorded.
 */
public final class AdversarialLosses {
  private AdversarialLosses() {}

  /** How much each part of the generator's loss counts; the released recipe has 1 for all. */
  public record Weights(double pixel, double perceptual, double adversarial) {}

  /**
   * The generator's loss in parts, not weighted.
   *
   * @param pixel the mean absolute error
   * @param perceptual the distance of features
   * @param adversarial the cross entropy of the discriminator's logits for restored pictures
   *     against the label of true ones
   */
  public record GeneratorLoss(Variable pixel, Variable perceptual, Variable adversarial) {
    /** The weighted sum. */
    public Variable total(Weights weights) {
      return add(
          add(multiply(pixel, weights.pixel), multiply(perceptual, weights.perceptual)),
          multiply(adversarial, weights.adversarial));
    }
  }

  /** The generator's loss; gradients reach what {@code restored} was computed from. */
  public static GeneratorLoss generator(
      Variable restored, Variable truth, PerceptualLoss perceptual, UNetDiscriminator frozen) {
    return new GeneratorLoss(
        l1Loss(restored, truth),
        perceptual.loss(restored, truth),
        bceWithLogits(frozen.trainingForward(restored), 1));
  }

  /** The discriminator's loss of true pictures, against the label 1. */
  public static Variable real(UNetDiscriminator discriminator, Variable truth) {
    return bceWithLogits(discriminator.trainingForward(truth), 1);
  }

  /** The discriminator's loss of restored pictures, against the label 0; none for the generator. */
  public static Variable fake(UNetDiscriminator discriminator, Variable restored) {
    return bceWithLogits(discriminator.trainingForward(restored.detach()), 0);
  }
}
