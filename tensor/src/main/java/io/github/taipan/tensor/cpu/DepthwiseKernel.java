package io.github.taipan.tensor.cpu;

/** The inner loops of depthwise convolutions with a 3x3 kernel, step 1 and padding 1. */
interface DepthwiseKernel {
  /** The fewest channels that the loops can work on. */
  int lanes();

  /**
   * Computes one line of output.
   *
   * @param weights {@code [3, 3, channels]}
   * @param yAt where the line starts in y
   */
  void line(Lines lines, float[] weights, float[] bias, float[] y, int yAt);

  /**
   * Adds to the sums {@code [3, 3, channels]} of the weight gradient from {@code sumsAt} what one
   * line of the upstream gradient contributes. Channels are worked on {@link #lanes} at a time;
   * when they are no multiple, the last group reaches back over the group before it and has sums of
   * its own, so there are {@code channels} rounded up per tap.
   *
   * @param gAt where the line starts in g
   */
  void weightGradient(Lines lines, float[] g, int gAt, float[] sums, int sumsAt);

  /**
   * The three lines of input that a line of output sees: the arrays that hold them, which may be
   * zeros alone, and where in those they start.
   */
  record Lines(float[][] arrays, int[] starts, int width, int channels, float[] zeros) {}
}
