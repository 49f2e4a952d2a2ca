package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * The right operand of a matrix product as a view: element (k, column) of a group, with k = tap ·
 * channels + channel, lies at {@code start + group · groupStep + column · columnStep + tap · tapStep +
 * channel · channelStep} of values.
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
    int panel = context.kernels().gemm().panel();
    int perGroup = panelsPerGroup(panel);
    int size = depth() * panel;
    float[] packed = Scratch.floats(Scratch.Use.PACKED_B, groups * perGroup * size);
    context
        .workers()
        .forEach(
            groups * perGroup,
            (long) groups * perGroup * size,
            q -> {
              int from = start + q / perGroup * groupStep;
              packPanel(packed, q * size, from, q % perGroup * panel, panel);
            });
    return packed;
  }

  private void packPanel(float[] packed, int to, int from, int column, int panel) {
    int width = Math.min(panel, columns - column);
    from += column * columnStep;
    if (columnStep == 1) {
      copyRows(packed, to, from, width, panel);
      return;
    }
    int lane = 0;
    for (; lane + 4 <= width; lane += 4) {
      packFourColumns(packed, to + lane, from + lane * columnStep, panel);
    }
    for (; lane < panel; lane++) {
      packColumn(packed, to + lane, lane < width ? from + lane * columnStep : -1, panel);
    }
  }

  private void copyRows(float[] packed, int to, int from, int width, int panel) {
    for (int tap = 0; tap < taps; tap++) {
      for (int channel = 0; channel < channels; channel++, to += panel) {
        int row = from + tap * tapStep + channel * channelStep;
        System.arraycopy(values, row, packed, to, width);
        Arrays.fill(packed, to + width, to + panel, 0);
      }
    }
  }

  private void packFourColumns(float[] packed, int to, int from, int panel) {
    for (int tap = 0; tap < taps; tap++) {
      int at = from + tap * tapStep;
      for (int channel = 0; channel < channels; channel++) {
        packed[to] = values[at];
        packed[to + 1] = values[at + columnStep];
        packed[to + 2] = values[at + 2 * columnStep];
        packed[to + 3] = values[at + 3 * columnStep];
        at += channelStep;
        to += panel;
      }
    }
  }

  /** Packs one column, or zeros where {@code from} is negative. */
  private void packColumn(float[] packed, int to, int from, int panel) {
    for (int tap = 0; tap < taps; tap++) {
      for (int channel = 0; channel < channels; channel++, to += panel) {
        packed[to] = from < 0 ? 0 : values[from + tap * tapStep + channel * channelStep];
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
      packColumn(packed, i * depth(), column < columns ? from : -1, 1);
    }
    return packed;
  }
}
