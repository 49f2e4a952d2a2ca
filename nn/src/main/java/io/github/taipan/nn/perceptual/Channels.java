package io.github.taipan.nn.perceptual;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Module;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;

/**
 * Moves and scales each colour, {@code (x − mean) / deviation}, as a network's training pictures
 * were.
 */
record Channels(Variable mean, Variable deviation) implements Module {
  static Channels of(Device device, double[] mean, double[] deviation) {
    return new Channels(
        Variable.constant(device.tensor(Shape.of(3), mean)),
        Variable.constant(device.tensor(Shape.of(3), deviation)));
  }

  /** The statistics of ImageNet, for pictures with values in [0, 1]. */
  static Channels imageNet(Device device) {
    return of(device, new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});
  }

  @Override
  public Variable forward(Variable x) {
    return Functions.divide(Functions.subtract(x, mean), deviation);
  }
}
