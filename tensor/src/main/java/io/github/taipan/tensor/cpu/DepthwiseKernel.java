package io.github.taipan.tensor.cpu;

/**
 * The inner loops of depthwise convolutions with a 3x3 kernel, step 1 and padding 1. A line of
 * output sees three lines of input, {@code width} pixels each: x from {@code middle}, and what lies
 * above and below it, which may be zeros instead.
 */
interface DepthwiseKernel {
  /** The fewest channels that the loops can work on. */
  int lanes();

  /** How many lines {@link #lines} takes at once, which shares what it loads among them. */
  int together();

  /**
   * Computes the pixels {@code from} to {@code to} − 1 of {@link #together} lines, or of one.
   *
   * @param count the number of lines
   * @param x holds the lines' middle ones, the first from {@code middle}
   * @param below what the last line sees below it
   * @param weights {@code [10, channels]}: nine taps, then the bias
   * @param yAt where pixel {@code from} of the first line is in y
   * @param yStep how far apart the lines are in y
   */
  void lines(
      int count,
      float[] above,
      int aboveAt,
      float[] x,
      int middle,
      float[] below,
      int belowAt,
      int width,
      int channels,
      float[] weights,
      float[] y,
      int yAt,
      int yStep,
      int from,
      int to);

  /**
   * Adds to the sums {@code [3, 3, channels]} of the weight gradient from {@code sumsAt} what one
   * line of the upstream gradient contributes. Channels are worked on {@link #lanes} at a time;
   * when they are no multiple, the last group reaches back over the group before it and has sums of
   * its own, so there are {@code channels} rounded up per tap.
   *
   * @param gAt where the line starts in g
   */
  void weightGradient(
      float[] above,
      int aboveAt,
      float[] x,
      int middle,
      float[] below,
      int belowAt,
      int width,
      int channels,
      float[] g,
      int gAt,
      float[] sums,
      int sumsAt);
}
