package io.github.taipan.vmambair.training;

import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.optim.Adam;
import io.github.taipan.nn.optim.LearningRate;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a network and the optimiser that changes them.
 *
 * @param parameters what is learned
 * @param adam how
 * @param rate how fast, by step
 */
record Learner(Parameters parameters, Adam adam, LearningRate rate) {

  static Learner of(Parameters parameters, Recipe.Optimization by, long steps) {
    Recipe.Optimizer optimizer = by.optimizer();
    return new Learner(
        parameters,
        new Adam(
            parameters,
            optimizer.beta1(),
            optimizer.beta2(),
            by.weightDecay(),
            optimizer.decoupled()),
        by.rate().over(steps));
  }

  /** The learning rate of the next step. */
  double nextRate() {
    return rate.at(adam.steps() + 1);
  }

  /** Sets the numbers of the next update, whose gradients are multiplied by a factor first. */
  void begin(double gradientScale) {
    adam.begin(nextRate(), gradientScale);
  }

  /** Records an update along these gradients, and what follows it. */
  LoadedProgram update(Map<String, Tensor> gradients, Runnable afterwards) {
    return Program.record(
            parameters.device(),
            List.of(),
            inputs -> {
              adam.update(gradients::get);
              afterwards.run();
              return inputs;
            })
        .after(Pass.TRAINING)
        .load();
  }

  /** Adds all tensors to a state, under names that begin with a prefix. */
  void addTo(Map<String, Tensor> state, String prefix) {
    parameters.state().forEach((name, tensor) -> state.put(prefix + "weight." + name, tensor));
    adam.state().forEach((name, tensor) -> state.put(prefix + "moment." + name, tensor));
  }
}
