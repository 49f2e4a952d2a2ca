package io.github.taipan.tensor.cpu;

/** The inner loops of depthwise convolutions with a 3x3 kernel, step 1 and padding 1. */
interface DepthwiseKernel {
  /** The fewest channels that the loops can work on. */
  int lanes();

  /**
   * Output pixels {@code from} to {@code to} − 1 of one row.
   *
   * @param weights {@code [3, 3, channels]}
   * @param yAt where the output row starts in y
   */
  void row(Lines lines, float[] weights, float[] bias, float[] y, int yAt, int from, int to);

  /**
   * Adds to the sums {@code [3, 3, channels]} of the weight gradient what the input columns {@code
   * from} to {@code to} − 1 contribute to one output row. Channels are worked on {@link #lanes} at a
   * time; when they are no multiple, the last group reaches back over the group before it and has sums
   * of its own, so the sums of a tap are {@code channels} rounded up.
   *
   * @param gAt where the row of the upstream gradient starts in g
   */
  void weightGradient(Lines lines, float[] g, int gAt, float[] sums, int from, int to);

  /** The three input rows that an output row sees, each an array and where the row starts in it. */
  record Lines(
      float[] above,
      int aboveAt,
      float[] middle,
      int middleAt,
      float[] below,
      int belowAt,
      int width,
      int channels) {}
}
