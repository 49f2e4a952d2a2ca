package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorWidthTest {
  /** Bit for bit, in the interpreter (the first calls) and compiled (the last ones). */
  @Test
  void lanesAreAddedHalvesFirst() {
    Random random = new Random(5);
    float[] values = new float[VectorWidth.LANES];
    for (int call = 0; call < 100_000; call++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      float[] sums = values.clone();
      for (int half = sums.length / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
          sums[i] += sums[i + half];
        }
      }
      float sum = VectorWidth.sum(FloatVector.fromArray(VectorWidth.SPECIES, values, 0));
      assertEquals(Float.floatToIntBits(sums[0]), Float.floatToIntBits(sum), "call " + call);
    }
  }
}
