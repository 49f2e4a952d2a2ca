package io.github.taipan.vmambair;

import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.RecordingDevice;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
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
    RecordingDevice device = new RecordingDevice();
    VmambaIR network = new VmambaIR(configuration, Parameters.zeros(device));
    Program program = network.program(Shape.of(1, height, width, 3), device, new Constants());
    return program.after(Pass.INFERENCE).memory().allocated();
  }
}
