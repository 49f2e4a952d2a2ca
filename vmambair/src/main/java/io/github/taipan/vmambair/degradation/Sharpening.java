package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;

/**
 * Unsharp masking where a picture differs enough from its blurred self, with a soft mask, as in
 * BasicSR.
 *
 * @param size of the Gaussian, odd
 * @param weight of what is added
 * @param threshold the least difference, in 1/255
 */
public record Sharpening(int size, double weight, double threshold) {
  /** What Real-ESRGAN sharpens its true pictures with. */
  public static final Sharpening REAL_ESRGAN = new Sharpening(51, 0.5, 10);

  /** A sharpened copy, in [0, 1]. */
  public FloatImage sharpen(FloatImage image) {
    // OpenCV's width for a Gaussian of this size.
    Kernel gaussian = Blur.gaussian(size, 0.3 * ((size - 1) * 0.5 - 1) + 0.8);
    float[] x = image.values();
    float[] blurred = gaussian.filter(image).values();
    float[] sharp = new float[x.length];
    float[] mask = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      float residue = x[i] - blurred[i];
      mask[i] = Math.abs(residue) * 255 > threshold ? 1 : 0;
      sharp[i] = Math.clamp(x[i] + (float) weight * residue, 0f, 1f);
    }
    float[] soft = gaussian.filter(new FloatImage(image.height(), image.width(), mask)).values();
    for (int i = 0; i < x.length; i++) {
      sharp[i] = soft[i] * sharp[i] + (1 - soft[i]) * x[i];
    }
    return new FloatImage(image.height(), image.width(), sharp);
  }
}
