package io.github.taipan.nn.image;

/**
 * An RGB picture of floats, nominally in [0, 1], stored {@code [height, width, 3]}: what
 * degradations compute with before the result is rounded to an {@link Image}. Whoever holds it may
 * write to its values.
 */
public record FloatImage(int height, int width, float[] values) {
  /** Red, green, blue. */
  public static final int CHANNELS = 3;

  /** Checks the size. */
  public FloatImage {
    if (height < 1 || width < 1 || (long) height * width * CHANNELS != values.length) {
      throw new IllegalArgumentException(
          "A picture of %dx%d does not have %d samples.".formatted(height, width, values.length));
    }
  }

  /** A black picture. */
  public static FloatImage black(int height, int width) {
    return new FloatImage(height, width, new float[Math.multiplyExact(height * CHANNELS, width)]);
  }

  /** The samples of a picture divided by 255; grey is repeated. */
  public static FloatImage of(Image image) {
    return new FloatImage(image.height(), image.width(), image.toRgb().toFloats());
  }

  /** Clamped to [0, 1] and rounded to 8 bits. */
  public Image toImage() {
    return Image.fromFloats(height, width, CHANNELS, values);
  }
}
