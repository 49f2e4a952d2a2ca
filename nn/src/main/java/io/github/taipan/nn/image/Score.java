package io.github.taipan.nn.image;

import java.util.Collection;

/**
 * How near a restored picture is to the true one.
 *
 * @param psnr peak signal-to-noise ratio in decibels
 * @param ssim structural similarity, at most 1
 */
public record Score(double psnr, double ssim) {

  /** The mean of both measures over a set of pictures, not a number for an empty one. */
  public static Score mean(Collection<Score> scores) {
    return new Score(
        scores.stream().mapToDouble(Score::psnr).average().orElse(Double.NaN),
        scores.stream().mapToDouble(Score::ssim).average().orElse(Double.NaN));
  }
}
