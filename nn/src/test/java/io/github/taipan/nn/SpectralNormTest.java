package io.github.taipan.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.GradientCheck;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpectralNormTest {
  private final Device device = new ReferenceDevice();
  private final Parameters parameters = Parameters.initialized(device, 7);

  private static double norm(Tensor tensor) {
    return Math.sqrt(Arrays.stream(tensor.toDoubles()).map(x -> x * x).sum());
  }

  @Test
  void stateIsThatOfPyTorchAndOnlyTheWeightIsTrained() {
    SpectralConv2d.of(parameters.scope("conv1"), 3, 4, 4, 2);
    assertEquals(
        List.of("conv1.weight_orig", "conv1.weight_u", "conv1.weight_v"),
        List.copyOf(parameters.state().keySet()));
    assertEquals(Shape.of(48), parameters.shapes().get("conv1.weight_v"));
    assertEquals(List.of("conv1.weight_orig"), List.copyOf(parameters.named().keySet()));
    assertEquals(4 * 48, parameters.count());
    assertEquals(1, norm(parameters.value("conv1.weight_u")), 1e-12);
    assertEquals(1, norm(parameters.value("conv1.weight_v")), 1e-12);
  }

  @Test
  void buffersAreLoaded() throws CheckpointException {
    SpectralNorm norm = SpectralNorm.of(parameters.scope(""), Initializer.normal(), 1, 2, 1, 1);
    Map<String, Entry> entries =
        Map.of(
            "weight_orig", Entry.of(Shape.of(1, 2, 1, 1), new float[] {3, 4}),
            "weight_u", Entry.of(Shape.of(1), new float[] {1}),
            "weight_v", Entry.of(Shape.of(2), new float[] {1, 0}));
    parameters.load(new Checkpoint(new LinkedHashMap<>(entries), Map.of()));
    assertArrayEquals(new double[] {1, 4 / 3.}, norm.normalized().value().toDoubles(), 1e-12);
    norm.iterate();
    assertArrayEquals(new double[] {0.6, 0.8}, norm.v().value().toDoubles(), 1e-12);
    assertArrayEquals(new double[] {0.6, 0.8}, norm.normalized().value().toDoubles(), 1e-12);
  }

  @Test
  void iterationsApproachTheLargestSingularValue() {
    SpectralNorm norm = SpectralNorm.of(parameters.scope(""), Initializer.normal(), 2, 2, 1, 1);
    // A rotation of diag(5, 2).
    device.write(norm.weight().value(), new double[] {3, -1.6, 4, 1.2});
    for (int i = 0; i < 30; i++) {
      norm.iterate();
    }
    assertArrayEquals(
        new double[] {0.6, -0.32, 0.8, 0.24}, norm.normalized().value().toDoubles(), 1e-12);
  }

  @Test
  void aWeightOfZerosLeavesZeroVectors() {
    Parameters zeros = Parameters.zeros(device);
    SpectralNorm norm = SpectralNorm.of(zeros.scope(""), Initializer.normal(), 2, 3, 1, 1);
    norm.iterate();
    assertArrayEquals(new double[3], norm.v().value().toDoubles());
  }

  @Test
  void gradientEqualsFiniteDifferences() {
    SpectralNorm norm = SpectralNorm.of(parameters.scope(""), Initializer.normal(), 3, 2, 2, 2);
    norm.iterate();
    GradientCheck.check(
        weights -> new SpectralNorm(weights.getFirst(), norm.u(), norm.v()).normalized(),
        List.of(norm.weight().value()));
  }

  /** As in PyTorch, the gradient of an earlier pass is that of the vectors it was made with. */
  @Test
  void anIterationBeforeTheBackwardPassChangesNoGradient() {
    SpectralNorm norm = SpectralNorm.of(parameters.scope(""), Initializer.normal(), 3, 2, 2, 2);
    double[] wanted = gradient(norm, () -> {});
    assertArrayEquals(wanted, gradient(norm, norm::iterate));
  }

  private double[] gradient(SpectralNorm norm, Runnable between) {
    parameters.clearGradients();
    Variable loss = Functions.sum(Functions.square(norm.normalized()));
    between.run();
    loss.backward();
    return norm.weight().gradient().toDoubles();
  }

  /** The frozen twin computes the same, with the same vectors, and trains nothing. */
  @Test
  void frozenParametersAreTheSameTensorsAsConstants() {
    SpectralConv2d trained = SpectralConv2d.of(parameters.scope("a"), 2, 3, 3, 1);
    Parameters frozen = parameters.frozen();
    SpectralConv2d twin = SpectralConv2d.of(frozen.scope("a"), 2, 3, 3, 1);
    assertEquals(0, frozen.count());
    twin.norm().iterate();
    Variable x = Variable.parameter(device.full(Shape.of(1, 4, 4, 2), 0.5));
    assertArrayEquals(trained.forward(x).value().toDoubles(), twin.forward(x).value().toDoubles());
    Functions.sum(twin.forward(x)).backward();
    assertNull(trained.norm().weight().gradient());
    assertEquals(x.shape(), x.gradient().shape());
  }
}
