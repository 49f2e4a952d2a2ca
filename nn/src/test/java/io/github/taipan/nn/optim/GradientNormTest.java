package io.github.taipan.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Initializer;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientNormTest {
  private static Parameters parametersWithGradients(Device device, float... second) {
    Parameters parameters = Parameters.zeros(device);
    Variable a = parameters.scope("").parameter("a", Initializer.zeros(), 1, 2);
    Variable b = parameters.scope("").parameter("b", Initializer.zeros(), second.length);
    parameters.scope("").parameter("unused", Initializer.zeros(), 3);
    Variable first = Variable.constant(device.tensor(a.shape(), 2, 3));
    Variable other = Variable.constant(device.tensor(b.shape(), second));
    Functions.add(
            Functions.sum(Functions.multiply(a, first)),
            Functions.sum(Functions.multiply(b, other)))
        .backward();
    return parameters;
  }

  private static Device open(String name) {
    return name.equals("cpu") ? new CpuDevice(1) : new ReferenceDevice();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void isThatOfAllGradientsAsOneVector(String deviceName) {
    try (Device device = open(deviceName)) {
      assertEquals(Math.sqrt(4 + 9 + 36), GradientNorm.of(parametersWithGradients(device, 6)));
      assertEquals(0, GradientNorm.of(Parameters.zeros(device)));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void isNoNumberWhereAGradientIsNone(float broken) {
    try (Device device = open("cpu")) {
      double norm = GradientNorm.of(parametersWithGradients(device, 1, broken, 1));
      assertTrue(!Double.isFinite(norm), "norm " + norm);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-9, 0.0099})
  void shortGradientsAreLeftAlone(double norm) {
    assertEquals(1, GradientNorm.clip(norm, 0.01));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0101, 1, 1e6})
  void longOnesAreShortenedToTheLimit(double norm) {
    assertEquals(0.01 / (norm + 1e-6), GradientNorm.clip(norm, 0.01));
    assertTrue(norm * GradientNorm.clip(norm, 0.01) <= 0.01);
  }
}
