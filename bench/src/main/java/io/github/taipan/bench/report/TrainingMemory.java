package io.github.taipan.bench.report;

import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.data.Batch;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.VmambaIR;
import io.github.taipan.vmambair.training.DivergedException;
import io.github.taipan.vmambair.training.Recipe;
import io.github.taipan.vmambair.training.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Prints what a step of training takes, in memory and in time, with and without gradient
 * checkpointing and accumulation. Steps whose memory the heap does not hold are planned only.
 *
 * <p>Arguments: lines of the table as {@code NETWORK:PATCH:BATCH:PARTS:plain|checkpointing}.
 */
public final class TrainingMemory {
  private static final double GIGABYTE = 1e9;

  private TrainingMemory() {}

  private record Line(String network, int patch, int batch, int parts, boolean checkpointing) {
    static Line parse(String text) {
      String[] words = text.split(":", -1);
      return new Line(
          words[0],
          Integer.parseInt(words[1]),
          Integer.parseInt(words[2]),
          Integer.parseInt(words[3]),
          words[4].equals("checkpointing"));
    }

    Configuration configuration() {
      return Objects.requireNonNull(Configuration.named().get(network));
    }

    Shape shape(int scale) {
      return Shape.of(batch / parts, patch * scale, patch * scale, 3);
    }

    /** The bytes of all values of a descent, as they are planned. */
    long planned(Device device) {
      Parameters parameters = Parameters.zeros(device);
      VmambaIR model = new VmambaIR(configuration(), parameters, checkpointing);
      List<Shape> inputs = List.of(shape(1), shape(configuration().task().scale()));
      return Program.record(
              device,
              inputs,
              pictures -> {
                Variable restored = model.forward(Variable.constant(pictures.get(0)));
                Variable loss = Losses.l1Loss(restored, Variable.constant(pictures.get(1)));
                loss.backward();
                List<Tensor> outputs = new ArrayList<>(List.of(loss.value()));
                parameters
                    .named()
                    .values()
                    .forEach(weight -> outputs.add(Objects.requireNonNull(weight.gradient())));
                return outputs;
              })
          .after(Pass.TRAINING)
          .memory()
          .allocated();
    }

    /** Seconds of the second of two steps. */
    double seconds(Device device) throws DivergedException {
      Recipe recipe =
          new Recipe(
              configuration(),
              List.of(new Recipe.Stage(2, patch, batch)),
              Recipe.Sampling.of(Recipe.Degrading.PAIRS),
              new Recipe.Optimization(Recipe.Optimizer.ADAM, 0, Recipe.Rate.constant(1e-4), 0, 0),
              Recipe.Objective.L1,
              Recipe.Adversary.STANDARD,
              new Recipe.Memory(parts, checkpointing),
              1);
      TrainingState state = new TrainingState(recipe, device);
      int side = patch * configuration().task().scale();
      Batch noise = new Batch(noise(patch), noise(side), batch, patch, side);
      state.step(noise);
      long start = System.nanoTime();
      state.step(noise);
      return (System.nanoTime() - start) * 1e-9;
    }

    private float[] noise(int side) {
      CounterRandom random = CounterRandom.seeded(1);
      float[] values = new float[batch * side * side * 3];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.uniform(i);
      }
      return values;
    }
  }

  /** Prints a line for each argument. */
  public static void main(String[] arguments) throws DivergedException {
    int threads = Runtime.getRuntime().availableProcessors();
    long heap = Runtime.getRuntime().maxMemory();
    try (Device device = Devices.open("cpu", threads)) {
      System.out.printf("%s, heap %.1f GB%n%n", device.description(), heap / GIGABYTE);
      System.out.println(
          "| network | patch | batch | in parts | blocks | memory (GB) | step (s) |");
      System.out.println("|---|---|---|---|---|---|---|");
      for (String argument : arguments) {
        Line line = Line.parse(argument);
        long planned = line.planned(device);
        String time =
            planned < 0.85 * heap ? String.format("%.1f", line.seconds(device)) : "not run";
        System.out.printf(
            "| %s | %d | %d | %d | %s | %.2f | %s |%n",
            line.network,
            line.patch,
            line.batch,
            line.parts,
            line.checkpointing ? "computed again" : "kept",
            planned / GIGABYTE,
            time);
      }
    }
  }
}
