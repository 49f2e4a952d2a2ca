package io.github.taipan.nn.data;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Dihedral;
import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Random patches of pictures held in memory: a picture, a place and one of the eight flips and
 * turns, each drawn uniformly, and for one step all with the numbers of (seed, step). Pictures
 * smaller than a patch are mirrored at the bottom and right.
 */
public final class PatchSampler implements BatchSource {
  private static final int DRAWS = 4;
  private static final int CHANNELS = 3;

  private final List<Image> degraded;
  private final List<Image> truths;
  private final int scale;
  private final int side;
  private final int size;
  private final CounterRandom random;

  private PatchSampler(
      List<Image> degraded,
      List<Image> truths,
      int scale,
      int side,
      int size,
      CounterRandom random) {
    this.degraded = degraded;
    this.truths = truths;
    this.scale = scale;
    this.side = side;
    this.size = size;
    this.random = random;
  }

  /**
   * Pairs for super-resolution: each picture is shrunk whole by {@link Bicubic#shrink}, once, and
   * aligned patches are cut from both.
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
    check(truths, truthSide, size);
    List<Image> high =
        truths.stream()
            .map(image -> image.toRgb().padTo(truthSide, truthSide).cropToMultiple(scale))
            .toList();
    List<Image> low = high.parallelStream().map(image -> Bicubic.shrink(image, scale)).toList();
    return new PatchSampler(low, high, scale, truthSide / scale, size, random);
  }

  /**
   * Aligned patches of given pairs. Where the true pictures are larger, none may be smaller than a
   * patch: what is mirrored at both sizes does not fit together.
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
    check(truths, side, size);
    if (degraded.size() != truths.size()) {
      throw new IllegalArgumentException(
          "%d degraded pictures do not pair with %d true ones"
              .formatted(degraded.size(), truths.size()));
    }
    List<Image> inputs = new ArrayList<>();
    List<Image> targets = new ArrayList<>();
    for (int i = 0; i < truths.size(); i++) {
      Image input = degraded.get(i);
      Image target = truths.get(i);
      if (input.height() * scale != target.height() || input.width() * scale != target.width()) {
        throw new IllegalArgumentException(
            "pair %d does not fit: %s and %s, scale %d".formatted(i, input, target, scale));
      }
      if (scale > 1 && Math.min(input.height(), input.width()) < side) {
        throw new IllegalArgumentException(
            "pair %d is smaller than a patch of %d pixels: %s".formatted(i, side, input));
      }
      inputs.add(input.toRgb().padTo(side, side));
      targets.add(target.toRgb().padTo(side * scale, side * scale));
    }
    return new PatchSampler(List.copyOf(inputs), List.copyOf(targets), scale, side, size, random);
  }

  private static void check(List<Image> truths, int side, int size) {
    if (truths.isEmpty()) {
      throw new IllegalArgumentException("there is no picture to take patches from");
    }
    if (side < 1 || size < 1) {
      throw new IllegalArgumentException(
          "patch and batch must be positive, not %d and %d".formatted(side, size));
    }
  }

  @Override
  public Batch batch(long step) {
    int truthSide = side * scale;
    int inputLength = side * side * CHANNELS;
    int targetLength = truthSide * truthSide * CHANNELS;
    float[] inputs = new float[Math.multiplyExact(size, inputLength)];
    float[] targets = new float[Math.multiplyExact(size, targetLength)];
    CounterRandom draws = random.split(step);
    for (int i = 0; i < size; i++) {
      int picture = draws.below(truths.size(), (long) DRAWS * i);
      Image input = degraded.get(picture);
      int top = draws.below(input.height() - side + 1, (long) DRAWS * i + 1);
      int left = draws.below(input.width() - side + 1, (long) DRAWS * i + 2);
      Dihedral turn = Dihedral.of(draws.below(8, (long) DRAWS * i + 3));
      input.copyTo(top, left, side, side, turn, inputs, i * inputLength);
      truths
          .get(picture)
          .copyTo(top * scale, left * scale, truthSide, truthSide, turn, targets, i * targetLength);
    }
    return new Batch(inputs, targets, size, side, truthSide);
  }
}
