package io.github.taipan.vmambair.training;

import static io.github.taipan.autograd.Functions.multiply;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.data.Batch;
import io.github.taipan.nn.optim.GradientNorm;
import io.github.taipan.nn.optim.MovingAverage;
import io.github.taipan.nn.perceptual.PerceptualLoss;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.vmambair.adversarial.AdversarialLosses;
import io.github.taipan.vmambair.adversarial.UNetDiscriminator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable Verdict verdict;

  /**
   * The discriminator's part of a step, which looks at what the restoring network has just made.
   */
  private record Verdict(Learner learner, Descent descent, LoadedProgram update) {
    static Verdict of(Critic critic, Shape truth, int parts, Tensor restored) {
      Descent descent =
          new Descent(
              critic.learner().parameters(),
              List.of(truth),
              parts,
              inputs -> judge(critic.discriminator(), inputs.getFirst(), restored));
      return new Verdict(
          critic.learner(), descent, critic.learner().update(descent.gradients(), () -> {}));
    }

    private static Descent.Work judge(
        UNetDiscriminator discriminator, Variable truth, Tensor restored) {
      SequencedMap<String, Variable> losses = new LinkedHashMap<>();
      losses.put("real", AdversarialLosses.real(discriminator, truth));
      losses.get("real").backward();
      losses.put("fake", AdversarialLosses.fake(discriminator, Variable.constant(restored)));
      losses.get("fake").backward();
      return new Descent.Work(losses, List.of());
    }
  }

  /** Records a step on batches like this one. */
  TrainingStep(
      Recipe recipe,
      Module network,
      Learner learner,
      MovingAverage average,
      @Nullable PerceptualLoss perceptual,
      @Nullable Critic critic,
      Batch batch) {
    this.recipe = recipe;
    this.parts = recipe.memory().accumulation();
    this.learner = learner;
    List<Shape> shapes = shapes(batch);
    descent =
        new Descent(
            learner.parameters(),
            shapes,
            parts,
            inputs -> restore(network, inputs.get(0), inputs.get(1), perceptual, critic));
    update = learner.update(descent.gradients(), average::update);
    verdict =
        critic == null ? null : Verdict.of(critic, shapes.get(1), parts, descent.kept().getFirst());
  }

  private List<Shape> shapes(Batch batch) {
    int size = batch.size() / parts;
    return List.of(
        Shape.of(size, batch.degradedSide(), batch.degradedSide(), 3),
        Shape.of(size, batch.truthSide(), batch.truthSide(), 3));
  }

  private Descent.Work restore(
      Module network,
      Variable degraded,
      Variable truth,
      @Nullable PerceptualLoss perceptual,
      @Nullable Critic critic) {
    Recipe.Objective objective = recipe.objective();
    Variable restored = network.forward(degraded);
    SequencedMap<String, Variable> losses = new LinkedHashMap<>();
    Variable l1 = Losses.l1Loss(restored, truth);
    losses.put("loss", objective.l1() == 1 ? l1 : multiply(l1, objective.l1()));
    if (perceptual != null) {
      add(losses, "perceptual", perceptual.loss(restored, truth), objective.perceptual());
    }
    if (critic != null) {
      Variable fooled = AdversarialLosses.fooled(critic.frozen(), restored);
      add(losses, "adversarial", fooled, objective.adversarial());
    }
    if (losses.size() > 1) {
      losses.put("l1", l1);
    }
    losses.get("loss").backward();
    return new Descent.Work(losses, critic == null ? List.of() : List.of(restored.value()));
  }

  /** Notes a part of the loss and adds it to the whole. */
  private static void add(
      SequencedMap<String, Variable> losses, String name, Variable part, double weight) {
    losses.put(name, part);
    losses.computeIfPresent("loss", (all, sum) -> Functions.add(sum, multiply(part, weight)));
  }

  /** Whether it was recorded for batches like this one. */
  boolean takes(Batch batch) {
    return descent.takes(shapes(batch));
  }

  /** Computes losses and gradients of a batch. */
  void descend(Batch batch) {
    for (int part = 0; part < parts; part++) {
      float[] truth = part(batch.truth(), part);
      descent.run(part, part(batch.degraded(), part), truth);
      if (verdict != null) {
        verdict.descent.run(part, truth);
      }
    }
  }

  private float[] part(float[] samples, int part) {
    int length = samples.length / parts;
    return parts == 1 ? samples : Arrays.copyOfRange(samples, part * length, (part + 1) * length);
  }

  /** The losses of the last descent by name, the one that was minimised first. */
  SequencedMap<String, Double> losses() {
    SequencedMap<String, Double> losses = descent.losses();
    if (verdict != null) {
      losses.putAll(verdict.descent.losses());
    }
    return losses;
  }

  /** The norm of the restoring network's gradients, taken as one vector. */
  double norm() {
    return descent.norm();
  }

  /** These gradients, by the parameters' names. */
  SequencedMap<String, Tensor> gradients() {
    return descent.gradients();
  }

  /** Whether the discriminator's gradients are finite, if there is one. */
  boolean judgesFinitely() {
    return verdict == null || Double.isFinite(verdict.descent.norm());
  }

  /** Changes the weights along the last descent, whose gradient has this norm. */
  void update(double norm) {
    double clip = recipe.optimization().clip();
    learner.begin(clip > 0 ? GradientNorm.clip(norm, clip) : 1);
    update.run();
    if (verdict != null) {
      verdict.learner.begin(1);
      verdict.update.run();
    }
  }
}
