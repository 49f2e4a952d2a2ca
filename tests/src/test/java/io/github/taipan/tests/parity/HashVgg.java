package io.github.taipan.tests.parity;

import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.nn.perceptual.Vgg;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.testing.HashFill;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** VGG networks with the documented hash fill. */
public final class HashVgg {
  private HashVgg() {}

  static Vgg of(Vgg.Depth depth, Device device) throws CheckpointException {
    return Vgg.of(depth, checkpoint(depth), device);
  }

  /** The weights under torchvision's names. */
  public static Checkpoint checkpoint(Vgg.Depth depth) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    depth
        .shapes()
        .forEach(
            (name, shape) -> {
              boolean weight = shape.rank() == 4;
              double amplitude = weight ? Math.sqrt(6.0 / (9 * shape.size(1))) : 0.1;
              float[] values = HashFill.values(name, shape.elements(), 0, amplitude);
              entries.put(name, Entry.of(shape, values));
            });
    return new Checkpoint(entries, Map.of());
  }
}
