package io.github.taipan.bench.report;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.optim.Adam;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.RecordingDevice;
import io.github.taipan.tensor.Shape;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.VmambaIR;
import java.util.List;
import java.util.Objects;

/** A preset of VmambaIR on a device, with weights drawn by their laws and a random picture. */
final class Network {
  private final VmambaIR network;
  private final Parameters parameters;
  private final Variable image;
  private final Adam adam;

  Network(String model, int side, Device device) {
    Configuration configuration = Objects.requireNonNull(Configuration.named().get(model));
    parameters = Parameters.initialized(device, 1);
    network = new VmambaIR(configuration, parameters);
    float[] pixels = new float[side * side * 3];
    CounterRandom random = CounterRandom.seeded(2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.uniform(i);
    }
    image = Variable.constant(device.tensor(Shape.of(1, side, side, 3), pixels));
    adam = new Adam(parameters, 0.9, 0.99, 0, false);
  }

  /** One forward pass. */
  void forward() {
    NoGradient.run(() -> network.forward(image));
  }

  /** Forward, backward and a step of Adam. */
  void train() {
    parameters.clearGradients();
    Functions.mean(Functions.abs(network.forward(image))).backward();
    adam.step(1e-6, 1);
  }

  /** The launches of a forward pass, or of a training step, without computing anything. */
  static List<Launch> launches(String model, int side, boolean training) {
    RecordingDevice device = new RecordingDevice();
    Network network = new Network(model, side, device);
    int built = device.launches().size();
    if (training) {
      network.train();
    } else {
      network.forward();
    }
    return device.launches().subList(built, device.launches().size());
  }

  /** The most memory that a forward pass needs when each result is freed after its last use. */
  static long peakBytes(String model, int side) {
    RecordingDevice device = new RecordingDevice();
    new Network(model, side, device).forward();
    return device.peakBytes();
  }
}
