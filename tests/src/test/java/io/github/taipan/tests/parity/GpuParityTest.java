package io.github.taipan.tests.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.nn.data.Batch;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.testing.ConformanceSuite;
import io.github.taipan.tests.parity.NetworkParityTest.Run;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.training.DivergedException;
import io.github.taipan.vmambair.training.Recipe;
import io.github.taipan.vmambair.training.TrainingState;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole networks on the GPU device: against PyTorch's numbers, and training beside the CPU. */
@Tag("gpu")
class GpuParityTest {
  private static final long SEED = 11;
  private static final int STEPS = 10;

  private static Device gpu;

  /**
   * All of it, and every conformance case, on a machine that has no more than Java: exits with 1.
   */
  public static void main(String[] arguments) throws IOException, DivergedException {
    open();
    ConformanceSuite.check(gpu);
    GpuParityTest test = new GpuParityTest();
    test.tinyNetwork(Task.DERAIN, "derain");
    test.tinyNetwork(Task.SR4, "sisr");
    test.tinyNetwork(Task.REALSR4, "realsr");
    test.fullNetwork();
    test.tenTrainingStepsFollowTheCpu();
    close();
    System.out.println("all passed");
  }

  @BeforeAll
  static void open() {
    gpu = Devices.open("gpu", 2);
    System.out.println(gpu.description());
  }

  @AfterAll
  static void close() {
    gpu.close();
  }

  @ParameterizedTest
  @CsvSource({"DERAIN, derain", "SR4, sisr", "REALSR4, realsr"})
  void tinyNetwork(Task task, String name) throws IOException {
    NetworkParityTest.checkTiny(
        gpu,
        task,
        name,
        List.of(Run.EAGER, Run.training(Pass.TRAINING), Run.inference(Pass.INFERENCE)));
  }

  @Test
  void fullNetwork() throws IOException {
    NetworkParityTest.checkFull(
        gpu, Task.REALSR4, "realsr", "realsr4", List.of(Run.inference(Pass.INFERENCE)));
  }

  /** Rounding differs, and steps multiply it: the tolerance is 20 times what one step shows. */
  @Test
  void tenTrainingStepsFollowTheCpu() throws DivergedException {
    Recipe recipe =
        new Recipe(
            new Configuration(Task.DERAIN, 8, List.of(1, 1, 1, 1), 1, Variant.FULL),
            List.of(new Recipe.Stage(STEPS, 16, 2)),
            Recipe.Sampling.of(Recipe.Degrading.PAIRS),
            new Recipe.Optimization(
                Recipe.Optimizer.ADAMW, 1e-3, Recipe.Rate.cosine(1e-4, 1e-6), 0.5, 0.9),
            Recipe.Objective.L1,
            Recipe.Adversary.STANDARD,
            Recipe.Memory.PLENTY,
            SEED);
    System.out.println("seed " + SEED);
    try (Device cpu = Devices.open("cpu", 2)) {
      TrainingState onCpu = new TrainingState(recipe, cpu);
      TrainingState onGpu = new TrainingState(recipe, gpu);
      for (int step = 0; step < STEPS; step++) {
        Batch batch = batch(step);
        double expected = onCpu.step(batch).firstEntry().getValue();
        double actual = onGpu.step(batch).firstEntry().getValue();
        System.out.printf("step %d: cpu %.7f, gpu %.7f%n", step + 1, expected, actual);
        assertEquals(expected, actual, 1e-4 * expected, "loss of step " + (step + 1));
      }
    }
  }

  private static Batch batch(int step) {
    CounterRandom random = CounterRandom.seeded(SEED).split(step);
    float[] truth = new float[2 * 16 * 16 * 3];
    float[] degraded = new float[truth.length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (float) random.uniform(i);
      degraded[i] = (float) (0.8 * truth[i] + 0.2 * random.uniform(truth.length + i));
    }
    return new Batch(degraded, truth, 2, 16, 16);
  }
}
