package io.github.taipan.nn.data;

/**
 * How patches are drawn from pairs. Sides are in pixels of the degraded picture.
 *
 * <p>A window serves progressive training: windows are drawn and turned as if a batch were to have
 * {@code loaded} samples of side {@code window}; a stage of smaller patches and batches takes a
 * random subset of them, and of each the one part that is drawn for the whole batch.
 *
 * @param side height and width of a patch
 * @param size samples of a batch
 * @param window side of the windows that are drawn, at least that of a patch
 * @param loaded windows that the samples are chosen from, at least as many as there are samples
 * @param texture candidate places for each sample, of which the one whose true patch has the most
 *     {@linkplain io.github.taipan.nn.image.Texture texture} is taken; 1 for a uniform place
 */
public record Patches(int side, int size, int window, int loaded, int texture) {
  /** Checks the numbers. */
  public Patches {
    if (side < 1 || size < 1 || texture < 1) {
      throw new IllegalArgumentException(
          "patch, batch and texture must be positive, not %d, %d and %d"
              .formatted(side, size, texture));
    }
    if (window < side || loaded < size) {
      throw new IllegalArgumentException(
          "%d patches of %d pixels cannot be taken from %d windows of %d"
              .formatted(size, side, loaded, window));
    }
  }

  /** Patches drawn uniformly, and each for itself. */
  public static Patches of(int side, int size) {
    return new Patches(side, size, side, size, 1);
  }

  /** The same cut from windows, of which so many are drawn. */
  public Patches within(int newWindow, int newLoaded) {
    return new Patches(side, size, newWindow, newLoaded, texture);
  }

  /** The same with so many candidates for each place. */
  public Patches textured(int candidates) {
    return new Patches(side, size, window, loaded, candidates);
  }
}
