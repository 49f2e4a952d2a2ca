package io.github.taipan.nn.image;

import java.util.Arrays;

/**
 * A picture in memory: 8-bit samples, one (grey) or three (red, green, blue) channels, stored
 * {@code [height, width, channel]} without gaps. Immutable.
 */
public final class Image {
  private static final long MAX_SAMPLES = Integer.MAX_VALUE - 8;

  private final int height;
  private final int width;
  private final int channels;
  private final byte[] samples;

  private Image(int height, int width, int channels, byte[] samples) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.samples = samples;
  }

  /**
   * A picture of a copy of these samples.
   *
   * @param samples unsigned bytes, {@code [height, width, channels]}
   */
  public static Image of(int height, int width, int channels, byte[] samples) {
    return wrap(height, width, channels, samples.clone());
  }

  /** As {@link #of}, keeping the array: for callers that give it away. */
  public static Image wrap(int height, int width, int channels, byte[] samples) {
    checkLength(height, width, channels, samples.length);
    return new Image(height, width, channels, samples);
  }

  /**
   * Rounds a picture from floats as the networks give it: clamped to [0, 1], times 255, rounded
   * half to even.
   *
   * @param values {@code [height, width, channels]}
   */
  public static Image fromFloats(int height, int width, int channels, float[] values) {
    checkLength(height, width, channels, values.length);
    byte[] samples = new byte[values.length];
    round(values, samples.length, samples, 0);
    return new Image(height, width, channels, samples);
  }

  /** The rounding of {@link #fromFloats}, of the first so many values, into a part of an array. */
  public static void round(float[] values, int count, byte[] target, int offset) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = (byte) (int) Math.rint(Math.clamp(values[i], 0f, 1f) * 255f);
    }
  }

  private static void checkLength(int height, int width, int channels, int length) {
    if (height < 1 || width < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "An image has a positive size and 1 or 3 channels, not %dx%dx%d."
              .formatted(height, width, channels));
    }
    if (samples(height, width, channels) != length) {
      throw new IllegalArgumentException(
          "An image of %dx%dx%d does not have %d samples."
              .formatted(height, width, channels, length));
    }
  }

  /** The number of samples of an image, if an array can hold them. */
  private static int samples(int height, int width, int channels) {
    long pixels = (long) height * width;
    if (pixels > MAX_SAMPLES / channels) {
      throw new IllegalArgumentException(
          "An image of %dx%dx%d is too large for one array.".formatted(height, width, channels));
    }
    return (int) (pixels * channels);
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** 1 (grey) or 3 (red, green, blue). */
  public int channels() {
    return channels;
  }

  public boolean isGrey() {
    return channels == 1;
  }

  /** One sample, 0 to 255. */
  public int sample(int y, int x, int channel) {
    return samples[(y * width + x) * channels + channel] & 0xFF;
  }

  /** A copy of the samples, {@code [height, width, channels]}. */
  public byte[] toBytes() {
    return samples.clone();
  }

  /** The samples themselves: not to be written to. */
  byte[] samples() {
    return samples;
  }

  /** The samples divided by 255, {@code [height, width, channels]}. */
  public float[] toFloats() {
    float[] values = new float[samples.length];
    copyTo(0, 0, height, width, Dihedral.IDENTITY, values, 0);
    return values;
  }

  /**
   * Writes a turned crop, divided by 255, into a batch.
   *
   * @param cropHeight height of the crop before it is turned
   * @param cropWidth width of the crop before it is turned
   * @param target receives {@code [height, width, channels]} of the turned crop
   * @param offset where in the target it begins
   */
  public void copyTo(
      int top, int left, int cropHeight, int cropWidth, Dihedral turn, float[] target, int offset) {
    checkCrop(top, left, cropHeight, cropWidth);
    int rows = turn.transposes() ? cropWidth : cropHeight;
    int columns = turn.transposes() ? cropHeight : cropWidth;
    int stepDown = (turn.transposes() ? turn.stepX() : turn.stepY() * width) * channels;
    int stepRight = (turn.transposes() ? turn.stepY() * width : turn.stepX()) * channels;
    int startY = turn.stepY() > 0 ? top : top + cropHeight - 1;
    int startX = turn.stepX() > 0 ? left : left + cropWidth - 1;
    int row = (startY * width + startX) * channels;
    for (int y = 0; y < rows; y++, row += stepDown) {
      for (int x = 0, from = row; x < columns; x++, from += stepRight) {
        for (int c = 0; c < channels; c++) {
          target[offset++] = (samples[from + c] & 0xFF) / 255f;
        }
      }
    }
  }

  /** The rectangle that begins at (top, left). */
  public Image crop(int top, int left, int cropHeight, int cropWidth) {
    checkCrop(top, left, cropHeight, cropWidth);
    byte[] out = new byte[samples(cropHeight, cropWidth, channels)];
    int line = cropWidth * channels;
    for (int y = 0; y < cropHeight; y++) {
      System.arraycopy(samples, ((top + y) * width + left) * channels, out, y * line, line);
    }
    return new Image(cropHeight, cropWidth, channels, out);
  }

  private void checkCrop(int top, int left, int cropHeight, int cropWidth) {
    if (top < 0
        || left < 0
        || cropHeight < 1
        || cropWidth < 1
        || cropHeight > height - top
        || cropWidth > width - left) {
      throw new IllegalArgumentException(
          "A crop of %dx%d at (%d, %d) is not inside an image of %dx%d."
              .formatted(cropHeight, cropWidth, top, left, height, width));
    }
  }

  /** Without the last rows and columns that make the size no multiple of {@code factor}. */
  public Image cropToMultiple(int factor) {
    return height % factor == 0 && width % factor == 0
        ? this
        : crop(0, 0, height - height % factor, width - width % factor);
  }

  /** Grown at the bottom and right to at least this size, mirroring with the edge pixel. */
  public Image padTo(int minimumHeight, int minimumWidth) {
    return padTo(minimumHeight, minimumWidth, Border.SYMMETRIC);
  }

  /** Grown at the bottom and right to at least this size, with what the border shows there. */
  public Image padTo(int minimumHeight, int minimumWidth, Border border) {
    if (height >= minimumHeight && width >= minimumWidth) {
      return this;
    }
    int newHeight = Math.max(height, minimumHeight);
    int newWidth = Math.max(width, minimumWidth);
    byte[] out = new byte[samples(newHeight, newWidth, channels)];
    for (int y = 0, to = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++, to += channels) {
        int from = border.index(y, height) * width + border.index(x, width);
        System.arraycopy(samples, from * channels, out, to, channels);
      }
    }
    return new Image(newHeight, newWidth, channels, out);
  }

  /** Flipped or turned. */
  public Image turn(Dihedral turn) {
    int rows = turn.transposes() ? width : height;
    int columns = turn.transposes() ? height : width;
    byte[] out = new byte[samples.length];
    for (int y = 0, to = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++, to += channels) {
        int sourceY = turn.transposes() ? x : y;
        int sourceX = turn.transposes() ? y : x;
        int from =
            (turn.stepY() > 0 ? sourceY : height - 1 - sourceY) * width
                + (turn.stepX() > 0 ? sourceX : width - 1 - sourceX);
        System.arraycopy(samples, from * channels, out, to, channels);
      }
    }
    return new Image(rows, columns, channels, out);
  }

  /** Three channels: a grey picture repeats its own. */
  public Image toRgb() {
    if (channels == 3) {
      return this;
    }
    byte[] out = new byte[samples(height, width, 3)];
    for (int i = 0; i < out.length; i++) {
      out[i] = samples[i / 3];
    }
    return new Image(height, width, 3, out);
  }

  /** One channel: the full-range luma of BT.601, 0.299 R + 0.587 G + 0.114 B, rounded. */
  public Image toGrey() {
    if (channels == 1) {
      return this;
    }
    byte[] out = new byte[height * width];
    for (int i = 0; i < out.length; i++) {
      int weighted =
          299 * (samples[3 * i] & 0xFF)
              + 587 * (samples[3 * i + 1] & 0xFF)
              + 114 * (samples[3 * i + 2] & 0xFF);
      out[i] = (byte) ((weighted + 500) / 1000);
    }
    return new Image(height, width, 1, out);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Image that
        && height == that.height
        && width == that.width
        && channels == that.channels
        && Arrays.equals(samples, that.samples);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * height + width) + Arrays.hashCode(samples);
  }

  @Override
  public String toString() {
    return "Image[%dx%dx%d]".formatted(height, width, channels);
  }
}
