package io.github.taipan.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossesTest {
  private final Device device = new ReferenceDevice();
  private final Tensor prediction = device.tensor(Shape.of(3), 1, -2, 4);
  private final Tensor target = device.tensor(Shape.of(3), 0, 1, 0.5f);
  private final Variable p = Variable.constant(prediction);
  private final Variable t = Variable.constant(target);

  @Test
  void valuesFollowTheFormulas() {
    assertEquals((1 + 3 + 3.5) / 3, Losses.l1Loss(p, t).value().item(), 1e-15);
    assertEquals((1 + 9 + 12.25) / 3, Losses.mseLoss(p, t).value().item(), 1e-15);
    double charbonnier = Math.sqrt(1.25) + Math.sqrt(9.25) + Math.sqrt(12.5);
    assertEquals(charbonnier / 3, Losses.charbonnierLoss(p, t, 0.25).value().item(), 1e-15);
    double entropy = entropy(1, 0) + entropy(-2, 1) + entropy(4, 0.5);
    assertEquals(entropy / 3, Losses.bceWithLogits(p, t).value().item(), 1e-14);
    double real = entropy(1, 1) + entropy(-2, 1) + entropy(4, 1);
    assertEquals(real / 3, Losses.bceWithLogits(p, 1).value().item(), 1e-14);
  }

  private static double entropy(double logit, double label) {
    double sigmoid = 1 / (1 + Math.exp(-logit));
    return -label * Math.log(sigmoid) - (1 - label) * Math.log(1 - sigmoid);
  }

  @Test
  void gradientsEqualFiniteDifferences() {
    List<Tensor> both = List.of(prediction, target);
    GradientCheck.check(x -> Losses.l1Loss(x.get(0), x.get(1)), both);
    GradientCheck.check(x -> Losses.mseLoss(x.get(0), x.get(1)), both);
    GradientCheck.check(x -> Losses.charbonnierLoss(x.get(0), x.get(1), 0.01), both);
    GradientCheck.check(x -> Losses.bceWithLogits(x.get(0), x.get(1)), both);
  }
}
