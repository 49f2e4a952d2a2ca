package io.github.taipan.vmambair.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
  /** Printed tables of the two-sided quantiles. */
  @ParameterizedTest
  @CsvSource({
    "0.95,    1, 12.706",
    "0.95,    2,  4.303",
    "0.95,    3,  3.182",
    "0.95,    4,  2.776",
    "0.95,    5,  2.571",
    "0.95,    9,  2.262",
    "0.95,   10,  2.228",
    "0.95,   30,  2.042",
    "0.95,   99,  1.984",
    "0.95,  120,  1.980",
    "0.99,    1, 63.657",
    "0.99,    4,  4.604",
    "0.99,   29,  2.756",
    "0.90,   12,  1.782",
  })
  void quantilesAreThoseOfTheTables(double probability, int freedom, double t) {
    assertEquals(t, Interval.quantile(probability, freedom), 5e-4);
  }

  @Test
  void theFirstTwoHaveClosedForms() {
    assertEquals(Math.tan(0.95 * Math.PI / 2), Interval.quantile(0.95, 1), 1e-12);
    assertEquals(0.95 * Math.sqrt(2 / (1 - 0.95 * 0.95)), Interval.quantile(0.95, 2), 1e-12);
  }

  @Test
  void manyDegreesOfFreedomComeNearTheNormalDistribution() {
    assertEquals(1.959964, Interval.quantile(0.95, 1_000_000), 1e-5);
  }

  @Test
  void isTheMeanAndItsUncertainty() {
    Interval interval = Interval.of(1, 2, 3, 4, 5); // s² = 2.5, t(0.975, 4) = 2.776445
    assertEquals(3, interval.mean());
    assertEquals(2.776445 * Math.sqrt(2.5 / 5), interval.halfWidth(), 1e-6);
    assertEquals(new Interval(7, 0), Interval.of(7, 7, 7));
  }

  @Test
  void whatCannotBeToldIsNotANumber() {
    assertEquals(new Interval(7, Double.NaN), Interval.of(7));
    assertEquals(new Interval(Double.NaN, Double.NaN), Interval.of());
    double infinite = Double.POSITIVE_INFINITY; // the PSNR of equal pictures
    assertEquals(new Interval(infinite, Double.NaN), Interval.of(1, infinite));
  }
}
