package io.github.taipan.vmambair;

import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeDevice;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.VmambaIR;

/** How much memory a forward pass needs, found by planning one: it grows with the pixels. */
final class MemoryEstimate {
  private static final int PROBE = 64;

  /** The result as it is read, and its copies on the way to a picture. */
  static final double SLACK = 1.1;

  private MemoryEstimate() {}

  /** Bytes per input pixel. */
  static double bytesPerPixel(Configuration configuration) {
    return SLACK * bytes(configuration, PROBE, PROBE) / (PROBE * PROBE);
  }

  /** Bytes that a program for images of this size allocates. */
  static long bytes(Configuration configuration, int height, int width) {
    Parameters parameters = Parameters.zeros(new ShapeDevice());
    Model model = new Model("probe", new VmambaIR(configuration, parameters), parameters);
    return model.program(Shape.of(1, height, width, 3), new Constants()).memory().allocated();
  }
}
