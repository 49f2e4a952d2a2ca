package io.github.taipan.vmambair.degradation;

/** Bessel functions of the first kind. */
final class Bessel {
  private static final int INTERVALS = 48;

  private Bessel() {}

  /**
   * J₁ for |x| ≤ 50, by Bessel's integral (1/π) ∫ cos(θ − x·sin θ) dθ over half a turn. Of a smooth
   * periodic function the trapezoid rule is all but exact: here it errs by the Bessel functions of
   * order 95 and above, which are nothing at such x. (The two ends of the interval cancel.)
   */
  static double j1(double x) {
    double sum = 0;
    for (int i = 1; i < INTERVALS; i++) {
      double angle = Math.PI * i / INTERVALS;
      sum += Math.cos(angle - x * Math.sin(angle));
    }
    return sum / INTERVALS;
  }
}
