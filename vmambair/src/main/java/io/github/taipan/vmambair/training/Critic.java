package io.github.taipan.vmambair.training;

import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.adversarial.UNetDiscriminator;

/**
 * The other side of adversarial training.
 *
 * @param learner its parameters and their optimiser
 * @param discriminator what learns to tell restored pictures from true ones
 * @param frozen the same weights, through which gradients reach the restoring network only
 */
record Critic(Learner learner, UNetDiscriminator discriminator, UNetDiscriminator frozen) {

  static Critic of(Recipe recipe, Device device) {
    Recipe.Adversary adversary = recipe.adversary();
    Parameters parameters = Parameters.initialized(device, recipe.seed());
    UNetDiscriminator discriminator = new UNetDiscriminator(adversary.features(), parameters);
    UNetDiscriminator frozen = new UNetDiscriminator(adversary.features(), parameters.frozen());
    Recipe.Optimization plain =
        new Recipe.Optimization(Recipe.Optimizer.ADAM, 0, adversary.rate(), 0, 0);
    return new Critic(Learner.of(parameters, plain, recipe.steps()), discriminator, frozen);
  }
}
