package io.github.taipan.tensor.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConformanceCasesTest {
  @Test
  void everyPrimitiveHasCases() {
    List<String> missing =
        ConformanceCases.primitives().stream()
            .filter(primitive -> ConformanceCases.of(primitive).isEmpty())
            .map(Class::getName)
            .toList();
    assertEquals(List.of(), missing, "primitives without a conformance case");
  }

  @Test
  void everyUnaryFunctionHasAGradientCase() {
    Set<Class<?>> functions = new HashSet<>();
    for (ConformanceCase tested : ConformanceCases.of(UnaryGradient.class)) {
      functions.add(((UnaryGradient) tested.primitive()).function().getClass());
    }
    for (Class<? extends Primitive> primitive : ConformanceCases.primitives()) {
      if (Unary.class.isAssignableFrom(primitive)) {
        assertTrue(functions.contains(primitive), primitive + " has no gradient case");
      }
    }
  }

  @Test
  void casesAreDistinctAndTheirValuesAreExactInFloat32() {
    Set<String> names = new HashSet<>();
    for (ConformanceCase tested : ConformanceCases.all()) {
      assertTrue(names.add(tested.name()), "twice: " + tested.name());
      assertEquals(tested.shapes().size(), tested.values().size());
      for (double[] values : tested.values()) {
        assertTrue(Arrays.stream(values).allMatch(v -> v == (float) v), tested.name());
      }
    }
  }

  /** Each case gives the same bits again, into outputs that were not zero, with finite numbers. */
  @Test
  void theReferenceIsDeterministicAndWritesEveryElement() {
    try (Device device = new ReferenceDevice()) {
      for (ConformanceCase tested : ConformanceCases.all()) {
        List<Tensor> first = device.run(tested.primitive(), tested.inputs(device));
        List<Tensor> second = ConformanceSuite.executeOverOldValues(tested, device);
        for (int i = 0; i < first.size(); i++) {
          double[] values = first.get(i).toDoubles();
          assertArrayEquals(values, second.get(i).toDoubles(), tested.name());
          assertTrue(Arrays.stream(values).allMatch(Double::isFinite), tested.name());
        }
      }
    }
  }

  @Test
  void anErrorIsRelativeToTheLargestValueAndNoNumberNeverPasses() {
    double[] expected = {1, -4};
    assertEquals(0.25, ConformanceSuite.error(expected, new double[] {1, -3}));
    assertEquals(0, ConformanceSuite.error(expected, expected.clone()));
    assertFalse(ConformanceSuite.error(expected, new double[] {1, Double.NaN}) < 1e30);
    assertFalse(ConformanceSuite.error(expected, new double[] {1}) < 1e30);
  }
}
