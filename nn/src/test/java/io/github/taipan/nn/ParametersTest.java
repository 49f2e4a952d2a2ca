package io.github.taipan.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static Parameters initialized(long seed) {
    return Parameters.initialized(new ReferenceDevice(), seed);
  }

  private static Parameters zeros() {
    return Parameters.zeros(new ReferenceDevice());
  }

  @Test
  void valuesDependOnSeedAndNameAlone() {
    Parameters one = initialized(7);
    Conv2d.of(one.scope("a"), 3, 4, 3);
    Conv2d.of(one.scope("b.0"), 4, 2, 1);
    Parameters other = initialized(7);
    Conv2d.of(other.scope("new"), 1, 1, 1);
    Conv2d.of(other.scope("b").child(0), 4, 2, 1);
    Conv2d.of(other.scope("a"), 3, 4, 3);
    one.values().forEach((name, values) -> assertArrayEquals(values, other.values().get(name)));

    Parameters reseeded = initialized(8);
    Conv2d.of(reseeded.scope("a"), 3, 4, 3);
    assertFalse(Arrays.equals(one.values().get("a.weight"), reseeded.values().get("a.weight")));
    Conv2d.of(reseeded.scope("c"), 3, 4, 3);
    assertFalse(
        Arrays.equals(reseeded.values().get("a.weight"), reseeded.values().get("c.weight")));
  }

  @Test
  void convolutionsAndNormsStartAsInPyTorch() {
    Parameters parameters = initialized(7);
    Conv2d.depthwise(parameters.scope("depthwise"), 50, 3, true);
    Conv2d.withoutBias(parameters.scope("plain"), 50, 4, 3);
    LayerNorm.of(parameters.scope("norm"), 3);
    assertEquals(
        Map.of(
            "depthwise.weight", Shape.of(50, 1, 3, 3),
            "depthwise.bias", Shape.of(50),
            "plain.weight", Shape.of(4, 50, 3, 3),
            "norm.body.weight", Shape.of(3),
            "norm.body.bias", Shape.of(3)),
        parameters.shapes());
    // 450 draws and more: the largest lies within 4 % of the bound, but for one chance in 10^7.
    assertEquals(1 / 3., largest(parameters, "depthwise.weight"), 0.04 / 3);
    assertEquals(1 / Math.sqrt(450), largest(parameters, "plain.weight"), 0.04 / Math.sqrt(450));
    assertArrayEquals(new float[] {1, 1, 1}, parameters.values().get("norm.body.weight"));
    assertArrayEquals(new float[3], parameters.values().get("norm.body.bias"));
    assertEquals(450 + 50 + 1800 + 6, parameters.count());
  }

  private static double largest(Parameters parameters, String name) {
    return Arrays.stream(parameters.value(name).toDoubles()).map(Math::abs).max().orElseThrow();
  }

  @Test
  void reservedNamesKeepTheirPlaces() {
    Parameters parameters = zeros();
    Scope scope = parameters.scope("attn");
    scope.order("first", "never", "second");
    scope.parameter("other", Initializer.zeros(), 1);
    scope.parameter("second", Initializer.zeros(), 1);
    scope.parameter("first", Initializer.zeros(), 1);
    assertEquals(
        List.of("attn.first", "attn.second", "attn.other"),
        List.copyOf(parameters.named().keySet()));
  }

  @Test
  void namesAreTakenOnce() {
    Scope scope = zeros().scope("a");
    scope.parameter("b", Initializer.zeros(), 1);
    var failure =
        assertThrows(
            IllegalStateException.class, () -> scope.parameter("b", Initializer.zeros(), 1));
    assertEquals("two parameters are named a.b", failure.getMessage());
  }

  private static Checkpoint checkpoint(Map<String, Entry> entries) {
    return new Checkpoint(new LinkedHashMap<>(entries), Map.of());
  }

  @Test
  void loadsWhatFits() throws CheckpointException {
    Parameters parameters = zeros();
    parameters.scope("a").parameter("b", Initializer.ones(), 2, 2);
    parameters.load(checkpoint(Map.of("a.b", Entry.of(Shape.of(2, 2), new float[] {1, 2, 3, 4}))));
    assertArrayEquals(new float[] {1, 2, 3, 4}, parameters.values().get("a.b"));
  }

  @Test
  void whatDoesNotFitIsListedAndChangesNothing() {
    Parameters parameters = initialized(7);
    Scope scope = parameters.scope("a");
    scope.parameter("fits", Initializer.normal(), 3);
    scope.parameter("missing", Initializer.normal(), 3);
    scope.parameter("turned", Initializer.normal(), 2, 3);
    Map<String, float[]> before = parameters.values();
    Checkpoint misfit =
        checkpoint(
            Map.of(
                "a.fits", Entry.of(Shape.of(3), new float[3]),
                "a.turned", Entry.of(Shape.of(3, 2), new float[6]),
                "a.unknown", Entry.of(Shape.of(1), new float[1])));
    var failure = assertThrows(CheckpointException.class, () -> parameters.load(misfit));
    assertEquals(
        "the checkpoint does not fit the network: 1 missing (a.missing); 1 unexpected (a.unknown);"
            + " 1 of another shape (a.turned is [3, 2], expected [2, 3])",
        failure.getMessage());
    before.forEach((name, values) -> assertArrayEquals(values, parameters.values().get(name)));
  }
}
