package io.github.taipan.tests.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.optim.Adam;
import io.github.taipan.nn.optim.MovingAverage;
import io.github.taipan.nn.perceptual.PerceptualLoss;
import io.github.taipan.nn.perceptual.Vgg;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.tensor.testing.HashFill;
import io.github.taipan.vmambair.adversarial.AdversarialLosses;
import io.github.taipan.vmambair.adversarial.UNetDiscriminator;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.model.VmambaIR;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Two whole adversarial iterations of small networks: the same numbers in float32, executed at once
 * or as a program that is run twice, as in float64.
 */
class AdversarialIterationTest {
  private static final double RATE = 1e-4;
  private static final int ITERATIONS = 2;

  /**
   * Relative to a tensor's maximum. Adam divides each gradient by its own size, so the rounding of
   * a small one shows in its weight; few are so small.
   */
  private static final Map<String, Double> TOLERANCES =
      Map.of(
          "generator", 5e-4,
          "average", 1e-5,
          "generator-moment", 2e-3,
          "discriminator", 5e-5,
          "discriminator-moment", 2e-4);

  /** The first stages of the network are enough here. */
  private static final List<PerceptualLoss.Layer> LAYERS =
      List.of(new PerceptualLoss.Layer("conv1_2", 0.1), new PerceptualLoss.Layer("conv2_2", 0.1));

  /** Everything that an iteration changes, and the recipe's order of changing it. */
  private static final class Run {
    final Device device;
    final Parameters weights;
    final Parameters averages;
    final Parameters judging;
    final VmambaIR generator;
    final UNetDiscriminator discriminator;
    final UNetDiscriminator frozen;
    final PerceptualLoss perceptual;
    final Adam generatorAdam;
    final Adam discriminatorAdam;
    final MovingAverage average;

    Run(Device device) throws CheckpointException {
      this.device = device;
      Configuration tiny = new Configuration(Task.DERAIN, 8, List.of(1, 1, 1, 1), 1, Variant.FULL);
      weights = Parameters.zeros(device);
      generator = new VmambaIR(tiny, weights);
      HashWeights.fill(weights, Task.DERAIN);
      averages = Parameters.zeros(device);
      new VmambaIR(tiny, averages);
      average = new MovingAverage(weights, averages, 0.999);
      judging = Parameters.zeros(device);
      discriminator = new UNetDiscriminator(4, judging);
      FixtureFile file = FixtureFile.load("op_spectral_disc.safetensors");
      judging.state().forEach((n, tensor) -> device.write(tensor, file.values("disc.sd0:" + n)));
      frozen = new UNetDiscriminator(4, judging.frozen());
      perceptual = new PerceptualLoss(HashVgg.of(Vgg.Depth.VGG19, device), LAYERS);
      generatorAdam = new Adam(weights, 0.9, 0.99, 0, false);
      discriminatorAdam = new Adam(judging, 0.9, 0.99, 0, false);
    }

    void begin() {
      generatorAdam.begin(RATE, 1);
      discriminatorAdam.begin(RATE, 1);
    }

    /** From a degraded picture and the true one to the five losses. */
    List<Tensor> iterate(List<Tensor> pictures) {
      Variable truth = Variable.constant(pictures.get(1));
      weights.clearGradients();
      Variable restored = generator.forward(Variable.constant(pictures.get(0)));
      Variable pixel = Losses.l1Loss(restored, truth);
      Variable features = perceptual.loss(restored, truth);
      Variable fooled = AdversarialLosses.fooled(frozen, restored);
      Functions.add(Functions.add(pixel, features), fooled).backward();
      generatorAdam.update(name -> weights.named().get(name).gradient());

      judging.clearGradients();
      Variable real = AdversarialLosses.real(discriminator, truth);
      real.backward();
      Variable fake = AdversarialLosses.fake(discriminator, restored);
      fake.backward();
      discriminatorAdam.update(name -> judging.named().get(name).gradient());

      average.update();
      return List.of(pixel.value(), features.value(), fooled.value(), real.value(), fake.value());
    }
  }

