package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * The right operand of a matrix product where it lies: element (k, column) of a group, with k = tap
 * · channels + channel, is at {@code start + group · groupStep + column · columnStep + tap ·
 * tapStep + channel · channelStep} of values. Several taps lie one apart.
 *
 * @param columns columns of one group
 */
record MatrixView(
    float[] values,
    int start,
    int groups,
    int groupStep,
    int columns,
    int columnStep,
    int taps,
    int tapStep,
    int channels,
    int channelStep) {
  private static final int CHANNELS_TOGETHER = 16;

  /** Convolution weights OIHW as they stand. */
  static MatrixView weights(float[] weight, int groups, int out, int in, int taps) {
    int columns = out / groups;
    return new MatrixView(
        weight, 0, groups, columns * in * taps, columns, in * taps, taps, 1, in, taps);
  }

  /** The weights with which a gradient is convolved: in and out swapped, taps reversed. */
  static MatrixView transposedWeights(float[] weight, int groups, int out, int in, int taps) {
    int channels = out / groups;
    return new MatrixView(
        weight, taps - 1, groups, channels * in * taps, in, taps, taps, -1, channels, in * taps);
  }

  int depth() {
    return taps * channels;
  }

  private int first(int group, int column) {
    return start + group * groupStep + column * columnStep;
  }

  /** Copies some columns, row after row, each padded with zeros to a panel's width. */
  void copyPanel(int group, int column, int panel, float[] to, int toStart) {
    int width = Math.min(panel, columns - column);
    int from = first(group, column);
    if (columnStep == 1) {
      copyRows(from, width, panel, to, toStart);
    } else if (taps == 1 && channelStep == 1) {
      copyColumns(from, width, panel, to, toStart, channels);
    } else {
      copyTaps(from, width, panel, to, toStart);
    }
  }

  private void copyRows(int from, int width, int panel, float[] to, int at) {
    for (int tap = 0; tap < taps; tap++) {
      for (int channel = 0; channel < channels; channel++, at += panel) {
        int row = from + tap * tapStep + channel * channelStep;
        System.arraycopy(values, row, to, at, width);
        if (width < panel) {
          Arrays.fill(to, at + width, at + panel, 0);
        }
      }
    }
  }

  /** Copies columns whose values are neighbours, four at a time. */
  private void copyColumns(int from, int width, int panel, float[] to, int toStart, int depth) {
    int fours = width / 4 * 4;
    for (int column = 0; column < fours; column += 4) {
      fourColumns(from + column * columnStep, panel, to, toStart + column, depth);
    }
    for (int column = fours; column < panel; column++) {
      int at = from + column * columnStep;
      for (int k = 0; k < depth; k++) {
        to[toStart + k * panel + column] = column < width ? values[at + k] : 0;
      }
    }
  }

  private void fourColumns(int from0, int panel, float[] to, int toStart, int depth) {
    int from1 = from0 + columnStep;
    int from2 = from1 + columnStep;
    int from3 = from2 + columnStep;
    for (int k = 0; k < depth; k++) {
      int at = toStart + k * panel;
      to[at] = values[from0 + k];
      to[at + 1] = values[from1 + k];
      to[at + 2] = values[from2 + k];
      to[at + 3] = values[from3 + k];
    }
  }

  /**
   * Copies columns whose taps are neighbours: some channels at a time as they lie, then in order.
   */
  private void copyTaps(int from, int width, int panel, float[] to, int toStart) {
    int together = channelStep == taps ? CHANNELS_TOGETHER : 1;
    float[] unordered = Scratch.floats(Scratch.Use.TASK_PANEL, together * taps * panel);
    int lowestTap = Math.min(0, (taps - 1) * tapStep);
    for (int first = 0; first < channels; first += together) {
      int count = Math.min(together, channels - first);
      int at = from + first * channelStep + lowestTap;
      copyColumns(at, width, panel, unordered, 0, count * taps);
      for (int tap = 0; tap < taps; tap++) {
        int row = tap * tapStep - lowestTap;
        int rowTo = toStart + (tap * channels + first) * panel;
        for (int channel = 0; channel < count; channel++) {
          System.arraycopy(
              unordered, (channel * taps + row) * panel, to, rowTo + channel * panel, panel);
        }
      }
    }
  }

  /** Copies one column. */
  void copyColumn(int group, int column, float[] to, int at) {
    int from = first(group, column);
    for (int tap = 0; tap < taps; tap++) {
      for (int channel = 0; channel < channels; channel++) {
        to[at++] = values[from + tap * tapStep + channel * channelStep];
      }
    }
  }
}
