package io.github.taipan.vmambair;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.OutOfDeviceMemoryException;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.program.ProgramCache;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Restores pictures with a model: enlarges them four times, or removes rain. Thread-safe. The
 * network is recorded once for each size of tile, and what follows from the weights is computed
 * once: they must not change while a restorer uses them.
 *
 * {@snippet :
 * Restorer restorer = Restorer.load("sr4-light");
 * BufferedImage large = restorer.restore(ImageIO.read(new File("photo.png")));
 * }
 */
public final class Restorer {
  private static final int CHANNELS = 3;

  private static final double USABLE = 0.75;

  /** The part of a device's own memory to plan for: its kernels need some besides the tensors. */
  private static final double PLANNED = 0.6;

  /** How often tiles are made smaller where a device's memory did not do. */
  private static final int ATTEMPTS = 6;

  /** An array holds no more. */
  private static final int MOST_SAMPLES = Integer.MAX_VALUE - 8;

  private final Model model;
  private final long memory;
  private final double bytesPerPixel;
  private final ProgramCache programs;

  /** What a program may take of the device's own memory. */
  private volatile long deviceMemory;

  /** A restorer that runs a model where its weights are, and may use what the heap allows. */
  public Restorer(Model model) {
    this(model, usableHeap());
  }

  /** A restorer that runs a model where its weights are, with so many bytes of memory in all. */
  public Restorer(Model model, long memory) {
    this.model = model;
    this.memory = memory;
    this.bytesPerPixel = MemoryEstimate.bytesPerPixel(model.network().configuration());
    long free = model.parameters().device().freeMemory();
    this.deviceMemory = free == Long.MAX_VALUE ? free : (long) (PLANNED * free);
    Constants constants = new Constants();
    long kept = Math.min(memory, deviceMemory);
    this.programs = new ProgramCache(kept, shapes -> model.program(shapes.getFirst(), constants));
  }

  /**
   * A restorer on all cores.
   *
   * @param model a shipped model's name or a file of weights
   * @throws IOException one sentence: no such model, or what is wrong with the file
   */
  public static Restorer load(String model) throws IOException {
    Device device = Devices.open("cpu", Runtime.getRuntime().availableProcessors());
    return new Restorer(Model.load(model, device));
  }

  /** So many bytes of the heap may be full: the collector needs room for what is not freed yet. */
  public static long usableHeap() {
    return (long) (USABLE * Runtime.getRuntime().maxMemory());
  }

  /** The model. */
  public Model model() {
    return model;
  }

  /** How many times larger results are, along each side. */
  public int scale() {
    return model.network().configuration().task().scale();
  }

  /** Restores a picture; grey stays grey, and transparency is enlarged by bicubic interpolation. */
  public BufferedImage restore(BufferedImage image) {
    return restore(Picture.from(image)).toBufferedImage();
  }

  /** Restores a picture; grey stays grey, and transparency is enlarged by bicubic interpolation. */
  public Picture restore(Picture picture) {
    Image alpha = picture.alpha();
    Image restored = restore(picture.colour());
    return new Picture(
        restored, alpha == null || scale() == 1 ? alpha : Bicubic.enlarge(alpha, scale()));
  }

  /**
   * Restores an image: mirrored at the bottom and right to sides that are multiples of 8, run
   * through the network, cropped, clamped and rounded (half to even) to 8 bits. One that would need
   * more memory than allowed is restored in overlapping tiles; where a device's own memory turns
   * out to be too small, in smaller ones.
   */
  public Image restore(Image image) {
    Image rgb = image.toRgb();
    for (int attempt = 1; ; attempt++) {
      try {
        Tiling tiling = tiling(image.height(), image.width());
        Image restored = tiling.isWhole() ? whole(rgb) : tiled(rgb, tiling);
        return image.isGrey() ? restored.toGrey() : restored;
      } catch (OutOfDeviceMemoryException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        deviceMemory = Math.min(deviceMemory / 2, needed(image) / 2);
      }
    }
  }

  /** What the network takes for a whole image. */
  private long needed(Image image) {
    return (long) (bytesPerPixel * Tiling.padded(image.height()) * Tiling.padded(image.width()));
  }

  /** In words, whether an image of this size will be restored whole or in which tiles. */
  public String plan(int height, int width) {
    return tiling(height, width).toString();
  }

