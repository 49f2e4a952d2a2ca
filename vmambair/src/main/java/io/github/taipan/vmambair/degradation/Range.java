package io.github.taipan.vmambair.degradation;

import io.github.taipan.tensor.CounterRandom.Cursor;

/**
 * What a number is drawn from, uniformly: low ≤ x &lt; high, or low itself where both are equal.
 */
public record Range(double low, double high) {
  /** Checks the order. */
  public Range {
    if (!(low <= high)) {
      throw new IllegalArgumentException("a range rises, unlike [%s, %s]".formatted(low, high));
    }
  }

  /** A draw. */
  public double draw(Cursor random) {
    return random.uniform(low, high);
  }

  /** Checks that all draws lie within limits. */
  void requireWithin(String name, double least, double most) {
    if (low < least || high > most) {
      throw new IllegalArgumentException(
          "%s lies within [%s, %s], unlike [%s, %s]".formatted(name, least, most, low, high));
    }
  }
}
