package io.github.taipan.tensor;

/**
 * The order in which a selective scan visits the pixels of a map: along rows or along columns, from
 * the first pixel to the last or back. These are the four plane directions of VmambaIR's omni
 * selective scan (arXiv 2403.11423, section 3.2); its two channel directions are {@link #ROWS} and
 * {@link #ROWS_REVERSED} over a map of height 1 whose pixels are the channels.
 */
public enum ScanPath {
  /** Left to right, top to bottom. */
  ROWS(false, false),
  /** Top to bottom, left to right. */
  COLUMNS(true, false),
  /** {@link #ROWS} backwards. */
  ROWS_REVERSED(false, true),
  /** {@link #COLUMNS} backwards. */
  COLUMNS_REVERSED(true, true);

  private final boolean columns;
  private final boolean reversed;

  ScanPath(boolean columns, boolean reversed) {
    this.columns = columns;
    this.reversed = reversed;
  }

  /** The pixel, as {@code row · width + column}, that the scan visits at a step. */
  public int pixel(int step, int height, int width) {
    int at = reversed ? height * width - 1 - step : step;
    return columns ? at % height * width + at / height : at;
  }
}
