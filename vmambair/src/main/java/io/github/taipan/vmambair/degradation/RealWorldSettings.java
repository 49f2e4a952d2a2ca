package io.github.taipan.vmambair.degradation;

import java.util.stream.DoubleStream;

/**
 * The probabilities and ranges of {@link RealWorldDegradation}.
 *
 * @param kernelSize sides of kernels; odd ones are drawn
 * @param first the pass at full resolution
 * @param second the pass after it
 * @param finalSinc probability that a sinc filter comes last
 * @param jpeg who compresses
 */
public record RealWorldSettings(
    Range kernelSize, Pass first, Pass second, double finalSinc, Jpeg jpeg) {
  private static final Range GENERALISED = new Range(0.5, 4);
  private static final Range PLATEAU = new Range(1, 2);

  /** What the paper trained with. */
  public static final RealWorldSettings DEFAULT =
      new RealWorldSettings(
          new Range(7, 21),
          new Pass(
              new BlurRanges(1, 0.1, BlurKinds.DEFAULT, new Range(0.2, 3), GENERALISED, PLATEAU),
              new ScaleRanges(0.2, 0.7, new Range(0.15, 1.5)),
              new NoiseRanges(0.5, new Range(1, 30), new Range(0.05, 3), 0.4),
              new Range(30, 95)),
          new Pass(
              new BlurRanges(
                  0.8, 0.1, BlurKinds.DEFAULT, new Range(0.2, 1.5), GENERALISED, PLATEAU),
              new ScaleRanges(0.3, 0.4, new Range(0.3, 1.2)),
              new NoiseRanges(0.5, new Range(1, 25), new Range(0.05, 2.5), 0.4),
              new Range(30, 95)),
          0.8,
          Jpeg.FORMULA);

  /** Checks the ranges. */
  public RealWorldSettings {
    kernelSize.requireWithin("kernel_size", 3, 25);
    if (kernelSize.low() % 2 != 1 || kernelSize.high() % 2 != 1) {
      throw new IllegalArgumentException("kernel_size goes from one odd number to another");
    }
    requireProbabilities("final_sinc", finalSinc);
  }

  /**
   * Blur, resizing, noise and JPEG, in this order.
   *
   * @param quality of JPEG, from 1 to 99
   */
  public record Pass(BlurRanges blur, ScaleRanges scale, NoiseRanges noise, Range quality) {
    /** Checks the quality. */
    public Pass {
      quality.requireWithin("quality", 1, 99);
    }
  }

  /**
   * Blurs.
   *
   * @param probability that there is one, drawn per batch
   * @param sinc share of sinc filters; the rest are bells
   * @param kinds shares of the bells
   * @param sigma widths of bells, in pixels
   * @param generalisedBeta exponents: below 1 and above are drawn equally often
   * @param plateauBeta the same of plateaus
   */
  public record BlurRanges(
      double probability,
      double sinc,
      BlurKinds kinds,
      Range sigma,
      Range generalisedBeta,
      Range plateauBeta) {
    /** Checks the ranges. */
    public BlurRanges {
      requireProbabilities("blur", probability, sinc);
      sigma.requireWithin("sigma", 0.01, 100);
      generalisedBeta.requireWithin("generalised_beta", 0.01, 100);
      plateauBeta.requireWithin("plateau_beta", 0.01, 100);
    }
  }

  /** How often bells of each kind are drawn, relative to each other. */
  public record BlurKinds(
      double round,
      double oblong,
      double generalisedRound,
      double generalisedOblong,
      double plateauRound,
      double plateauOblong) {
    static final BlurKinds DEFAULT = new BlurKinds(0.45, 0.25, 0.12, 0.03, 0.12, 0.03);

    /** Checks that there is something to draw. */
    public BlurKinds {
      requireProbabilities(
          "kinds", round, oblong, generalisedRound, generalisedOblong, plateauRound, plateauOblong);
      if (DoubleStream.of(
                  round, oblong, generalisedRound, generalisedOblong, plateauRound, plateauOblong)
              .sum()
          == 0) {
        throw new IllegalArgumentException("kinds has none that could be drawn");
      }
    }

    double[] shares() {
      return new double[] {
        round, oblong, generalisedRound, generalisedOblong, plateauRound, plateauOblong
      };
    }
  }

  /**
   * Resizing; what is neither enlarged nor shrunk keeps its size.
   *
   * @param up probability of enlarging, by 1 to the highest factor
   * @param down probability of shrinking, by the lowest factor to 1
   */
  public record ScaleRanges(double up, double down, Range factor) {
    /** Checks the ranges. */
    public ScaleRanges {
      requireProbabilities("scale", up, down, up + down);
      if (factor.low() < 0.05 || factor.low() > 1 || factor.high() < 1 || factor.high() > 4) {
        throw new IllegalArgumentException("factor goes from 0.05..1 to 1..4");
      }
    }
  }

  /**
   * Noise.
   *
   * @param gaussian probability that it is Gaussian, else Poisson
   * @param sigma of Gaussian noise, in 1/255
   * @param poisson strength of Poisson noise, 1 being natural
   * @param grey probability that the channels share it
   */
  public record NoiseRanges(double gaussian, Range sigma, Range poisson, double grey) {
    /** Checks the ranges. */
    public NoiseRanges {
      requireProbabilities("noise", gaussian, grey);
      sigma.requireWithin("sigma", 0, 255);
      poisson.requireWithin("poisson", 0, 100);
    }
  }

  private static void requireProbabilities(String name, double... values) {
    if (DoubleStream.of(values).anyMatch(value -> !(value >= 0 && value <= 1 + 1e-9))) {
      throw new IllegalArgumentException(name + " has probabilities, from 0 to 1 each");
    }
  }
}
