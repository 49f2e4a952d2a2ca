package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.data.Batch;
import io.github.taipan.nn.data.BatchSource;
import io.github.taipan.nn.data.ImageStore;
import io.github.taipan.nn.image.Border;
import io.github.taipan.nn.image.Dihedral;
import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Texture;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.CounterRandom.Cursor;
import io.github.taipan.vmambair.degradation.PairPool.Fresh;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Random patches of pictures that are degraded anew each time. A picture is drawn, cropped, turned,
 * mirrored at the bottom and right where it is smaller than the crop, degraded and rounded to 8
 * bits; of both a patch is cut at the same place. A batch is a pure function of (seed, step), and
 * its samples are made on several threads.
 */
public final class DegradedPatches implements BatchSource {
  private static final int TEXTURE_STRIDE = 2;

  private final ImageStore truths;
  private final Degradation degradation;
  private final Options options;
  private final CounterRandom random;
  private final PairPool pool;

  /** How a crop is flipped and turned. */
  public enum Turns {
    /** Not at all. */
    NONE,
    /** Left and right swapped, half of the time. */
    MIRROR,
    /** One of the eight flips and quarter turns. */
    ALL;

    private Dihedral draw(Cursor random) {
      int index = random.below(8);
      return switch (this) {
        case NONE -> Dihedral.IDENTITY;
        case MIRROR -> index < 4 ? Dihedral.IDENTITY : Dihedral.TURN_180_FLIP;
        case ALL -> Dihedral.of(index);
      };
    }
  }

  /**
   * Sizes, in pixels of the true picture.
   *
   * @param crop side of what is degraded, a multiple of the scale
   * @param patch side of what the network should give, a multiple of the scale
   * @param size samples of a batch
   * @param pool pairs in the training pair pool, a multiple of the batch, or 0 for none
   * @param texture candidate places for each crop, of which the one with the most texture is taken
   */
  public record Options(int crop, int patch, int size, Turns turns, int pool, int texture) {
    /** Those of real-world super-resolution. */
    public static final Options REAL_WORLD = new Options(600, 256, 9, Turns.MIRROR, 180, 1);
  }

  /** What a network gets, and what it should give. */
  record Pair(Image degraded, Image truth) {}

  /**
   * A source of batches.
   *
   * @param truths the true pictures, of any size
   */
  public DegradedPatches(
      ImageStore truths, Degradation degradation, Options options, CounterRandom random) {
    if (truths.size() == 0) {
      throw new IllegalArgumentException("there is no picture to take patches from");
    }
    int scale = degradation.scale();
    if (options.patch < scale
        || options.patch > options.crop
        || options.patch % scale != 0
        || options.crop % scale != 0) {
      throw new IllegalArgumentException(
          "crop and patch are multiples of %d, and the patch is not the larger: got %d and %d"
              .formatted(scale, options.crop, options.patch));
    }
    this.truths = truths;
    this.degradation = degradation;
    this.options = options;
    this.random = random;
    this.pool = new PairPool(options.pool, options.size, random.split("pool"));
  }

  @Override
  public Batch batch(long step) {
    int side = options.patch / degradation.scale();
    int inputLength = side * side * FloatImage.CHANNELS;
    int targetLength = options.patch * options.patch * FloatImage.CHANNELS;
    float[] inputs = new float[Math.multiplyExact(options.size, inputLength)];
    float[] targets = new float[Math.multiplyExact(options.size, targetLength)];
    Fresh[] taken = pool.taken(step);
    IntStream.range(0, taken.length)
        .parallel()
        .forEach(
            i -> {
              Pair pair = pair(taken[i]);
              pair.degraded.copyTo(0, 0, side, side, Dihedral.IDENTITY, inputs, i * inputLength);
              pair.truth.copyTo(
                  0, 0, options.patch, options.patch, Dihedral.IDENTITY, targets, i * targetLength);
            });
    return new Batch(inputs, targets, options.size, side, options.patch);
  }

  /** A fresh pair, as large as a patch. */
  Pair pair(Fresh fresh) {
    CounterRandom batch = random.split("batch").split(fresh.step());
    CounterRandom own = batch.split(fresh.index());
    Cursor draws = own.split("place").cursor(0);
    Image truth = crop(draws);
    FloatImage degraded =
        degradation.degrade(FloatImage.of(truth), batch.split("draws"), own.split("draws"));
    int scale = degradation.scale();
    int side = options.patch / scale;
    int top = draws.below(degraded.height() - side + 1);
    int left = draws.below(degraded.width() - side + 1);
    return new Pair(
        degraded.toImage().crop(top, left, side, side),
        truth.crop(top * scale, left * scale, options.patch, options.patch));
  }

  /** Of the candidate places in one picture, the crop with the most texture. */
  private Image crop(Cursor draws) {
    int picture = draws.below(truths.size());
    int height = Math.min(truths.height(picture), options.crop);
    int width = Math.min(truths.width(picture), options.crop);
    Image best = null;
    double most = 0;
    for (int k = 0; k < options.texture; k++) {
      int top = draws.below(truths.height(picture) - height + 1);
      int left = draws.below(truths.width(picture) - width + 1);
      Image candidate = truths.crop(picture, top, left, height, width);
      double found = options.texture == 1 ? 0 : Texture.of(candidate, TEXTURE_STRIDE);
      if (best == null || found > most) {
        best = candidate;
        most = found;
      }
    }
    return Objects.requireNonNull(best)
        .turn(options.turns.draw(draws))
        .padTo(options.crop, options.crop, Border.REFLECT)
        .toRgb();
  }
}
