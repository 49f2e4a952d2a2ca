package io.github.taipan.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Shape;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** First values follow their laws. Moments are held to five standard errors, with seed 7. */
class InitializerTest {
  private static final Shape LARGE = Shape.of(100, 1000);
  private static final int COUNT = LARGE.elements();

  private static double[] draw(Initializer law, Shape shape) {
    return law.values(shape, CounterRandom.seeded(7).split("weights"));
  }

  private static void checkMoments(double mean, double variance, double fourth, double[] values) {
    double error = 5 / Math.sqrt(values.length);
    assertEquals(mean, Arrays.stream(values).average().orElseThrow(), error * Math.sqrt(variance));
    double spread = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    assertEquals(variance, spread, error * Math.sqrt(fourth - variance * variance));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 48, 432})
  void fanInIsUniformWithinItsBound(int fanIn) {
    double bound = 1 / Math.sqrt(fanIn);
    double[] values = draw(Initializer.fanIn(fanIn), LARGE);
    assertTrue(Arrays.stream(values).allMatch(v -> -bound <= v && v < bound));
    assertTrue(Arrays.stream(values).max().orElseThrow() > 0.999 * bound);
    assertTrue(Arrays.stream(values).min().orElseThrow() < -0.999 * bound);
    checkMoments(0, bound * bound / 3, Math.pow(bound, 4) / 5, values);
  }

  @Test
  void normalHasMeanZeroAndVarianceOne() {
    double[] values = draw(Initializer.normal(), LARGE);
    checkMoments(0, 1, 3, values);
    double beyond = Arrays.stream(values).filter(v -> Math.abs(v) > 1.959964).count();
    assertEquals(0.05, beyond / COUNT, 5 * Math.sqrt(0.05 * 0.95 / COUNT));
  }

  @Test
  void stepSizesAreLogUniform() {
    double[] logs =
        Arrays.stream(draw(Initializer.stepSizeBias(), LARGE))
            .map(bias -> Math.log(Math.log1p(Math.exp(bias))))
            .toArray();
    double low = Math.log(0.001);
    double high = Math.log(0.1);
    assertTrue(DoubleStream.of(logs).allMatch(v -> low - 1e-9 <= v && v <= high + 1e-9));
    double range = high - low;
    checkMoments((low + high) / 2, range * range / 12, Math.pow(range, 4) / 80, logs);
  }

  @Test
  void decayLogsCountStatesInEveryRow() {
    double[] values = draw(Initializer.logOfStateIndex(), Shape.of(3, 16));
    for (int i = 0; i < values.length; i++) {
      assertEquals(Math.log(i % 16 + 1), values[i]);
    }
  }

  @Test
  void constantsAreConstant() {
    Shape shape = Shape.of(2, 2);
    assertArrayEquals(new double[] {0, 0, 0, 0}, draw(Initializer.zeros(), shape));
    assertArrayEquals(new double[] {1, 1, 1, 1}, draw(Initializer.ones(), shape));
    assertArrayEquals(new double[] {-2, -2, -2, -2}, draw(Initializer.constant(-2), shape));
  }
}
