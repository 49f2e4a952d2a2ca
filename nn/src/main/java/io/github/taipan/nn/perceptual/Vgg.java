package io.github.taipan.nn.perceptual;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The convolutions of a VGG network (Simonyan and Zisserman 2015, arXiv 1409.1556), whose maps are
 * features of pictures: five stages of 3×3 convolutions and rectifiers, and a pooling between them.
 * The weights are constants, read from a file with torchvision's names.
 *
 * @param depth which of the networks
 * @param stages of convolutions, in order
 */
public record Vgg(Depth depth, List<List<Convolution>> stages) {
  /** The networks, by their number of convolutions in each stage. */
  public enum Depth {
    /** Thirteen convolutions. */
    VGG16(2, 2, 3, 3, 3),
    /** Sixteen convolutions. */
    VGG19(2, 2, 4, 4, 4);

    private final int[] convolutions;

    Depth(int... convolutions) {
      this.convolutions = convolutions;
    }

    @Override
    public String toString() {
      return name().replace("VGG", "VGG-");
    }

    /** The names and shapes of the weights, {@code features.N.weight} (OIHW) and so on. */
    public SequencedMap<String, Shape> shapes() {
      SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
      int in = 3;
      int number = 0;
      for (int stage = 0; stage < convolutions.length; stage++) {
        int out = Math.min(64 << stage, 512);
        for (int i = 0; i < convolutions[stage]; i++) {
          shapes.put("features.%d.weight".formatted(number), Shape.of(out, in, 3, 3));
          shapes.put("features.%d.bias".formatted(number), Shape.of(out));
          in = out;
          number += 2; // torchvision counts the rectifier,
        }
        number++; // and the pooling.
      }
      return shapes;
    }
  }

  /** A convolution's weight, OIHW, and bias. */
  public record Convolution(Variable weight, Variable bias) {}

  /** Copies the lists. */
  public Vgg {
    stages = stages.stream().map(List::copyOf).toList();
  }

  /**
   * Reads a network from a safetensors or {@code .pth} file such as torchvision's; what else the
   * file holds, its {@code classifier}, is passed over.
   *
   * @throws CheckpointException one sentence that names the file and what is wrong with it
   */
  public static Vgg read(Depth depth, Path file, Device device) throws CheckpointException {
    Checkpoint checkpoint = Checkpoint.read(file);
    try {
      return of(depth, checkpoint, device);
    } catch (CheckpointException e) {
      throw e.in(file);
    }
  }

  /**
   * The network with the weights of a checkpoint.
   *
   * @throws CheckpointException one sentence about what does not fit
   */
  public static Vgg of(Depth depth, Checkpoint checkpoint, Device device)
      throws CheckpointException {
    List<Variable> constants = new ArrayList<>();
    for (Map.Entry<String, Shape> expected : depth.shapes().entrySet()) {
      Entry entry = checkpoint.entries().get(expected.getKey());
      if (entry == null || !entry.shape().equals(expected.getValue())) {
        throw new CheckpointException(
            "is no %s: it has no tensor '%s' of shape %s"
                .formatted(depth, expected.getKey(), expected.getValue()));
      }
      constants.add(Variable.constant(device.tensor(entry.shape(), entry.floats())));
    }
    List<List<Convolution>> stages = new ArrayList<>();
    int next = 0;
    for (int count : depth.convolutions) {
      List<Convolution> stage = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        stage.add(new Convolution(constants.get(next++), constants.get(next++)));
      }
      stages.add(stage);
    }
    return new Vgg(depth, stages);
  }

  /** The device that holds the weights. */
  public Device device() {
    return stages.getFirst().getFirst().weight().device();
  }

  /** {@link #features(Variable, List, Module)} with the network's own pooling, 2×2 maxima. */
  public List<Variable> features(Variable x, List<String> names) {
    return features(x, names, map -> Functions.maxPool(map, 2, 2));
  }

  /**
   * Some maps of the network, in the order of their names.
   *
   * @param x {@code [batch, height, width, 3]}, scaled as the network was trained
   * @param names {@code conv3_4} is what the fourth convolution of the third stage makes, {@code
   *     relu3_4} the same after the rectifier
   * @param pool between stages; halves the map
   */
  public List<Variable> features(Variable x, List<String> names, Module pool) {
    Map<String, Variable> found = new HashMap<>();
    Variable map = x;
    for (int stage = 0; stage < stages.size(); stage++) {
      map = stage == 0 ? map : pool.forward(map);
      for (int i = 0; i < stages.get(stage).size(); i++) {
        String place = (stage + 1) + "_" + (i + 1);
        Convolution convolution = stages.get(stage).get(i);
        map = Functions.conv2d(map, convolution.weight, convolution.bias, 1, 1, 1);
        keep(names, "conv" + place, map, found);
        map = Functions.leakyRelu(map, 0);
        keep(names, "relu" + place, map, found);
        if (found.keySet().containsAll(names)) {
          return names.stream().map(found::get).toList();
        }
      }
    }
    throw new IllegalArgumentException(depth + " has not all of the maps " + names);
  }

  private static void keep(
      List<String> names, String name, Variable map, Map<String, Variable> found) {
    if (names.contains(name)) {
      found.put(name, map);
    }
  }

  /** Passes when this is the network that a distance was made for. */
  Vgg require(Depth wanted) {
    if (depth != wanted) {
      throw new IllegalArgumentException(
          "takes the features of %s, not %s".formatted(wanted, depth));
    }
    return this;
  }
}
