package io.github.taipan.vmambair;

import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.nn.checkpoint.StrictLoad;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeDevice;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.VmambaIR;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A network with its weights, on a device.
 *
 * @param name what it was asked for by
 */
public record Model(String name, VmambaIR network, Parameters parameters) {
  /** The models whose weights come with Taipan. */
  public static final List<String> SHIPPED =
      List.of("sr4-light", "derain-light", "realsr4-light", "realsr4-light-gan");

  /**
   * A model by the name of a shipped one, or from a file of weights (safetensors or PyTorch's),
   * whose names and shapes tell the network.
   *
   * @throws IOException one sentence: no such model, or what is wrong with the file
   */
  public static Model load(String nameOrFile, Device device) throws IOException {
    if (SHIPPED.contains(nameOrFile)) {
      return of(nameOrFile, shipped(nameOrFile), device);
    }
    if (Configuration.named().containsKey(nameOrFile)) {
      throw new IOException(
          "%s comes without weights: give a file of weights as well".formatted(nameOrFile));
    }
    return of(nameOrFile, read(existing(nameOrFile)), device);
  }

  /**
   * What a network is made of: that of a preset's or a shipped model's name, or of a file of
   * weights.
   *
   * @throws IOException one sentence: no such model, or what is wrong with the file
   */
  public static Configuration configuration(String nameOrFile) throws IOException {
    Configuration preset = Configuration.named().get(nameOrFile);
    if (preset != null) {
      return preset;
    }
    boolean shipped = SHIPPED.contains(nameOrFile);
    return configuration(
        nameOrFile, shipped ? shipped(nameOrFile) : Checkpoint.read(existing(nameOrFile)));
  }

  private static Checkpoint shipped(String name) throws IOException {
    try (InputStream weights = Model.class.getResourceAsStream(name + ".safetensors")) {
      if (weights == null) {
        throw new IOException("the weights of " + name + " are missing from this build");
      }
      return Checkpoint.read(weights);
    }
  }

  private static Path existing(String nameOrFile) throws IOException {
    Path file = Path.of(nameOrFile);
    if (!Files.exists(file)) {
      throw new IOException(
          """
          no model "%s": shipped are %s, presets that take a file of weights are %s, \
          and there is no such file\
          """
              .formatted(
                  nameOrFile,
                  String.join(", ", SHIPPED),
                  String.join(", ", Configuration.named().keySet())));
    }
    return file;
  }

  /**
   * A network of this configuration with the weights of a file.
   *
   * @throws CheckpointException listing the names and shapes that do not fit
   */
  public static Model load(String name, Configuration configuration, Path weights, Device device)
      throws CheckpointException {
    Checkpoint checkpoint = Checkpoint.read(weights, preference(configuration.task()));
    return build(name, configuration, checkpoint, weights, device);
  }

  /** Averaged weights are what super-resolution networks are run with, where a file has both. */
  private static List<String> preference(Task task) {
    return task == Task.DERAIN ? Checkpoint.PLAIN_FIRST : Checkpoint.AVERAGED_FIRST;
  }

  private static Checkpoint read(Path file) throws IOException {
    Checkpoint checkpoint = Checkpoint.read(file);
    boolean derains = configuration(file.toString(), checkpoint).task() == Task.DERAIN;
    return derains ? Checkpoint.read(file, preference(Task.DERAIN)) : checkpoint;
  }

  private static Model of(String name, Checkpoint checkpoint, Device device) throws IOException {
    return build(name, configuration(name, checkpoint), checkpoint, Path.of(name), device);
  }

  private static Configuration configuration(String name, Checkpoint checkpoint)
      throws IOException {
    Map<String, Shape> shapes = new TreeMap<>();
    checkpoint.entries().forEach((key, entry) -> shapes.put(key, entry.shape()));
    try {
      return Configuration.of(shapes);
    } catch (IllegalArgumentException e) {
      throw new IOException(name + ": " + e.getMessage());
    }
  }

  private static Model build(
      String name, Configuration configuration, Checkpoint checkpoint, Path source, Device device)
      throws CheckpointException {
    try {
      StrictLoad.check(shapes(configuration), checkpoint);
      Parameters parameters = Parameters.zeros(device);
      VmambaIR network = new VmambaIR(configuration, parameters);
      parameters.load(checkpoint);
      return new Model(name, network, parameters);
    } catch (CheckpointException e) {
      throw e.in(source);
    }
  }

  /** The parameters that a network has, without memory for them: it may be absurdly large. */
  private static Map<String, Shape> shapes(Configuration configuration) {
    Parameters parameters = Parameters.zeros(new ShapeDevice());
    new VmambaIR(configuration, parameters);
    return parameters.shapes();
  }

  /**
   * The forward pass for images of this shape as a program with one input and one output.
   *
   * @param constants what is derived from the weights, which must not change any more; shared by
   *     all programs of this model
   */
  public Program program(Shape image, Constants constants) {
    return network.program(image, parameters.device(), constants).after(Pass.INFERENCE);
  }

  /** The weights as a checkpoint under their PyTorch names. */
  public static Checkpoint checkpoint(Parameters parameters, Map<String, String> metadata) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    parameters
        .state()
        .forEach((name, tensor) -> entries.put(name, Entry.of(tensor.shape(), tensor.toFloats())));
    return new Checkpoint(entries, metadata);
  }
}
