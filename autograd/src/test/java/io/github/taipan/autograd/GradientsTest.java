package io.github.taipan.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Update;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.ConformanceCase;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCases;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Holds every vector-Jacobian product to finite differences, on the cases of all primitives. */
class GradientsTest {
  /** Larger cases are about the sharing of work among threads, and kinks lie close together. */
  private static final long LARGEST = 10_000;

  private final Device device = new ReferenceDevice();

  @Test
  void everyGradientEqualsFiniteDifferences() {
    Set<Class<?>> checked = new HashSet<>();
    Map<String, double[]> families = new TreeMap<>();
    for (ConformanceCase test : ConformanceCases.all()) {
      if (hasGradient(test.primitive().getClass())
          && test.operands().stream().anyMatch(Operand::differentiable)
          && test.shapes().stream().mapToLong(Shape::elements).sum() <= LARGEST) {
        double[] row = families.computeIfAbsent(test.family(), _ -> new double[2]);
        row[0]++;
        row[1] = Math.max(row[1], check(test));
        checked.add(test.primitive().getClass());
      }
    }
    families.forEach(
        (family, row) ->
            System.out.printf(
                "%-16s %4.0f gradients, largest error %.2g%n", family, row[0], row[1]));
    Set<Class<?>> wanted = new HashSet<>(ConformanceCases.primitives());
    wanted.removeIf(primitive -> !hasGradient(primitive));
    assertEquals(wanted, checked, "each differentiable primitive has a case");
  }

  /** The largest relative error; the operands that are not differentiable are held constant. */
  private double check(ConformanceCase test) {
    List<Tensor> values = test.inputs(device);
    List<Tensor> wanted = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (test.operands().get(i).differentiable()) {
        wanted.add(values.get(i));
      }
    }
    try {
      return GradientCheck.check(
          variables -> {
            List<Variable> inputs = new ArrayList<>();
            int next = 0;
            for (int i = 0; i < values.size(); i++) {
              boolean differentiable = test.operands().get(i).differentiable();
              inputs.add(differentiable ? variables.get(next++) : Variable.constant(values.get(i)));
            }
            return Variable.apply(test.primitive(), inputs).getFirst();
          },
          wanted);
    } catch (AssertionError e) {
      throw new AssertionError(test.name() + ": " + e.getMessage(), e);
    }
  }

  @Test
  void primitivesWithoutAGradientRefuseByName() {
    Set<Class<?>> refused = new HashSet<>();
    for (ConformanceCase test : ConformanceCases.all()) {
      Primitive primitive = test.primitive();
      if (!hasGradient(primitive.getClass()) && refused.add(primitive.getClass())) {
        List<Variable> inputs = test.inputs(device).stream().map(Variable::parameter).toList();
        String message =
            assertThrows(
                    UnsupportedOperationException.class, () -> Variable.apply(primitive, inputs))
                .toString();
        assertTrue(message.contains(primitive.name() + " has no vector-Jacobian"), message);
      }
    }
    Set<Class<?>> wanted = new HashSet<>(ConformanceCases.primitives());
    wanted.removeIf(GradientsTest::hasGradient);
    assertEquals(wanted, refused);
  }

  private static boolean hasGradient(Class<?> primitive) {
    return !Update.class.isAssignableFrom(primitive)
        && primitive != Fused.class
        && primitive != Scan.ProjectedScan.class
        && !primitive.getSimpleName().endsWith("Gradient");
  }
}
