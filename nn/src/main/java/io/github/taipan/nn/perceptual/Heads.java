package io.github.taipan.nn.perceptual;

import io.github.taipan.nn.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The small weights that come with this package: how much each feature counts. */
final class Heads {
  private Heads() {}

  /** The values of a tensor in a resource. */
  static double[] values(String resource, String name) {
    try (InputStream stream = Heads.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("the resource " + resource + " is missing");
      }
      return Checkpoint.read(stream).entry(name).doubles();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
