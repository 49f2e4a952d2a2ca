package io.github.taipan.vmambair;

import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.RecordingDevice;
import io.github.taipan.tensor.Shape;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.VmambaIR;

/** How much memory a forward pass needs, found by recording one: it grows with the pixels. */
final class MemoryEstimate {
  private static final int PROBE = 64;

  /** What is garbage already, or still held by a frame, comes on top of what is alive. */
  private static final double SLACK = 1.5;

  private MemoryEstimate() {}

  /** Bytes per input pixel. */
  static double bytesPerPixel(Configuration configuration) {
    RecordingDevice device = new RecordingDevice();
    VmambaIR network = new VmambaIR(configuration, Parameters.zeros(device));
    Variable input = Variable.constant(device.zeros(Shape.of(1, PROBE, PROBE, 3)));
    NoGradient.call(() -> network.forward(input));
    return SLACK * device.peakBytes() / (PROBE * PROBE);
  }
}
