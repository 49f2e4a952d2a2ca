package io.github.taipan.nn.perceptual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.GradientCheck;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistancesTest {
  private static Tensor random(Device device, int stream, Shape shape) {
    CounterRandom.Cursor cursor = CounterRandom.seeded(7).split(stream).cursor(0);
    double[] values = new double[shape.elements()];
    Arrays.setAll(values, _ -> cursor.uniform(0, 1));
    return device.tensor(shape, values);
  }

  @Test
  void gradientsOfThePiecesEqualFiniteDifferences() {
    Device device = new ReferenceDevice();
    Tensor x = random(device, 1, Shape.of(2, 5, 6, 3));
    Tensor y = random(device, 2, Shape.of(2, 5, 6, 3));
    GradientCheck.check(inputs -> Lpips.direction(inputs.getFirst()), List.of(x));
    GradientCheck.check(inputs -> Dists.pool(inputs.getFirst()), List.of(x));
    GradientCheck.check(inputs -> Dists.unlikeness(inputs.get(0), inputs.get(1)), List.of(x, y));
  }

  /** Also by a network whose features are all zero, where roots and quotients could fail. */
  @Test
  void equalPicturesAreNotApartAndHaveNumbersForGradients() throws CheckpointException {
    try (Device device = new CpuDevice(1)) {
      Vgg vgg = Vgg.of(Vgg.Depth.VGG16, VggTest.zeros(Vgg.Depth.VGG16), device);
      Variable x = Variable.parameter(random(device, 1, Shape.of(2, 16, 16, 3)));
      Variable lpips = new Lpips(vgg).distance(x, x.detach());
      Variable dists = new Dists(vgg).distance(x, x.detach());
      assertArrayEquals(new double[2], lpips.value().toDoubles());
      assertArrayEquals(new double[2], dists.value().toDoubles());
      Functions.sum(Functions.add(lpips, dists)).backward();
      double[] gradient = x.gradient().toDoubles();
      assertTrue(Arrays.stream(gradient).allMatch(Double::isFinite));
    }
  }

  @Test
  void theyTakeTheirOwnNetwork() throws CheckpointException {
    Device device = new ReferenceDevice();
    Vgg vgg = new Vgg(Vgg.Depth.VGG19, List.of());
    var failure = assertThrows(IllegalArgumentException.class, () -> new Lpips(vgg));
    assertEquals("takes the features of VGG-16, not VGG-19", failure.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Dists(vgg));
    Vgg other = Vgg.of(Vgg.Depth.VGG16, VggTest.zeros(Vgg.Depth.VGG16), device);
    assertThrows(IllegalArgumentException.class, () -> new PerceptualLoss(other));
  }
}
