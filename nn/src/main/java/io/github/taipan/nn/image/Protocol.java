package io.github.taipan.nn.image;

/**
 * A rule by which a restored picture is compared with the true one. Published figures differ in
 * these choices by tenths of a decibel, so each table has to name its own.
 *
 * @param plane what of the pictures is compared
 * @param crop pixels left out along each edge
 * @param derainingFork whether to measure as the deraining code's fork of BasicSR does while
 *     training: PSNR in float32, and SSIM over the whole picture with replicated borders
 */
public record Protocol(Plane plane, int crop, boolean derainingFork) {

  /** What of a picture is compared. */
  public enum Plane {
    /** BT.601 luma of studio range, not rounded (BasicSR). Grey counts as R = G = B. */
    Y,
    /** The same rounded to 8 bits, as MATLAB's {@code rgb2ycbcr}. Grey is compared as it is. */
    ROUNDED_Y,
    /** The samples, all channels weighing the same. */
    RGB
  }

  /** Checks the crop. */
  public Protocol {
    if (crop < 0) {
      throw new IllegalArgumentException("The crop cannot be negative, it is " + crop + ".");
    }
  }

  /** Y, not rounded: the convention of current tables. */
  public static Protocol y(int crop) {
    return new Protocol(Plane.Y, crop, false);
  }

  /** Y, rounded: the convention of MATLAB scripts and older tables. */
  public static Protocol roundedY(int crop) {
    return new Protocol(Plane.ROUNDED_Y, crop, false);
  }

  /** All three channels. */
  public static Protocol rgb(int crop) {
    return new Protocol(Plane.RGB, crop, false);
  }

  /** Y as the deraining fork of BasicSR measures while training. */
  public static Protocol derainingFork(int crop) {
    return new Protocol(Plane.Y, crop, true);
  }

  /** Peak signal-to-noise ratio and structural similarity of two pictures. */
  public Score measure(Image restored, Image truth) {
    return new Score(psnr(restored, truth), ssim(restored, truth));
  }

  /**
   * Peak signal-to-noise ratio, 10 log10(255² / mean squared error), in decibels; infinite for
   * equal pictures.
   */
  public double psnr(Image restored, Image truth) {
    float[][] a = planes(restored, truth);
    float[][] b = planes(truth, restored);
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      for (int i = 0; i < a[c].length; i++) {
        if (derainingFork) {
          float difference = a[c][i] - b[c][i];
          sum += difference * difference;
        } else {
          double difference = (double) a[c][i] - b[c][i];
          sum += difference * difference;
        }
      }
    }
    double mean = sum / ((double) a.length * a[0].length);
    return derainingFork
        ? 20f * (float) Math.log10(255f / (float) Math.sqrt((float) mean))
        : 10 * Math.log10(255.0 * 255.0 / mean);
  }

  /**
   * Structural similarity (Wang, Bovik, Sheikh, Simoncelli, 2004), at most 1; the mean over the
   * channels.
   */
  public double ssim(Image restored, Image truth) {
    float[][] a = planes(restored, truth);
    float[][] b = planes(truth, restored);
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += Ssim.mean(a[c], b[c], height(truth), width(truth), derainingFork);
    }
    return sum / a.length;
  }

  private int height(Image image) {
    return image.height() - 2 * crop;
  }

  private int width(Image image) {
    return image.width() - 2 * crop;
  }

  /** The planes to compare, cropped: one for luma, one for each channel otherwise. */
  private float[][] planes(Image image, Image other) {
    if (image.height() != other.height() || image.width() != other.width()) {
      throw new IllegalArgumentException(
          "Pictures of one size can be compared, not %dx%d with %dx%d."
              .formatted(image.height(), image.width(), other.height(), other.width()));
    }
    if (height(image) < 1 || width(image) < 1) {
      throw new IllegalArgumentException(
          "nothing of a picture of %dx%d is left after cropping %d pixels at each edge"
              .formatted(image.width(), image.height(), crop));
    }
    boolean grey = image.isGrey() && other.isGrey();
    Image whole = grey ? image : image.toRgb();
    Image inner = whole.crop(crop, crop, height(image), width(image));
    byte[] samples = inner.samples();
    boolean luma = plane == Plane.Y || (plane == Plane.ROUNDED_Y && !grey);
    int channels = inner.channels();
    float[][] planes = new float[luma ? 1 : channels][inner.height() * inner.width()];
    for (int i = 0; i < planes[0].length; i++) {
      if (luma) {
        int red = samples[i * channels] & 0xFF;
        int green = samples[i * channels + channels / 2] & 0xFF;
        int blue = samples[i * channels + channels - 1] & 0xFF;
        planes[0][i] = plane == Plane.Y ? luma(red, green, blue) : roundedLuma(red, green, blue);
      } else {
        for (int c = 0; c < channels; c++) {
          planes[c][i] = samples[i * channels + c] & 0xFF;
        }
      }
    }
    return planes;
  }

  /** Y with BasicSR's roundings: it holds the samples and Y/255 as float32. */
  private static float luma(int red, int green, int blue) {
    double y = 24.966 * (blue / 255f) + 128.553 * (green / 255f) + 65.481 * (red / 255f) + 16;
    return (float) (y / 255) * 255f;
  }

  private static float roundedLuma(int red, int green, int blue) {
    return (float) Math.floor((65.481 * red + 128.553 * green + 24.966 * blue) / 255 + 16.5);
  }
}
