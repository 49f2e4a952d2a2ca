package io.github.taipan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaunchTest {
  @ParameterizedTest
  @EnumSource
  void shapesFitThePrimitive(Launch launch) {
    List<Shape> outputs = launch.primitive().outputs(launch.inputs());
    assertEquals(64 * 64, outputs.getFirst().elements(0, 3));
    assertTrue(launch.primitive().flops(launch.inputs()) > 0);
  }
}
