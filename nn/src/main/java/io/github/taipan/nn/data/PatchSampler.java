package io.github.taipan.nn.data;

import io.github.taipan.nn.image.Dihedral;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Texture;
import io.github.taipan.tensor.CounterRandom;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Random patches of pairs of pictures: a picture, a place and one of the eight flips and turns,
 * each drawn uniformly, and for one step all with the numbers of (seed, step). Pictures smaller
 * than a patch are mirrored at the bottom and right. The eight are what independent horizontal and
 * vertical flips and transpositions, each of probability one half, come to.
 */
public final class PatchSampler implements BatchSource {
  private static final int DRAWS = 4;
  private static final int CHANNELS = 3;
  private static final int TEXTURE_STRIDE = 4;

  private final ImagePairs pairs;
  private final Patches patches;
  private final CounterRandom random;

  /** A place in a picture, in pixels of the degraded one. */
  private record Place(int top, int left) {}

  /**
   * Patches of pairs. Where the true pictures are larger, none may be smaller than a window: what
   * is mirrored at both sizes does not fit together.
   */
  public PatchSampler(ImagePairs pairs, Patches patches, CounterRandom random) {
    ImageStore inputs = pairs.degraded();
    for (int i = 0; pairs.scale() > 1 && i < inputs.size(); i++) {
      if (Math.min(inputs.height(i), inputs.width(i)) < patches.window()) {
        throw new IllegalArgumentException(
            "%s of %dx%d is smaller than a patch of %d pixels"
                .formatted(inputs.name(i), inputs.width(i), inputs.height(i), patches.window()));
      }
    }
    this.pairs = pairs;
    this.patches = patches;
    this.random = random;
  }

  /**
   * Patches for super-resolution of {@link ImagePairs#superResolution}, none of which is too small.
   *
   * @param truthSide side of a patch of high resolution, a multiple of the scale
   * @param size samples of a batch
   */
  public static PatchSampler superResolution(
      List<Image> truths, int scale, int truthSide, int size, CounterRandom random) {
    if (truthSide % scale != 0) {
      throw new IllegalArgumentException(
          "a patch of %d pixels is no multiple of the scale %d".formatted(truthSide, scale));
    }
    Patches patches = Patches.of(truthSide / scale, size);
    return new PatchSampler(ImagePairs.superResolution(truths, scale, truthSide), patches, random);
  }

  /**
   * Aligned patches of pairs in memory.
   *
   * @param scale how many times larger the true pictures are, 1 for deraining
   * @param side side of a degraded patch
   * @param size samples of a batch
   */
  public static PatchSampler paired(
      List<Image> degraded,
      List<Image> truths,
      int scale,
      int side,
      int size,
      CounterRandom random) {
    return new PatchSampler(ImagePairs.of(degraded, truths, scale), Patches.of(side, size), random);
  }

  @Override
  public Batch batch(long step) {
    int size = patches.size();
    int side = patches.side();
    int truthSide = side * pairs.scale();
    int inputLength = side * side * CHANNELS;
    int targetLength = truthSide * truthSide * CHANNELS;
    float[] inputs = new float[Math.multiplyExact(size, inputLength)];
    float[] targets = new float[Math.multiplyExact(size, targetLength)];
    CounterRandom draws = random.split(step);
    CounterRandom stage = draws.split("stage");
    int[] chosen = subset(stage);
    Place part = new Place(offset(stage, 0), offset(stage, 1));
    for (int i = 0; i < size; i++) {
      long at = (long) DRAWS * chosen[i];
      int picture = draws.below(pairs.truths().size(), at);
      Place place = place(draws, chosen[i], picture);
      Dihedral turn = Dihedral.of(draws.below(8, at + 3));
      cut(pairs.degraded(), 1, picture, place, turn, part, inputs, i * inputLength);
      cut(pairs.truths(), pairs.scale(), picture, place, turn, part, targets, i * targetLength);
    }
    return new Batch(inputs, targets, size, side, truthSide);
  }

  /** Which windows become samples: the first of a shuffle, or all in order. */
  private int[] subset(CounterRandom stage) {
    int[] windows = IntStream.range(0, patches.loaded()).toArray();
    for (int i = 0; i < patches.size() && patches.size() < windows.length; i++) {
      int other = i + stage.below(windows.length - i, 2 + i);
      int swapped = windows[i];
      windows[i] = windows[other];
      windows[other] = swapped;
    }
    return windows;
  }

  /** Where in a window the batch's part begins: as published, never at the very last place. */
  private int offset(CounterRandom stage, int axis) {
    int slack = patches.window() - patches.side();
    return slack == 0 ? 0 : stage.below(slack, axis);
  }

  /** The place of a window: of the candidates the one with the most texture. */
  private Place place(CounterRandom draws, int window, int picture) {
    Place best = place(draws, picture, (long) DRAWS * window + 1);
    if (patches.texture() == 1) {
      return best;
    }
    CounterRandom others = draws.split("texture");
    double most = texture(picture, best);
    for (int k = 1; k < patches.texture(); k++) {
      Place candidate = place(others, picture, 2L * ((long) window * patches.texture() + k));
      double found = texture(picture, candidate);
      if (found > most) {
        most = found;
        best = candidate;
      }
    }
    return best;
  }

  private Place place(CounterRandom draws, int picture, long at) {
    int rows = Math.max(pairs.degraded().height(picture) - patches.window(), 0) + 1;
    int columns = Math.max(pairs.degraded().width(picture) - patches.window(), 0) + 1;
    return new Place(draws.below(rows, at), draws.below(columns, at + 1));
  }

  private double texture(int picture, Place place) {
    return Texture.of(window(pairs.truths(), pairs.scale(), picture, place), TEXTURE_STRIDE);
  }

  /** Writes the batch's part of a turned window. */
  private void cut(
      ImageStore store,
      int scale,
      int picture,
      Place place,
      Dihedral turn,
      Place part,
      float[] target,
      int offset) {
    int side = patches.side() * scale;
    int top = part.top * scale;
    int left = part.left * scale;
    int whole = patches.window() * scale;
    window(store, scale, picture, place)
        .copyTo(
            turn.sourceTop(top, left, whole, side),
            turn.sourceLeft(top, left, whole, side),
            side,
            side,
            turn,
            target,
            offset);
  }

  /** A window as it lies in the picture, mirrored where the picture is smaller. */
  private Image window(ImageStore store, int scale, int picture, Place place) {
    int side = patches.window() * scale;
    int height = Math.min(side, store.height(picture));
    int width = Math.min(side, store.width(picture));
    return store
        .crop(picture, place.top * scale, place.left * scale, height, width)
        .padTo(side, side);
  }
}
