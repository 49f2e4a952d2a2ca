package io.github.taipan.vmambair.training;

import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Observation;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.nn.checkpoint.StrictLoad;
import io.github.taipan.nn.data.Batch;
import io.github.taipan.nn.optim.MovingAverage;
import io.github.taipan.nn.perceptual.PerceptualLoss;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.VmambaIR;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a training run is between two steps: weights, their average, the optimiser's moments and the
 * number of steps made. Saved and loaded, it goes on bit for bit.
 */
public final class TrainingState {
  private static final String STEP = "step";
  private static final String LOSS_SUM = "unlogged_loss.";
  private static final String LOSS_COUNT = "unlogged_steps";

  private final Recipe recipe;
  private final Device device;
  private final VmambaIR network;
  private final Learner learner;
  private final MovingAverage average;
  private final Model averaged;
  private final @Nullable PerceptualLoss perceptual;
  private final @Nullable Critic critic;
  private @Nullable TrainingStep recorded;
  private final SequencedMap<String, Double> lossSums = new LinkedHashMap<>();
  private long lossCount;

  /** A run's first state, of a recipe without a perceptual loss. */
  public TrainingState(Recipe recipe, Device device) {
    this(recipe, device, null);
  }

  /**
   * A run's first state.
   *
   * @param perceptual on this device; used where the recipe gives it a weight
   * @throws IllegalArgumentException when the recipe needs it and it is not there
   */
  public TrainingState(Recipe recipe, Device device, @Nullable PerceptualLoss perceptual) {
    Recipe.Objective objective = recipe.objective();
    if (objective.perceptual() > 0 && perceptual == null) {
      throw new IllegalArgumentException(
          "the recipe has a perceptual loss, which needs VGG-19's features");
    }
    this.perceptual = objective.perceptual() > 0 ? perceptual : null;
    this.recipe = recipe;
    this.device = device;
    Parameters parameters = Parameters.initialized(device, recipe.seed());
    network = new VmambaIR(recipe.network(), parameters, recipe.memory().checkpointing());
    Recipe.Optimization optimization = recipe.optimization();
    learner = Learner.of(parameters, optimization, recipe.steps());
    Parameters averages = Parameters.zeros(device);
    averaged = new Model("average", new VmambaIR(recipe.network(), averages), averages);
    average = new MovingAverage(parameters, averages, optimization.averageDecay());
    critic = objective.adversarial() > 0 ? Critic.of(recipe, device) : null;
  }

  /**
   * Starts from the weights of another run rather than from random ones.
   *
   * @param weights of a network of the same configuration
   * @throws IOException when they are of another
   */
  public void startFrom(Model weights) throws IOException {
    if (!weights.parameters().shapes().equals(learner.parameters().shapes())) {
      throw new IOException(
          "%s has the weights of a network of %s, the recipe's is of %s"
              .formatted(
                  weights.name(), text(weights.network().configuration()), text(recipe.network())));
    }
    learner.parameters().load(Model.checkpoint(weights.parameters(), Map.of()));
    averaged.parameters().load(Model.checkpoint(weights.parameters(), Map.of()));
  }

  private static String text(Configuration network) {
    return "task %s, dim %d, blocks %s and %d, variant %s"
        .formatted(
            network.task().label(),
            network.dim(),
            network.blocks(),
            network.refinementBlocks(),
            network.variant().name().toLowerCase(Locale.ROOT));
  }

  /** What is run. */
  public Recipe recipe() {
    return recipe;
  }

  /** The number of steps made. */
  public long step() {
    return learner.adam().steps();
  }

  /** The network with averaged weights, which is validated and shipped. */
  public Model averaged() {
    return averaged;
  }

  /** The learning rate of the next step. */
  public double nextRate() {
    return learner.nextRate();
  }

  /**
   * One step of gradient descent.
   *
   * @return the losses before the step by name, the one that is minimised first
   * @throws DivergedException when a loss or the gradient is no number; the weights are as before
   */
  public SequencedMap<String, Double> step(Batch batch) throws DivergedException {
    if (recorded == null || !recorded.takes(batch)) {
      recorded = null; // its memory may be what the next one needs
      recorded = new TrainingStep(recipe, network, learner, average, perceptual, critic, batch);
    }
    TrainingStep step = recorded;
    step.descend(batch);
    SequencedMap<String, Double> losses = step.losses();
    for (var loss : losses.entrySet()) {
      if (!Double.isFinite(loss.getValue())) {
        String what = loss.getKey().equals("loss") ? "the loss" : "the loss " + loss.getKey();
        throw new DivergedException(step() + 1, what, firstUnboundedModule(batch));
      }
    }
    double norm = step.norm();
    if (!Double.isFinite(norm)) {
      throw new DivergedException(step() + 1, "the gradient", firstUnbounded(step.gradients()));
    }
    if (!step.judgesFinitely()) {
      throw new DivergedException(step() + 1, "the gradient", "the discriminator");
    }
    step.update(norm);
    losses.forEach((name, loss) -> lossSums.merge(name, loss, Double::sum));
    lossCount++;
    return losses;
  }

