package io.github.taipan.vmambair.degradation;

import java.util.Locale;

/**
 * The blurs of Real-ESRGAN (Wang, Xie, Dong, Shan: "Real-ESRGAN: training real-world blind
 * super-resolution with pure synthetic data", 2021, section 3). All kernels have an odd size and
 * sum to one.
 */
sealed interface Blur {
  /** Rows and columns of the kernel. */
  int size();

  /** The weights. */
  Kernel kernel();

  /** How a bell falls off with q, the squared distance in units of its widths. */
  enum Profile {
    /** exp(−q/2). */
    GAUSSIAN,
    /** exp(−q^β/2). */
    GENERALISED,
    /** 1/(1 + q^β). */
    PLATEAU
  }

  /**
   * A bell-shaped blur.
   *
   * @param beta the exponent, 1 for a Gaussian
   * @param sigmaX width along the first axis, in pixels
   * @param sigmaY width along the second axis, in pixels
   * @param angle of the first axis to the rows, in radians
   */
  record Bell(Profile profile, double beta, int size, double sigmaX, double sigmaY, double angle)
      implements Blur {

    static Bell round(Profile profile, double beta, int size, double sigma) {
      return new Bell(profile, beta, size, sigma, sigma, 0);
    }

    boolean isRound() {
      return sigmaX == sigmaY;
    }

    @Override
    public Kernel kernel() {
      return profile == Profile.GAUSSIAN && isRound()
          ? Blur.gaussian(size, sigmaX)
          : square(size, this::height);
    }

    private double height(double x, double y) {
      double along = (Math.cos(angle) * x + Math.sin(angle) * y) / sigmaX;
      double across = (Math.cos(angle) * y - Math.sin(angle) * x) / sigmaY;
      double q = along * along + across * across;
      return switch (profile) {
        case GAUSSIAN -> Math.exp(-q / 2);
        case GENERALISED -> Math.exp(-Math.pow(q, beta) / 2);
        case PLATEAU -> 1 / (1 + Math.pow(q, beta));
      };
    }

    @Override
    public String toString() {
      String name = profile == Profile.GAUSSIAN ? "Gauss" : text("%s^%.1f", profile, beta);
      return isRound()
          ? text("%s %d, %.1f", name, size, sigmaX)
          : text("%s %d, %.1f/%.1f", name, size, sigmaX, sigmaY);
    }

    private static String text(String format, Object... values) {
      return String.format(Locale.ROOT, format, values).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The ideal circular low-pass filter, which rings: ω·J₁(ωr)/(2πr).
   *
   * @param cutoff ω in radians a pixel, π letting everything pass
   */
  record Sinc(int size, double cutoff) implements Blur {
    @Override
    public Kernel kernel() {
      return square(
          size,
          (x, y) -> {
            double r = Math.hypot(x, y);
            return r == 0
                ? cutoff * cutoff / (4 * Math.PI)
                : cutoff * Bessel.j1(cutoff * r) / (2 * Math.PI * r);
          });
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "sinc %d, %.2fπ", size, cutoff / Math.PI);
    }
  }

  /** A Gaussian kernel, which is a product of two lines. */
  static Kernel gaussian(int size, double sigma) {
    double[] line = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      double x = i - size / 2;
      line[i] = Math.exp(-x * x / (2 * sigma * sigma));
      sum += line[i];
    }
    return new Kernel.Separable(divided(line, sum));
  }

  /** A function of the distance in columns and rows from the centre. */
  @FunctionalInterface
  interface Surface {
    double height(double x, double y);
  }

  private static Kernel square(int size, Surface surface) {
    double[] weights = new double[size * size];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = surface.height(i % size - size / 2, i / size - size / 2);
      sum += weights[i];
    }
    return new Kernel.Square(size, divided(weights, sum));
  }

  private static float[] divided(double[] values, double divisor) {
    float[] quotients = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      quotients[i] = (float) (values[i] / divisor);
    }
    return quotients;
  }
}
