package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * The right operand of a matrix product as a view: element (k, column) of a group, with k = tap ·
 * channels + channel, lies at {@code start + group · groupStep + column · columnStep + tap ·
 * tapStep + channel · channelStep} of values. Several taps lie one apart.
 *
 * @param columns columns of one group
 */
record PackedMatrix(
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
  static PackedMatrix weights(float[] weight, int groups, int out, int in, int taps) {
    int columns = out / groups;
    return new PackedMatrix(
        weight, 0, groups, columns * in * taps, columns, in * taps, taps, 1, in, taps);
  }

  /** The weights with which a gradient is convolved: in and out swapped, taps reversed. */
  static PackedMatrix transposedWeights(float[] weight, int groups, int out, int in, int taps) {
    int channels = out / groups;
    return new PackedMatrix(
        weight, taps - 1, groups, channels * in * taps, in, taps, taps, -1, channels, in * taps);
  }

  int depth() {
    return taps * channels;
  }

  int panelsPerGroup(int panel) {
    return Math.ceilDiv(columns, panel);
  }

  /**
   * Packs all panels, each {@code panel} columns wide and row after row, padded with zeros on the
   * right: panel q starts at {@code q · depth · panel}.
   */
  float[] panels(Context context) {
    GemmKernel kernel = context.kernels().gemm();
    int panel = kernel.panel();
    int perGroup = panelsPerGroup(panel);
    int size = depth() * panel;
    float[] packed = Scratch.floats(Scratch.Use.PACKED_B, groups * perGroup * size);
    context
        .workers()
        .forEach(
            groups * perGroup,
            (long) groups * perGroup * size,
            q -> packPanel(kernel, q, packed, q * size));
    return packed;
  }

  /** Packs one panel, into the scratch of a task. */
  float[] panel(GemmKernel kernel, int q) {
    float[] packed = Scratch.floats(Scratch.Use.TASK_B, depth() * kernel.panel());
    packPanel(kernel, q, packed, 0);
    return packed;
  }

  private void packPanel(GemmKernel kernel, int q, float[] packed, int to) {
    int panel = kernel.panel();
    int perGroup = panelsPerGroup(panel);
    int column = q % perGroup * panel;
    int width = Math.min(panel, columns - column);
    int from = start + q / perGroup * groupStep + column * columnStep;
    if (columnStep == 1) {
      copyRows(packed, to, from, width, panel);
    } else if (taps == 1 && channelStep == 1) {
      kernel.packColumns(values, from, columnStep, width, packed, to, channels);
    } else {
      packTaps(kernel, packed, to, from, width);
    }
  }

  private void copyRows(float[] packed, int to, int from, int width, int panel) {
    for (int tap = 0; tap < taps; tap++) {
      for (int channel = 0; channel < channels; channel++, to += panel) {
        int row = from + tap * tapStep + channel * channelStep;
        System.arraycopy(values, row, packed, to, width);
        if (width < panel) {
          Arrays.fill(packed, to + width, to + panel, 0);
        }
      }
    }
  }

  /**
   * Packs columns whose taps are neighbours: some channels at a time as they lie, then in order.
   */
  private void packTaps(GemmKernel kernel, float[] packed, int to, int from, int width) {
    int panel = kernel.panel();
    int together = channelStep == taps ? CHANNELS_TOGETHER : 1;
    float[] unordered = Scratch.floats(Scratch.Use.TASK_PANEL, together * taps * panel);
    int lowestTap = Math.min(0, (taps - 1) * tapStep);
    for (int first = 0; first < channels; first += together) {
      int count = Math.min(together, channels - first);
      int start = from + first * channelStep + lowestTap;
      kernel.packColumns(values, start, columnStep, width, unordered, 0, count * taps);
      for (int tap = 0; tap < taps; tap++) {
        int row = tap * tapStep - lowestTap;
        int rowTo = to + (tap * channels + first) * panel;
        for (int channel = 0; channel < count; channel++) {
          System.arraycopy(
              unordered, (channel * taps + row) * panel, packed, rowTo + channel * panel, panel);
        }
      }
    }
  }

  /** Packs one column, or zeros where {@code from} is negative. */
  private void packColumn(float[] packed, int to, int from) {
    for (int tap = 0; tap < taps; tap++) {
      for (int channel = 0; channel < channels; channel++) {
        packed[to++] = from < 0 ? 0 : values[from + tap * tapStep + channel * channelStep];
      }
    }
  }

  /** Packs each column in one piece, {@code columns} rounded up to {@code multiple} with zeros. */
  float[] columns(int multiple) {
    int perGroup = Math.ceilDiv(columns, multiple) * multiple;
    float[] packed = Scratch.floats(Scratch.Use.PACKED_B, groups * perGroup * depth());
    for (int i = 0; i < groups * perGroup; i++) {
      int column = i % perGroup;
      int from = start + i / perGroup * groupStep + column * columnStep;
      packColumn(packed, i * depth(), column < columns ? from : -1);
    }
    return packed;
  }
}
