package io.github.taipan.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Initializer;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.FixtureFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Six steps of each optimiser, with clipping and moving averages, beside PyTorch's. */
class OptimizerParityTest {
  private static final int STEPS = 6;
  private static final double TOLERANCE = 2e-6;
  private static final Shape SHAPE = Shape.of(5, 7);

  private final FixtureFile fixture = FixtureFile.load("op_optim.safetensors");

  private static Device open(String name) {
    return name.equals("cpu") ? new CpuDevice(1) : new ReferenceDevice();
  }

  /** Makes {@code gradient} the gradient of the parameter: that of Σ parameter · gradient. */
  private static void setGradient(Parameters parameters, String name, float[] gradient) {
    Variable variable = parameters.named().get(name);
    Variable upstream = Variable.constant(parameters.device().tensor(variable.shape(), gradient));
    Functions.sum(Functions.multiply(variable, upstream)).backward();
  }

  /** The largest difference, relative to the largest expected value, over all steps so far. */
  private double check(String expectedName, double[] actual) {
    float[] expected = fixture.values(expectedName);
    assertEquals(expected.length, actual.length, expectedName);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    double error = difference / largest;
    assertTrue(error <= TOLERANCE, () -> expectedName + " is off by " + error);
    return error;
  }

  private Parameters start(Device device) {
    Parameters parameters = Parameters.zeros(device);
    Variable p = parameters.scope("").parameter("p", Initializer.zeros(), 5, 7);
    device.write(p.value(), fixture.values("p0"));
    return parameters;
  }

  private static MovingAverage average(Parameters parameters) {
    Parameters average = Parameters.zeros(parameters.device());
    average.scope("").parameter("p", Initializer.zeros(), 5, 7);
    return new MovingAverage(parameters, average, 0.999);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void adam(String deviceName) {
    try (Device device = open(deviceName)) {
      Parameters parameters = start(device);
      MovingAverage average = average(parameters);
      Adam adam = new Adam(parameters, 0.9, 0.99, 0, false);
      double worst = 0;
      for (int step = 0; step < STEPS; step++) {
        parameters.clearGradients();
        setGradient(parameters, "p", fixture.values("adam.g" + step));
        adam.step(2e-4, 1);
        average.update();
        worst = Math.max(worst, check("adam.p" + (step + 1), values(parameters)));
        worst = Math.max(worst, check("adam.ema" + (step + 1), values(average.parameters())));
      }
      assertEquals(STEPS, adam.steps());
      System.out.printf("Adam on %s: 12 tensors, largest error %.2g%n", deviceName, worst);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void adamWithDecoupledDecayAndClipping(String deviceName) {
    try (Device device = open(deviceName)) {
      Parameters parameters = start(device);
      MovingAverage average = average(parameters);
      Adam adam = new Adam(parameters, 0.9, 0.999, 1e-4, true);
      double worst = 0;
      for (int step = 0; step < STEPS; step++) {
        parameters.clearGradients();
        float[] gradient = fixture.values("adamw.g" + step);
        setGradient(parameters, "p", gradient);
        double norm = GradientNorm.of(parameters);
        worst = Math.max(worst, check("adamw.norm" + step, new double[] {norm}));
        double scale = GradientNorm.clip(norm, 0.01);
        double[] clipped = new double[gradient.length];
        for (int i = 0; i < clipped.length; i++) {
          clipped[i] = scale * gradient[i];
        }
        worst = Math.max(worst, check("adamw.clipped" + step, clipped));
        adam.step(3e-4, scale);
        average.update();
        worst = Math.max(worst, check("adamw.p" + (step + 1), values(parameters)));
        worst = Math.max(worst, check("adamw.ema" + (step + 1), values(average.parameters())));
      }
      System.out.printf("AdamW on %s: 24 tensors, largest error %.2g%n", deviceName, worst);
    }
  }

  private static double[] values(Parameters parameters) {
    return parameters.value("p").toDoubles();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void parametersWithoutGradientStayAsTheyAre(String deviceName) {
    try (Device device = open(deviceName)) {
      Parameters parameters = start(device);
      Variable idle = parameters.scope("").parameter("idle", Initializer.zeros(), 5, 7);
      device.write(idle.value(), device.full(SHAPE, 1).toDoubles());
      Adam adam = new Adam(parameters, 0.9, 0.999, 0.5, true);
      setGradient(parameters, "p", fixture.values("adam.g0"));
      assertNull(idle.gradient());
      adam.step(0.1, 1);
      assertArrayEquals(device.full(SHAPE, 1).toDoubles(), idle.value().toDoubles());
    }
  }

  /** Moments that are saved and loaded, with the number of steps, continue bit for bit. */
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void resumedMomentsContinueBitForBit(String deviceName) {
    try (Device device = open(deviceName)) {
      Parameters straight = start(device);
      Adam first = new Adam(straight, 0.9, 0.99, 1e-2, false);
      run(straight, first, 0, 3);
      Parameters resumed = start(device);
      device.write(resumed.value("p"), values(straight));
      Adam second = new Adam(resumed, 0.9, 0.99, 1e-2, false);
      second.state().forEach((n, t) -> device.write(t, first.state().get(n).toDoubles()));
      second.resumeAfter(first.steps());
      run(straight, first, 3, STEPS);
      run(resumed, second, 3, STEPS);
      assertArrayEquals(values(straight), values(resumed));
    }
  }

  private void run(Parameters parameters, Adam adam, int from, int to) {
    for (int step = from; step < to; step++) {
      parameters.clearGradients();
      setGradient(parameters, "p", fixture.values("adam.g" + step));
      adam.step(2e-4, 1);
    }
  }
}
