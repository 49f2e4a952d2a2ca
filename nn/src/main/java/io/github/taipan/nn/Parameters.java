package io.github.taipan.nn;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.checkpoint.StrictLoad;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a network on one device, by name, in the order in which its constructors asked
 * for them. Names and shapes are those of the PyTorch original, so checkpoints go both ways.
 * Between them stand the buffers: values that are saved and loaded as well, but not trained.
 *
 * <p>A network asks its {@link Scope} for parameters while it is built:
 *
 * {@snippet :
 * Parameters parameters = Parameters.initialized(device, 7);
 * Conv2d conv = Conv2d.of(parameters.scope("patch_embed.proj"), 3, 48, 3);
 * }
 */
public final class Parameters {
  private final Device device;
  private final Source source;
  private final boolean trainable;

  /** A name without a value is reserved. */
  private final SequencedMap<String, @Nullable Variable> named = new LinkedHashMap<>();

  /** Makes the tensor of a new parameter. */
  private interface Source {
    Tensor tensor(String name, Shape shape, Initializer law);
  }

  private Parameters(Device device, Source source, boolean trainable) {
    this.device = device;
    this.source = source;
    this.trainable = trainable;
  }

  /**
   * Parameters filled by their laws. Each draws from a stream named after it, so its values depend
   * on the seed and its name alone.
   */
  public static Parameters initialized(Device device, long seed) {
    CounterRandom random = CounterRandom.seeded(seed);
    return new Parameters(
        device,
        (name, shape, law) -> device.tensor(shape, law.values(shape, random.split(name))),
        true);
  }

  /** Parameters of zeros, to be loaded, or to be counted on a device that computes nothing. */
  public static Parameters zeros(Device device) {
    return new Parameters(device, (name, shape, law) -> device.zeros(shape), true);
  }

  /**
   * The same tensors as constants: a network built on these computes with the weights of the one
   * built on this, always as they are, and no gradient is computed for them.
   */
  public Parameters frozen() {
    return new Parameters(device, (name, shape, law) -> value(name), false);
  }

  /** The device on which the parameters live. */
  public Device device() {
    return device;
  }

  /** Where a part of the network registers its parameters; the empty prefix is the root. */
  public Scope scope(String prefix) {
    return new Scope(this, prefix);
  }

  /** All trainable parameters by name, in order of registration. */
  public SequencedMap<String, Variable> named() {
    SequencedMap<String, Variable> trained = new LinkedHashMap<>();
    named.forEach(
        (name, variable) -> {
          if (variable != null && variable.requiresGradient()) {
            trained.put(name, variable);
          }
        });
    return trained;
  }

  /** The values of parameters and buffers by name, in order: what a checkpoint holds. */
  public SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    named.forEach(
        (name, variable) -> {
          if (variable != null) {
            state.put(name, variable.value());
          }
        });
    return state;
  }

  /** The value of the parameter or buffer of this name. */
  public Tensor value(String name) {
    Variable variable = named.get(name);
    if (variable == null) {
      throw new IllegalArgumentException("no parameter is named " + name);
    }
    return variable.value();
  }

  /** The number of trainable values. */
  public long count() {
    return named().values().stream().mapToLong(v -> v.shape().elements()).sum();
  }

  /** Names and shapes of parameters and buffers, in order. */
  public SequencedMap<String, Shape> shapes() {
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    state().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return shapes;
  }

  /**
   * Overwrites all values by those of a checkpoint.
   *
   * @throws CheckpointException listing every missing, unexpected and misshapen name
   */
  public void load(Checkpoint checkpoint) throws CheckpointException {
    StrictLoad.check(shapes(), checkpoint);
    for (var entry : state().entrySet()) {
      device.write(entry.getValue(), checkpoint.entry(entry.getKey()).floats());
    }
  }

  /** A copy of all values, under their names. */
  public SequencedMap<String, float[]> values() {
    SequencedMap<String, float[]> values = new LinkedHashMap<>();
    state().forEach((name, tensor) -> values.put(name, tensor.toFloats()));
    return values;
  }

  Variable register(String name, Shape shape, Initializer law, boolean trained) {
    Tensor value = source.tensor(name, shape, law);
    Variable variable = trained && trainable ? Variable.parameter(value) : Variable.constant(value);
    if (named.put(name, variable) != null) {
      throw new IllegalStateException("two parameters are named " + name);
    }
    return variable;
  }

  /** Gives a name its place in the order before its value is registered, if it ever is. */
  void reserve(String name) {
    named.putIfAbsent(name, null);
  }

  /** Clears the gradients of all parameters. */
  public void clearGradients() {
    named().values().forEach(Variable::clearGradient);
  }
}