  /** The mean losses of the steps since this was last asked. */
  public SequencedMap<String, Double> takeMeanLosses() {
    SequencedMap<String, Double> means = new LinkedHashMap<>(lossSums);
    means.replaceAll((name, sum) -> sum / lossCount);
    lossSums.clear();
    lossCount = 0;
    return means;
  }

  /** Runs the network again and names the first module whose output is not finite. */
  private String firstUnboundedModule(Batch batch) {
    Shape shape = Shape.of(batch.size(), batch.degradedSide(), batch.degradedSide(), 3);
    Variable input = Variable.constant(device.tensor(shape, batch.degraded()));
    String[] first = {"the tail"};
    boolean[] found = {false};
    Observation.observe(
        (name, output) -> {
          if (!found[0] && !isFinite(output.value())) {
            found[0] = true;
            first[0] = name;
          }
        },
        () -> NoGradient.call(() -> network.forward(input)));
    return first[0];
  }

  private static String firstUnbounded(Map<String, Tensor> gradients) {
    return gradients.entrySet().stream()
        .filter(gradient -> !isFinite(gradient.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("the sum over all parameters");
  }

  private static boolean isFinite(Tensor tensor) {
    for (float value : tensor.toFloats()) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Writes the whole state, atomically. */
  public void save(Path file) throws IOException {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    tensors().forEach((name, t) -> entries.put(name, Entry.of(t.shape(), t.toFloats())));
    SequencedMap<String, String> metadata = recipe.describe();
    metadata.put(STEP, Long.toString(step()));
    lossSums.forEach((name, sum) -> metadata.put(LOSS_SUM + name, Double.toString(sum)));
    metadata.put(LOSS_COUNT, Long.toString(lossCount));
    new Checkpoint(entries, metadata).write(file);
  }

  /**
   * Continues where a saved state of the same recipe stopped.
   *
   * @throws IOException when the file is damaged or of another recipe
   */
  public void load(Path file) throws IOException {
    Checkpoint checkpoint = Checkpoint.read(file);
    Map<String, String> defaults = RecipeText.defaults(); // of settings newer than the state
    for (var asked : recipe.describe().entrySet()) {
      String name = asked.getKey();
      String saved = checkpoint.metadata().getOrDefault(name, defaults.get(name));
      if (!asked.getValue().equals(saved) && !name.equals("steps")) {
        throw new IOException(
            "%s was trained with %s %s, this run asks for %s"
                .formatted(file, name, saved, asked.getValue()));
      }
    }
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    StrictLoad.check(shapes, checkpoint);
    long step;
    try {
      step = Long.parseLong(checkpoint.metadata().getOrDefault(STEP, ""));
      lossSums.clear();
      for (var entry : checkpoint.metadata().entrySet()) {
        if (entry.getKey().startsWith(LOSS_SUM)) {
          String loss = entry.getKey().substring(LOSS_SUM.length());
          lossSums.put(loss, Double.parseDouble(entry.getValue()));
        }
      }
      lossCount = Long.parseLong(checkpoint.metadata().getOrDefault(LOSS_COUNT, "0"));
    } catch (NumberFormatException e) {
      throw new IOException(file + ": the number of steps or their loss is missing");
    }
    for (var tensor : tensors().entrySet()) {
      device.write(tensor.getValue(), checkpoint.entry(tensor.getKey()).floats());
    }
    learner.adam().resumeAfter(step);
    if (critic != null) {
      critic.learner().adam().resumeAfter(step);
    }
  }

  private SequencedMap<String, Tensor> tensors() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    learner.addTo(tensors, "");
    average.parameters().state().forEach((name, t) -> tensors.put("average." + name, t));
    if (critic != null) {
      critic.learner().addTo(tensors, "discriminator.");
    }
    return tensors;
  }
}
