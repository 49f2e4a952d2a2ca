package io.github.taipan.vmambair.training;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.data.Batch;
import io.github.taipan.nn.optim.GradientNorm;
import io.github.taipan.nn.optim.MovingAverage;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.program.LoadedProgram;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A step of training as programs: first the losses and gradients of a batch, then the changes of
 * weights, moments and average. Between them the caller looks at the numbers, so that a step that
 * diverged changes nothing.
 */
final class TrainingStep {
  private final int parts;
  private final Recipe recipe;
  private final Learner learner;
  private final Descent descent;
  private final LoadedProgram update;

  /** Records a step on batches like this one. */
  TrainingStep(Recipe recipe, Module network, Learner learner, MovingAverage average, Batch batch) {
    this.recipe = recipe;
    this.parts = recipe.memory().accumulation();
    this.learner = learner;
    descent =
        new Descent(learner.parameters(), shapes(batch), parts, inputs -> restore(network, inputs));
    update = learner.update(descent.gradients(), average::update);
  }

  private List<Shape> shapes(Batch batch) {
    int size = batch.size() / parts;
    return List.of(
        Shape.of(size, batch.degradedSide(), batch.degradedSide(), 3),
        Shape.of(size, batch.truthSide(), batch.truthSide(), 3));
  }

  private Descent.Work restore(Module network, List<Variable> inputs) {
    Variable restored = network.forward(inputs.get(0));
    SequencedMap<String, Variable> losses = new LinkedHashMap<>();
    Variable l1 = Losses.l1Loss(restored, inputs.get(1));
    double weight = recipe.objective().l1();
    losses.put("loss", weight == 1 ? l1 : Functions.affine(l1, weight, 0));
    losses.get("loss").backward();
    return new Descent.Work(losses, List.of());
  }

  /** Whether it was recorded for batches like this one. */
  boolean takes(Batch batch) {
    return descent.takes(shapes(batch));
  }

  /** Computes losses and gradients of a batch. */
  void descend(Batch batch) {
    for (int part = 0; part < parts; part++) {
      descent.run(part, part(batch.degraded(), part), part(batch.truth(), part));
    }
  }

  private float[] part(float[] samples, int part) {
    int length = samples.length / parts;
    return parts == 1 ? samples : Arrays.copyOfRange(samples, part * length, (part + 1) * length);
  }

  /** The losses of the last descent by name, the one that was minimised first. */
  SequencedMap<String, Double> losses() {
    return descent.losses();
  }

  /** The norm of the restoring network's gradients, taken as one vector. */
  double norm() {
    return descent.norm();
  }

  /** These gradients, by the parameters' names. */
  SequencedMap<String, Tensor> gradients() {
    return descent.gradients();
  }

  /** Changes the weights along the last descent, whose gradient has this norm. */
  void update(double norm) {
    double clip = recipe.optimization().clip();
    learner.begin(clip > 0 ? GradientNorm.clip(norm, clip) : 1);
    update.run();
  }
}
