package io.github.taipan.vmambair.training;

import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Observation;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.nn.checkpoint.StrictLoad;
import io.github.taipan.nn.data.Batch;
import io.github.taipan.nn.optim.Adam;
import io.github.taipan.nn.optim.GradientNorm;
import io.github.taipan.nn.optim.LearningRate;
import io.github.taipan.nn.optim.MovingAverage;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.model.VmambaIR;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a training run is between two steps: weights, their average, the optimiser's moments and the
 * number of steps made. Saved and loaded, it goes on bit for bit.
 */
public final class TrainingState {
  private static final String STEP = "step";
  private static final String LOSS_SUM = "unlogged_loss";
  private static final String LOSS_COUNT = "unlogged_steps";

  private final Recipe recipe;
  private final LearningRate rate;
  private final Device device;
  private final Parameters parameters;
  private final VmambaIR network;
  private final Adam adam;
  private final MovingAverage average;
  private final Model averaged;
  private @Nullable TrainingStep recorded;
  private double lossSum;
  private long lossCount;

  /** A run's first state. */
  public TrainingState(Recipe recipe, Device device) {
    this.recipe = recipe;
    this.rate = recipe.rate();
    this.device = device;
    parameters = Parameters.initialized(device, recipe.seed());
    network = new VmambaIR(recipe.network(), parameters);
    Recipe.Optimizer optimizer = recipe.optimizer();
    adam =
        new Adam(
            parameters,
            optimizer.beta1(),
            optimizer.beta2(),
            recipe.weightDecay(),
            optimizer.decoupled());
    Parameters averages = Parameters.zeros(device);
    averaged = new Model("average", new VmambaIR(recipe.network(), averages), averages);
    average = new MovingAverage(parameters, averages, recipe.averageDecay());
  }

  /** The number of steps made. */
  public long step() {
    return adam.steps();
  }

  /** The network with averaged weights, which is validated and shipped. */
  public Model averaged() {
    return averaged;
  }

  /** The learning rate of the next step. */
  public double nextRate() {
    return rate.at(step() + 1);
  }

  /**
   * One step of gradient descent on the mean absolute error.
   *
   * @return the loss before the step
   * @throws DivergedException when the loss or the gradient is no number; the weights are as before
   */
  public double step(Batch batch) throws DivergedException {
    TrainingStep step = recorded(batch);
    step.descend(batch.degraded(), batch.truth());
    double value = step.loss();
    if (!Double.isFinite(value)) {
      throw new DivergedException(step() + 1, "the loss", firstUnboundedModule(batch));
    }
    double norm = step.norm();
    if (!Double.isFinite(norm)) {
      throw new DivergedException(step() + 1, "the gradient", firstUnbounded(step.gradients()));
    }
    double scale = recipe.clip() > 0 ? GradientNorm.clip(norm, recipe.clip()) : 1;
    adam.begin(nextRate(), scale);
    step.update();
    lossSum += value;
    lossCount++;
    return value;
  }

  /** The step for batches like this one; batches of another size need another recording. */
  private TrainingStep recorded(Batch batch) {
    Shape degraded = shape(batch.size(), batch.degradedSide());
    Shape truth = shape(batch.size(), batch.truthSide());
    if (recorded == null || !recorded.takes(degraded, truth)) {
      recorded = TrainingStep.record(network, parameters, adam, average, degraded, truth);
    }
    return recorded;
  }

  private static Shape shape(int batch, int side) {
    return Shape.of(batch, side, side, 3);
  }

  /** The mean loss of the steps since this was last asked. */
  public double takeMeanLoss() {
    double mean = lossSum / lossCount;
    lossSum = 0;
    lossCount = 0;
    return mean;
  }

  /** Runs the network again and names the first module whose output is not finite. */
  private String firstUnboundedModule(Batch batch) {
    Shape shape = shape(batch.size(), batch.degradedSide());
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
    metadata.put(LOSS_SUM, Double.toString(lossSum));
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
    for (var asked : recipe.describe().entrySet()) {
      String name = asked.getKey();
      String saved = checkpoint.metadata().get(name);
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
      lossSum = Double.parseDouble(checkpoint.metadata().getOrDefault(LOSS_SUM, "0"));
      lossCount = Long.parseLong(checkpoint.metadata().getOrDefault(LOSS_COUNT, "0"));
    } catch (NumberFormatException e) {
      throw new IOException(file + ": the number of steps or their loss is missing");
    }
    for (var tensor : tensors().entrySet()) {
      device.write(tensor.getValue(), checkpoint.entry(tensor.getKey()).floats());
    }
    adam.resumeAfter(step);
  }

  private SequencedMap<String, Tensor> tensors() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.named().forEach((name, v) -> tensors.put("weight." + name, v.value()));
    average.parameters().named().forEach((name, v) -> tensors.put("average." + name, v.value()));
    adam.state().forEach((name, tensor) -> tensors.put("moment." + name, tensor));
    return tensors;
  }
}
