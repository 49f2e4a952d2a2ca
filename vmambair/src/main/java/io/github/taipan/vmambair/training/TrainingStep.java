package io.github.taipan.vmambair.training;

import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.optim.Adam;
import io.github.taipan.nn.optim.GradientNorm;
import io.github.taipan.nn.optim.MovingAverage;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import io.github.taipan.vmambair.model.VmambaIR;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A step of gradient descent on the mean absolute error as two programs: {@code descent} computes
 * the loss and all gradients, {@code update} changes the weights, their moments and their average.
 * Between them the caller looks at the numbers, so that a step that diverged changes nothing.
 */
final class TrainingStep {
  private final Device device;
  private final LoadedProgram descent;
  private final LoadedProgram update;

  /** By the names of the parameters that get one. */
  private final SequencedMap<String, Tensor> gradients;

  private TrainingStep(
      Device device,
      LoadedProgram descent,
      LoadedProgram update,
      SequencedMap<String, Tensor> gradients) {
    this.device = device;
    this.descent = descent;
    this.update = update;
    this.gradients = gradients;
  }

  /** Records a step on batches of these shapes. */
  static TrainingStep record(
      VmambaIR network,
      Parameters parameters,
      Adam adam,
      MovingAverage average,
      Shape degraded,
      Shape truth) {
    Device device = parameters.device();
    List<String> names = new ArrayList<>();
    Program descent =
        Program.record(
            device,
            List.of(degraded, truth),
            inputs -> {
              Variable restored = network.forward(Variable.constant(inputs.get(0)));
              Variable loss = Losses.l1Loss(restored, Variable.constant(inputs.get(1)));
              SequencedMap<String, Tensor> gradients = gradients(loss, parameters);
              names.addAll(gradients.keySet());
              List<Tensor> outputs = new ArrayList<>(List.of(loss.value()));
              gradients.values().forEach(gradient -> outputs.add(GradientNorm.square(gradient)));
              outputs.addAll(gradients.values());
              return outputs;
            });
    LoadedProgram loaded = descent.after(Pass.TRAINING).load();
    SequencedMap<String, Tensor> gradients = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      gradients.put(names.get(i), loaded.outputs().get(1 + names.size() + i));
    }
    Program update =
        Program.record(
            device,
            List.of(),
            inputs -> {
              adam.update(gradients::get);
              average.update();
              return inputs;
            });
    return new TrainingStep(device, loaded, update.after(Pass.TRAINING).load(), gradients);
  }

  private static SequencedMap<String, Tensor> gradients(Variable loss, Parameters parameters) {
    parameters.clearGradients();
    loss.backward();
    SequencedMap<String, Tensor> gradients = new LinkedHashMap<>();
    parameters
        .named()
        .forEach(
            (name, variable) -> {
              Tensor gradient = variable.gradient();
              if (gradient != null) {
                gradients.put(name, gradient);
              }
            });
    parameters.clearGradients();
    return gradients;
  }

  /** Whether it was recorded for batches of these shapes. */
  boolean takes(Shape degraded, Shape truth) {
    return descent.inputs().get(0).shape().equals(degraded)
        && descent.inputs().get(1).shape().equals(truth);
  }

  /** Computes loss and gradients of a batch. */
  void descend(float[] degraded, float[] truth) {
    device.write(descent.inputs().get(0), degraded);
    device.write(descent.inputs().get(1), truth);
    descent.run();
  }

  /** The loss of the last descent. */
  double loss() {
    return descent.outputs().getFirst().item();
  }

  /** The norm of its gradients, taken as one vector. */
  double norm() {
    return GradientNorm.of(descent.outputs().subList(1, 1 + gradients.size()));
  }

  /** Its gradients, by the parameters' names. */
  SequencedMap<String, Tensor> gradients() {
    return gradients;
  }

  /** Changes the weights, for which the optimiser's step has begun. */
  void update() {
    update.run();
  }
}
