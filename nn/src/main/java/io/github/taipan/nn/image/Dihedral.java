package io.github.taipan.nn.image;

import java.util.List;

/**
 * The eight flips and quarter turns of a picture, in the order of the deraining augmentation: each
 * counter-clockwise turn, then the same turned upside down (rows reversed).
 */
public enum Dihedral {
  IDENTITY(false, 1, 1),
  FLIP(false, -1, 1),
  TURN_90(true, 1, -1),
  TURN_90_FLIP(true, 1, 1),
  TURN_180(false, -1, -1),
  TURN_180_FLIP(false, 1, -1),
  TURN_270(true, -1, 1),
  TURN_270_FLIP(true, -1, -1);

  private static final List<Dihedral> ALL = List.of(values());

  private final boolean transposes;
  private final int stepY;
  private final int stepX;

  Dihedral(boolean transposes, int stepY, int stepX) {
    this.transposes = transposes;
    this.stepY = stepY;
    this.stepX = stepX;
  }

  /** The transform of an index, 0 to 7. */
  public static Dihedral of(int index) {
    if (index < 0 || index >= ALL.size()) {
      throw new IllegalArgumentException("There are 8 transforms, none of index " + index + ".");
    }
    return ALL.get(index);
  }

  /** The transform that undoes this one. */
  public Dihedral inverse() {
    return switch (this) {
      case TURN_90 -> TURN_270;
      case TURN_270 -> TURN_90;
      default -> this;
    };
  }

  /**
   * The first row, in a square, of the part that is turned to begin at (top, left).
   *
   * @param side of the square
   * @param part side of the part
   */
  public int sourceTop(int top, int left, int side, int part) {
    int row = transposes ? left : top;
    return stepY > 0 ? row : side - part - row;
  }

  /** The first column of that part. */
  public int sourceLeft(int top, int left, int side, int part) {
    int column = transposes ? top : left;
    return stepX > 0 ? column : side - part - column;
  }

  /** Whether rows become columns. */
  boolean transposes() {
    return transposes;
  }

  /** Direction in which the rows of the source are read: 1, or -1 from the last. */
  int stepY() {
    return stepY;
  }

  /** Direction in which the columns of the source are read: 1, or -1 from the last. */
  int stepX() {
    return stepX;
  }
}
