package io.github.taipan.nn.image;

/** How a filter sees the pixels beyond the edge of a picture. */
public enum Border {
  /** The edge pixel again and again: a a | a b c | c c. */
  REPLICATE {
    @Override
    public int index(int position, int size) {
      return Math.clamp(position, 0, size - 1);
    }
  },
  /** The picture mirrored, its edge pixel twice: b a | a b c | c b. */
  SYMMETRIC {
    @Override
    public int index(int position, int size) {
      int phase = Math.floorMod(position, 2 * size);
      return phase < size ? phase : 2 * size - 1 - phase;
    }
  },
  /** The picture mirrored, its edge pixel once: c b | a b c | b a. */
  REFLECT {
    @Override
    public int index(int position, int size) {
      int phase = Math.floorMod(position, Math.max(2 * size - 2, 1));
      return phase < size ? phase : 2 * size - 2 - phase;
    }
  };

  /** The pixel in [0, size) that stands for this position. */
  public abstract int index(int position, int size);
}
