package io.github.taipan.vmambair.degradation;

import io.github.taipan.tensor.CounterRandom.Cursor;
import io.github.taipan.tensor.Resampling.Filter;
import io.github.taipan.vmambair.degradation.Blur.Bell;
import io.github.taipan.vmambair.degradation.Blur.Profile;
import io.github.taipan.vmambair.degradation.Blur.Sinc;
import io.github.taipan.vmambair.degradation.RealWorldSettings.BlurRanges;
import io.github.taipan.vmambair.degradation.RealWorldSettings.NoiseRanges;
import io.github.taipan.vmambair.degradation.RealWorldSettings.ScaleRanges;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that {@link RealWorldDegradation} draws for a picture, but the noise itself.
 *
 * @param lastFilter of the resizing to the final size
 * @param jpegLast whether JPEG comes after that resizing, else before
 * @param sinc the last filter, if any
 */
record Choices(Pass first, Pass second, Filter lastFilter, boolean jpegLast, Optional<Blur> sinc) {
  private static final Filter[] FILTERS = {Filter.AREA, Filter.BILINEAR, Filter.BICUBIC};

  /** One pass; the scale is that of its resizing. */
  record Pass(Optional<Blur> blur, double scale, Filter filter, Noise noise, double quality) {

    /** Draws the same number of values from the batch, whatever comes out. */
    static Pass draw(RealWorldSettings.Pass ranges, Range sizes, Cursor batch, Cursor own) {
      boolean blurred = batch.uniform() < ranges.blur().probability();
      double scale = drawScale(ranges.scale(), batch);
      Filter filter = FILTERS[batch.below(FILTERS.length)];
      boolean gaussian = batch.uniform() < ranges.noise().gaussian();
      Blur blur = drawBlur(ranges.blur(), sizes, own);
      return new Pass(
          blurred ? Optional.of(blur) : Optional.empty(),
          scale,
          filter,
          drawNoise(ranges.noise(), gaussian, own),
          ranges.quality().draw(own));
    }

    @Override
    public String toString() {
      return "%s; x%.2f %s; %s; quality %.0f"
          .formatted(
              blur.map(Object::toString).orElse("sharp"),
              scale,
              filter.toString().toLowerCase(Locale.ROOT),
              noise,
              quality);
    }
  }

  /**
   * Draws.
   *
   * @param batch for what the pictures of a batch share
   * @param own for the rest
   */
  static Choices draw(RealWorldSettings settings, Cursor batch, Cursor own) {
    Range sizes = settings.kernelSize();
    return new Choices(
        Pass.draw(settings.first(), sizes, batch, own),
        Pass.draw(settings.second(), sizes, batch, own),
        FILTERS[batch.below(FILTERS.length)],
        batch.uniform() < 0.5,
        own.uniform() < settings.finalSinc()
            ? Optional.of(new Sinc(size(sizes, own), cutoff(1 / 3.0, own)))
            : Optional.empty());
  }

  private static double drawScale(ScaleRanges ranges, Cursor random) {
    double kind = random.uniform();
    double place = random.uniform();
    return kind < ranges.up()
        ? 1 + (ranges.factor().high() - 1) * place
        : kind < ranges.up() + ranges.down()
            ? ranges.factor().low() + (1 - ranges.factor().low()) * place
            : 1;
  }

  private static int size(Range sizes, Cursor random) {
    int low = (int) sizes.low();
    return low + 2 * random.below(((int) sizes.high() - low) / 2 + 1);
  }

  private static double cutoff(double least, Cursor random) {
    return Math.PI * random.uniform(least, 1);
  }

  private static Blur drawBlur(BlurRanges ranges, Range sizes, Cursor random) {
    int size = size(sizes, random);
    if (random.uniform() < ranges.sinc()) {
      return new Sinc(size, cutoff(size < 13 ? 1 / 3.0 : 1 / 5.0, random));
    }
    int kind = kind(ranges.kinds().shares(), random.uniform());
    Profile profile = Profile.values()[kind / 2];
    double sigma = ranges.sigma().draw(random);
    double beta =
        switch (profile) {
          case GAUSSIAN -> 1;
          case GENERALISED -> beta(ranges.generalisedBeta(), random);
          case PLATEAU -> beta(ranges.plateauBeta(), random);
        };
    return kind % 2 == 0
        ? Bell.round(profile, beta, size, sigma)
        : new Bell(
            profile,
            beta,
            size,
            sigma,
            ranges.sigma().draw(random),
            random.uniform(-Math.PI, Math.PI));
  }

  /** An index, drawn with these relative shares. */
  private static int kind(double[] shares, double u) {
    double sum = 0;
    for (double share : shares) {
      sum += share;
    }
    double left = u * sum;
    int last = 0;
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        last = i;
        if (left < shares[i]) {
          break;
        }
      }
      left -= shares[i];
    }
    return last;
  }

  private static double beta(Range range, Cursor random) {
    return random.uniform() < 0.5
        ? random.uniform(range.low(), Math.max(range.low(), 1))
        : random.uniform(Math.min(range.high(), 1), range.high());
  }

  private static Noise drawNoise(NoiseRanges ranges, boolean gaussian, Cursor random) {
    boolean grey = random.uniform() < ranges.grey();
    return gaussian
        ? new Noise.Gaussian(ranges.sigma().draw(random), grey)
        : new Noise.Poisson(ranges.poisson().draw(random), grey);
  }

  /** One line a step. */
  List<String> lines() {
    return List.of(
        "1: " + first,
        "2: " + second,
        "3: %s%s, %s"
            .formatted(
                jpegLast ? "" : "JPEG, ",
                lastFilter.toString().toLowerCase(Locale.ROOT),
                sinc.map(Object::toString).orElse("no sinc") + (jpegLast ? ", JPEG" : "")));
  }
}
