package io.github.taipan.vmambair.training;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.optim.GradientNorm;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Update;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The gradients of a loss with respect to some parameters, as programs: of a whole batch at once,
 * or as the mean over its equal parts, computed one after the other in the memory of one.
 */
final class Descent {
  private final Device device;
  private final LoadedProgram program;
  private final List<String> losses;
  private final SequencedMap<String, Tensor> gradients;

  /** Takes the gradients of the n-th part into their mean; empty where there is one part. */
  private final List<LoadedProgram> accumulations = new ArrayList<>();

  private final LoadedProgram squares;
  private final SequencedMap<String, Double> sums = new LinkedHashMap<>();

  /**
   * What is to be computed.
   *
   * @param losses by name, each one number; their gradients have flowed to the parameters
   * @param kept what somebody else reads
   */
  record Work(SequencedMap<String, Variable> losses, List<Tensor> kept) {}

  /**
   * Records a descent.
   *
   * @param inputs the shapes of a part's inputs
   * @param parts of a batch
   * @param work computes losses and calls {@link Variable#backward()}
   */
  Descent(
      Parameters parameters, List<Shape> inputs, int parts, Function<List<Variable>, Work> work) {
    device = parameters.device();
    List<String> names = new ArrayList<>();
    losses = new ArrayList<>();
    Program recorded =
        Program.record(
            device,
            inputs,
            tensors -> {
              parameters.clearGradients();
              Work done = work.apply(tensors.stream().map(Variable::constant).toList());
              losses.addAll(done.losses.keySet());
              List<Tensor> outputs = new ArrayList<>();
              done.losses.values().forEach(loss -> outputs.add(loss.value()));
              gradients(parameters)
                  .forEach(
                      (name, gradient) -> {
                        names.add(name);
                        outputs.add(gradient);
                      });
              outputs.addAll(done.kept);
              parameters.clearGradients();
              return outputs;
            });
    program = recorded.after(Pass.TRAINING).load();
    SequencedMap<String, Tensor> latest = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      latest.put(names.get(i), program.outputs().get(losses.size() + i));
    }
    gradients = parts == 1 ? latest : accumulate(latest, parts);
    squares = program(() -> gradients.values().stream().map(GradientNorm::square).toList());
  }

  private static SequencedMap<String, Tensor> gradients(Parameters parameters) {
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
    return gradients;
  }

  /** A running mean: after part n it is (n − 1)/n of what it was and 1/n of the newest. */
  private SequencedMap<String, Tensor> accumulate(Map<String, Tensor> latest, int parts) {
    SequencedMap<String, Tensor> means = new LinkedHashMap<>(latest);
    means.replaceAll((name, gradient) -> device.zeros(gradient.shape()));
    for (int n = 1; n <= parts; n++) {
      Update.Average average = new Update.Average((n - 1.0) / n);
      accumulations.add(
          program(
              () -> {
                means.forEach(
                    (name, mean) -> device.run(average, mean, latest.getOrDefault(name, mean)));
                return List.of();
              }));
    }
    return means;
  }

  private LoadedProgram program(Supplier<List<Tensor>> work) {
    return Program.record(device, List.of(), none -> work.get()).after(Pass.TRAINING).load();
  }

  /** Whether it was recorded for inputs of these shapes. */
  boolean takes(List<Shape> shapes) {
    return program.inputs().stream().map(Tensor::shape).toList().equals(shapes);
  }

  /**
   * Computes losses and gradients of a part of a batch.
   *
   * @param part counted from 0
   */
  void run(int part, float[]... inputs) {
    for (int i = 0; i < inputs.length; i++) {
      device.write(program.inputs().get(i), inputs[i]);
    }
    program.run();
    if (!accumulations.isEmpty()) {
      accumulations.get(part).run();
    }
    if (part == 0) {
      sums.clear();
    }
    for (int i = 0; i < losses.size(); i++) {
      sums.merge(losses.get(i), program.outputs().get(i).item(), Double::sum);
    }
  }

  /** The losses of the last batch by name: the means over its parts. */
  SequencedMap<String, Double> losses() {
    SequencedMap<String, Double> means = new LinkedHashMap<>(sums);
    means.replaceAll((name, sum) -> sum / Math.max(1, accumulations.size()));
    return means;
  }

  /** Its gradients, by the parameters' names. */
  SequencedMap<String, Tensor> gradients() {
    return gradients;
  }

  /** The norm of its gradients, taken as one vector. */
  double norm() {
    squares.run();
    return GradientNorm.of(squares.outputs());
  }

  /** What else the last part left. */
  List<Tensor> kept() {
    return program.outputs().subList(losses.size() + gradients.size(), program.outputs().size());
  }
}