  /** How an image of this size will be cut. */
  Tiling tiling(int height, int width) {
    if ((long) height * width * scale() * scale() * CHANNELS > MOST_SAMPLES) {
      throw new IllegalArgumentException(
          "a picture of %dx%d is too large to be enlarged by %d: more than %d million pixels"
              .formatted(width, height, scale(), MOST_SAMPLES / CHANNELS / 1_000_000));
    }
    long weights = 4 * model.parameters().count();
    long pictures = (long) height * width * CHANNELS * (1 + scale() * scale());
    double blending = (double) scale() * scale() * CHANNELS * Float.BYTES;
    long network = Math.min(memory - weights - pictures, deviceMemory);
    return Tiling.within(height, width, network, bytesPerPixel, blending);
  }

  private Image whole(Image rgb) {
    int height = rgb.height() * scale();
    int width = rgb.width() * scale();
    float[] restored = forward(rgb);
    int restoredWidth = Tiling.padded(rgb.width()) * scale();
    float[] cropped = new float[height * width * CHANNELS];
    int line = width * CHANNELS;
    for (int y = 0; y < height; y++) {
      System.arraycopy(restored, y * restoredWidth * CHANNELS, cropped, y * line, line);
    }
    return Image.fromFloats(height, width, CHANNELS, cropped);
  }

  /**
   * One row of tiles after the other: the row's weighted results are added into a strip of floats,
   * of which the part that no later row reaches is rounded into the result.
   */
  private Image tiled(Image rgb, Tiling tiling) {
    int scale = scale();
    int line = tiling.width() * scale * CHANNELS;
    byte[] result = new byte[Math.multiplyExact(tiling.height() * scale, line)];
    float[] strip = new float[Math.multiplyExact(tiling.tileHeight() * scale, line)];
    for (int row = 0; row < tiling.rows(); row++) {
      for (int column = 0; column < tiling.columns(); column++) {
        addTile(rgb, tiling, row, column, strip);
      }
      int from = tiling.top(row) * scale * line;
      int finished = tiling.top(row + 1) * scale * line - from;
      Image.round(strip, finished, result, from);
      System.arraycopy(strip, finished, strip, 0, strip.length - finished);
      Arrays.fill(strip, strip.length - finished, strip.length, 0);
    }
    return Image.wrap(tiling.height() * scale, tiling.width() * scale, CHANNELS, result);
  }

  private void addTile(Image rgb, Tiling tiling, int row, int column, float[] strip) {
    int scale = scale();
    int left = tiling.left(column);
    int tileWidth = tiling.tileWidth();
    Image tile = rgb.crop(tiling.top(row), left, tiling.tileHeight(), tileWidth);
    float[] restored = forward(tile);
    int restoredLine = Tiling.padded(tileWidth) * scale * CHANNELS;
    int line = tiling.width() * scale * CHANNELS;
    float[] rowWeights = tiling.rowWeights(row, scale);
    float[] columnWeights = tiling.columnWeights(column, scale);
    for (int y = 0; y < rowWeights.length; y++) {
      int to = y * line + left * scale * CHANNELS;
      int from = y * restoredLine;
      for (int i = 0; i < tileWidth * scale * CHANNELS; i++) {
        strip[to + i] += rowWeights[y] * columnWeights[i / CHANNELS] * restored[from + i];
      }
    }
  }

  /** The network's output for an image padded to multiples of 8, padding included. */
  private float[] forward(Image rgb) {
    int height = Tiling.padded(rgb.height());
    int width = Tiling.padded(rgb.width());
    float[] padded = reflect(rgb.toFloats(), rgb.height(), rgb.width(), height, width);
    return programs.use(
        List.of(Shape.of(1, height, width, CHANNELS)),
        program -> {
          model.parameters().device().write(program.inputs().getFirst(), padded);
          program.run();
          return program.outputs().getFirst().toFloats();
        });
  }

  /** Mirrors without repeating the edge, as often as a tiny picture needs it. */
  private static float[] reflect(float[] rgb, int height, int width, int toHeight, int toWidth) {
    if (height == toHeight && width == toWidth) {
      return rgb;
    }
    float[] padded = new float[toHeight * toWidth * CHANNELS];
    for (int y = 0, to = 0; y < toHeight; y++) {
      for (int x = 0; x < toWidth; x++, to += CHANNELS) {
        int from = (mirror(y, height) * width + mirror(x, width)) * CHANNELS;
        System.arraycopy(rgb, from, padded, to, CHANNELS);
      }
    }
    return padded;
  }

  private static int mirror(int at, int size) {
    if (size == 1) {
      return 0;
    }
    int inPeriod = at % (2 * size - 2);
    return inPeriod < size ? inPeriod : 2 * size - 2 - inPeriod;
  }
}
