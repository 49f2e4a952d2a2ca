package io.github.taipan.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GradientCheckpointTest {
  private final Device device = new ReferenceDevice();

  private Tensor random(String name, int... sizes) {
    CounterRandom.Cursor random = CounterRandom.seeded(11).split(name).cursor(0);
    double[] values = new double[Shape.of(sizes).elements()];
    Arrays.setAll(values, _ -> random.normal());
    return device.tensor(Shape.of(sizes), values);
  }

  /** Three blocks that share a weight, read an outer result, and sit inside one another. */
  private List<double[]> results(BiFunction<UnaryOperator<Variable>, Variable, Variable> call) {
    Variable input = Variable.parameter(random("input", 5, 4));
    Variable weight = Variable.parameter(random("weight", 4, 4));
    Variable scale = Variable.parameter(random("scale", 4));
    Variable outer = Functions.tanh(Functions.multiply(scale, scale));
    UnaryOperator<Variable> block =
        x ->
            Functions.add(
                x, Functions.multiply(Functions.silu(Functions.matmul(x, weight)), outer));
    Variable y = Functions.matmul(input, weight);
    y = call.apply(block, y);
    y = call.apply(x -> call.apply(block, Functions.multiply(x, x)), y);
    Variable loss = Functions.mean(Functions.multiply(y, outer));
    loss.backward();
    List<double[]> results = new ArrayList<>(List.of(loss.value().toDoubles()));
    for (Variable parameter : List.of(input, weight, scale)) {
      Tensor gradient = parameter.gradient();
      assertNotNull(gradient);
      results.add(gradient.toDoubles());
    }
    return results;
  }

  @Test
  void valuesAndGradientsEqualThePlainRunBitForBit() {
    List<double[]> plain = results(UnaryOperator::apply);
    List<double[]> checkpointed = results(GradientCheckpoint::apply);
    for (int i = 0; i < plain.size(); i++) {
      assertArrayEquals(plain.get(i), checkpointed.get(i), 0);
    }
  }

  @Test
  void theFunctionRunsAgainInTheBackwardPassOnly() {
    int[] runs = {0};
    Variable x = Variable.parameter(random("input", 3));
    UnaryOperator<Variable> function =
        v -> {
          runs[0]++;
          return Functions.exp(v);
        };
    Variable y = GradientCheckpoint.apply(function, x);
    assertEquals(1, runs[0]);
    Functions.sum(y).backward();
    assertEquals(2, runs[0]);
    assertArrayEquals(y.value().toDoubles(), assertGradient(x), 0);
  }

  @Test
  void nothingIsRecordedInsideNoGradient() {
    Variable x = Variable.parameter(random("input", 3));
    assertFalse(
        NoGradient.call(() -> GradientCheckpoint.apply(Functions::exp, x)).requiresGradient());
  }

  @Test
  void aFunctionWithoutParametersOfAConstantAddsNothing() {
    Variable x = Variable.constant(random("input", 3));
    Variable other = Variable.parameter(random("other", 3));
    Variable y = GradientCheckpoint.apply(Functions::exp, x);
    Functions.sum(Functions.multiply(y, other)).backward();
    assertArrayEquals(y.value().toDoubles(), assertGradient(other), 0);
    assertTrue(x.gradient() == null);
  }

  private static double[] assertGradient(Variable parameter) {
    Tensor gradient = parameter.gradient();
    assertNotNull(gradient);
    return gradient.toDoubles();
  }
}