  /** Losses of both iterations, and all tensors after them by kind. */
  private record Result(List<double[]> losses, TreeMap<String, double[]> state) {
    static Result of(Device device, Execution execution) throws CheckpointException {
      Run run = new Run(device);
      List<Tensor> pictures = List.of(picture(device, "degraded"), picture(device, "true"));
      Supplier<List<Tensor>> iteration = execution.prepare(device, pictures, run::iterate);
      List<double[]> losses = new ArrayList<>();
      for (int i = 0; i < ITERATIONS; i++) {
        run.begin();
        losses.add(device.readItems(iteration.get()));
      }
      TreeMap<String, double[]> state = new TreeMap<>();
      run.weights.state().forEach((n, t) -> state.put("generator " + n, t.toDoubles()));
      run.averages.state().forEach((n, t) -> state.put("average " + n, t.toDoubles()));
      run.judging.state().forEach((n, t) -> state.put("discriminator " + n, t.toDoubles()));
      run.generatorAdam
          .state()
          .forEach((n, t) -> state.put("generator-moment " + n, t.toDoubles()));
      run.discriminatorAdam
          .state()
          .forEach((n, t) -> state.put("discriminator-moment " + n, t.toDoubles()));
      return new Result(losses, state);
    }
  }

  private static Tensor picture(Device device, String name) {
    Shape shape = Shape.of(1, 16, 24, 3);
    return device.tensor(shape, HashFill.values(name, shape.elements(), 0.5, 0.5));
  }

  @Test
  void theDiscriminatorMakesThreePowerIterations() throws CheckpointException {
    try (Device device = Execution.open("cpu")) {
      Run run = new Run(device);
      Parameters apart = Parameters.zeros(device);
      UNetDiscriminator discriminator = new UNetDiscriminator(4, apart);
      run.judging.state().forEach((n, t) -> device.write(apart.value(n), t.toFloats()));
      List<Tensor> pictures = List.of(picture(device, "degraded"), picture(device, "true"));
      for (int i = 0; i < 3; i++) {
        discriminator.trainingForward(Variable.constant(pictures.get(i % 2)));
      }
      run.begin();
      run.iterate(pictures);
      for (String name : apart.state().keySet()) {
        if (!apart.named().containsKey(name)) {
          assertArrayEquals(apart.value(name).toFloats(), run.judging.value(name).toFloats(), name);
        }
      }
    }
  }

  @Test
  void float32ComputesWhatFloat64Does() throws CheckpointException {
    Result wanted;
    try (Device reference = Execution.open("reference")) {
      wanted = Result.of(reference, Execution.EAGER);
      assertEquals(ITERATIONS, wanted.losses.size());
    }
    for (Execution execution : Execution.values()) {
      try (Device cpu = Execution.open("cpu")) {
        compare(execution, wanted, Result.of(cpu, execution));
      }
    }
  }

  private static void compare(Execution execution, Result wanted, Result made) {
    Deviations errors = new Deviations("adversarial iterations on cpu, " + execution);
    for (int i = 0; i < ITERATIONS; i++) {
      double[] expected = wanted.losses.get(i);
      errors.check("losses", "iteration " + i, error(expected, made.losses.get(i)), 2e-6);
    }
    wanted.state.forEach(
        (name, expected) -> {
          // Its gradient is zero but for rounding, which Adam scales up.
          if (!name.endsWith("attn.conv_cout.bias")) {
            String kind = name.substring(0, name.indexOf(' '));
            double tolerance = TOLERANCES.get(kind);
            errors.check(kind, name, error(expected, made.state.get(name)), tolerance);
          }
        });
    for (String kind : List.of("generator", "average", "discriminator")) {
      errors.check("medians", kind, errors.median(kind), 1e-6);
    }
    errors.report();
  }

  private static double error(double[] expected, double[] actual) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    return difference / Math.max(largest, Double.MIN_NORMAL);
  }
}
