package io.github.taipan.vmambair.adversarial;

import static io.github.taipan.autograd.Losses.bceWithLogits;

import io.github.taipan.autograd.Variable;

/**
 * The losses of one adversarial iteration, in the order of the released recipe: the generator's, on
 * a {@linkplain io.github.taipan.nn.Parameters#frozen frozen} discriminator; then the
 * discriminator's of true and of restored pictures, whose gradients add up. Each runs the
 * discriminator as in training, so an iteration makes three power iterations. Pictures are {@code
 * [batch, height, width, 3]} with values around [0, 1]; each loss is one number. May be recorded.
 */
public final class AdversarialLosses {
  private AdversarialLosses() {}

  /**
   * What the restoring network loses where it does not fool the discriminator: the cross entropy of
   * the logits of restored pictures against the label of true ones.
   */
  public static Variable fooled(UNetDiscriminator frozen, Variable restored) {
    return bceWithLogits(frozen.trainingForward(restored), 1);
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
