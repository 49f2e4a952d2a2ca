package io.github.taipan.tensor.reference;

/** The complement of the error function, erfc(x) = 2/√π · ∫ exp(-t²) dt from x to infinity. */
final class ErrorFunction {
  private static final double SERIES_LIMIT = 2.5;
  private static final int FRACTION_TERMS = 80;

  private ErrorFunction() {}

  /**
   * erfc(x), by the series and the continued fraction of Abramowitz and Stegun, 7.1.6 and 7.1.14:
   *
   * <pre>
   * erf(x)  = 2/√π · exp(-x²) · Σ 2^n x^(2n+1) / (1 · 3 · ... · (2n+1))
   * erfc(x) = exp(-x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...))))
   * </pre>
   */
  static double complement(double x) {
    if (x < 0) {
      return 2 - complement(-x);
    }
    double scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
    return x < SERIES_LIMIT ? 1 - 2 * scale * series(x) : scale / fraction(x);
  }

  private static double series(double x) {
    double sum = 0;
    double term = x;
    for (int n = 1; sum + term != sum; n++) {
      sum += term;
      term *= 2 * x * x / (2 * n + 1);
    }
    return sum;
  }

  private static double fraction(double x) {
    double tail = x;
    for (int n = FRACTION_TERMS; n > 0; n--) {
      tail = x + n / 2.0 / tail;
    }
    return tail;
  }
}
