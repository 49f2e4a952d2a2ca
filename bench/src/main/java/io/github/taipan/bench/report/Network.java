package io.github.taipan.bench.report;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.optim.Adam;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.VmambaIR;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;

/**
 * A preset of VmambaIR as a program for a square picture, with weights drawn by their laws.
 *
 * @param recorded as the network makes it
 * @param rewritten after the passes
 */
record Network(Program recorded, Program rewritten) {

  /** The forward pass. */
  static Network forward(String model, int side, Device device) {
    Parameters parameters = Parameters.initialized(device, 1);
    Program program = network(model, parameters).program(image(side), device, new Constants());
    return new Network(program, program.after(Pass.INFERENCE));
  }

  /** Forward, backward and a step of Adam. */
  static Network training(String model, int side, Device device) {
    Parameters parameters = Parameters.initialized(device, 1);
    VmambaIR network = network(model, parameters);
    Adam adam = new Adam(parameters, 0.9, 0.99, 0, false);
    adam.begin(1e-6, 1);
    Program program =
        Program.record(
            device,
            List.of(image(side)),
            inputs -> {
              Variable restored = network.forward(Variable.constant(inputs.getFirst()));
              Variable loss = Functions.mean(Functions.abs(restored));
              loss.backward();
              adam.update(name -> Objects.requireNonNull(parameters.named().get(name)).gradient());
              return List.of(loss.value());
            });
    parameters.clearGradients();
    return new Network(program, program.after(Pass.TRAINING));
  }

  private static VmambaIR network(String model, Parameters parameters) {
    return new VmambaIR(Objects.requireNonNull(Configuration.named().get(model)), parameters);
  }

  private static Shape image(int side) {
    return Shape.of(1, side, side, 3);
  }

  /** Ready to run, on a random picture. */
  LoadedProgram load() {
    LoadedProgram loaded = rewritten.load();
    Tensor image = loaded.inputs().getFirst();
    float[] pixels = new float[image.shape().elements()];
    CounterRandom random = CounterRandom.seeded(2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.uniform(i);
    }
    image.device().write(image, pixels);
    return loaded;
  }

  /** The bytes that one more run allocates on all threads. */
  static long allocated(LoadedProgram program) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getTotalThreadAllocatedBytes();
    program.run();
    return threads.getTotalThreadAllocatedBytes() - before;
  }
}
