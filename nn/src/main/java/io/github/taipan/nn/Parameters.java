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

  /** A name without a value is reserved. */
  private final SequencedMap<String, @Nullable Variable> named = new LinkedHashMap<>();

  /** Makes the tensor of a new parameter. */
  private interface Source {
    Tensor tensor(String name, Shape shape, Initializer law);
  }

  private Parameters(Device device, Source source) {
    this.device = device;
    this.source = source;
  }

  /**
   * Parameters filled by their laws. Each draws from a stream named after it, so its values depend
   * on the seed and its name alone.
   */
  public static Parameters initialized(Device device, long seed) {
    CounterRandom random = CounterRandom.seeded(seed);
    return new Parameters(
        device, (name, shape, law) -> device.tensor(shape, law.values(shape, random.split(name))));
  }

  /** Parameters of zeros, to be loaded, or to be counted on a device that computes nothing. */
  public static Parameters zeros(Device device) {
    return new Parameters(device, (name, shape, law) -> device.zeros(shape));
  }

  /** The device on which the parameters live. */
  public Device device() {
    return device;
  }

  /** Where a part of the network registers its parameters; the empty prefix is the root. */
  public Scope scope(String prefix) {
    return new Scope(this, prefix);
  }

  /** All parameters by name, in order of registration. */
  public SequencedMap<String, Variable> named() {
    SequencedMap<String, Variable> filled = new LinkedHashMap<>();
    named.forEach(
        (name, variable) -> {
          if (variable != null) {
            filled.put(name, variable);
          }
        });
    return filled;
  }

  /** The value of the parameter of this name. */
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

  /** Names and shapes, in order. */
  public SequencedMap<String, Shape> shapes() {
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    named().forEach((name, variable) -> shapes.put(name, variable.shape()));
    return shapes;
  }

  /**
   * Overwrites all values by those of a checkpoint.
   *
   * @throws CheckpointException listing every missing, unexpected and misshapen name
   */
  public void load(Checkpoint checkpoint) throws CheckpointException {
    StrictLoad.check(shapes(), checkpoint);
    for (var parameter : named().entrySet()) {
      device.write(parameter.getValue().value(), checkpoint.entry(parameter.getKey()).floats());
    }
  }

  /** A copy of all values, under their names. */
  public SequencedMap<String, float[]> values() {
    SequencedMap<String, float[]> values = new LinkedHashMap<>();
    named().forEach((name, variable) -> values.put(name, variable.value().toFloats()));
    return values;
  }

  Variable register(String name, Shape shape, Initializer law) {
    Variable variable = Variable.parameter(source.tensor(name, shape, law));
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
