package io.github.taipan.autograd;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
  private final Device device = new ReferenceDevice();
  private final List<Tensor> inputs =
      List.of(device.tensor(Shape.of(2, 2), 1, 2, 3, 4), device.tensor(Shape.of(2), 0.5f, -0.25f));

  @Test
  void rightGradientsPass() {
    double error =
        GradientCheck.check(x -> Functions.tanh(Functions.multiply(x.get(0), x.get(1))), inputs);
    assertTrue(error < 1e-8, "error " + error);
  }

  @Test
  void aMissingTermIsFound() {
    String message =
        assertThrows(
                AssertionError.class,
                () ->
                    GradientCheck.check(
                        x -> Functions.multiply(x.get(0), Functions.exp(x.get(1).detach())),
                        inputs))
            .toString();
    assertTrue(message.contains("The gradient of input 1 [2]"), message);
  }

  @Test
  void oneWrongElementIsFound() {
    assertThrows(
        AssertionError.class,
        () ->
            GradientCheck.check(
                x -> {
                  Variable a = x.getFirst();
                  Variable last = Functions.slice(a, 0, 1, 2).detach();
                  return Functions.square(Functions.concat(0, Functions.slice(a, 0, 0, 1), last));
                },
                inputs));
  }

  @Test
  void singlePrecisionIsRefused() {
    try (CpuDevice cpu = new CpuDevice(1)) {
      List<Tensor> floats = List.of(cpu.zeros(Shape.of(1)));
      assertThrows(
          IllegalArgumentException.class,
          () -> GradientCheck.check(x -> Functions.exp(x.getFirst()), floats));
    }
  }
}
