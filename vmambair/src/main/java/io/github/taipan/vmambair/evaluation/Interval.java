package io.github.taipan.vmambair.evaluation;

import java.util.Arrays;

/**
 * A mean with its confidence interval of 95 %, by Student's t: the mean plus and minus the half
 * width, which is {@code t(0.975, n - 1) s / sqrt(n)} for {@code n} values of sample deviation
 * {@code s}. It takes the values for independent ones of a normal distribution.
 *
 * @param mean not a number for no values
 * @param halfWidth not a number for fewer than two values, or infinite ones
 */
public record Interval(double mean, double halfWidth) {
  private static final double CONFIDENCE = 0.95;
  private static final int BISECTIONS = 60; // until the bits of a double are used up

  /** The interval of these values. */
  public static Interval of(double... values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    if (values.length < 2) {
      return new Interval(mean, Double.NaN);
    }
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    int freedom = values.length - 1;
    return new Interval(
        mean, quantile(CONFIDENCE, freedom) * Math.sqrt(squares / freedom / values.length));
  }

  /**
   * The t that a variable of Student's distribution stays within, either side of zero, with this
   * probability. Found by bisection on the angle whose tangent is {@code t / sqrt(freedom)}.
   *
   * @param freedom degrees of freedom, at least 1
   */
  static double quantile(double probability, int freedom) {
    double low = 0;
    double high = Math.PI / 2;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (within(middle, freedom) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.sqrt(freedom) * Math.tan(low);
  }

  /**
   * The probability that |t| is below {@code sqrt(freedom) tan(angle)}: the finite sums of
   * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
   */
  private static double within(double angle, int freedom) {
    boolean odd = freedom % 2 == 1;
    double cosine = Math.cos(angle);
    double term = odd ? cosine : 1;
    double sum = freedom == 1 ? 0 : term;
    for (int k = odd ? 3 : 2; k < freedom; k += 2) {
      term *= cosine * cosine * (k - 1) / k;
      sum += term;
    }
    double product = Math.sin(angle) * sum;
    return odd ? 2 / Math.PI * (angle + product) : product;
  }
}
