package io.github.taipan.tensor.cpu;

import java.util.Arrays;

/**
 * The right operand of a matrix product and its bias, packed in the order in which a {@link
 * GemmKernel} reads them: panels of some columns, each of them a row of the bias and then all its
 * rows of the matrix, padded with zeros on the right. Once packed it is only read, by any number of
 * threads.
 *
 * <p>Where there are very few columns ({@link #dots}), a panel is instead whole columns one after
 * another, each after its bias.
 */
final class PackedMatrix {
  private final GemmKernel kernel;
  private final MatrixView view;
  private final float[] bias;
  private final boolean dots;
  private final int panel;
  private final int narrowPanel;
  private final int fullPanels; // of a group; then come the narrow ones
  private final int panelsPerGroup;
  private final float[] packed; // empty when each task packs its own

  private enum Storage {
    OWN,
    SCRATCH,
    TASK
  }

  private PackedMatrix(Context context, MatrixView view, float[] bias, Storage storage) {
    this.view = view;
    this.bias = bias;
    kernel = context.kernels().gemm();
    dots = view.columns() <= GemmKernel.DOT_COLUMNS && view.channels() >= kernel.panel();
    panel = dots ? GemmKernel.DOT_COLUMNS : kernel.panel();
    narrowPanel = dots ? panel : kernel.narrowPanel();
    panelsPerGroup = Math.ceilDiv(view.columns(), panel);
    int spare = panelsPerGroup * panel - view.columns();
    int narrowPanels =
        panel == narrowPanel ? 0 : Math.min(panelsPerGroup, spare / (panel - narrowPanel));
    fullPanels = panelsPerGroup - narrowPanels;
    int size = packedStart(panels());
    packed =
        switch (storage) {
          case OWN -> new float[size];
          case SCRATCH -> context.workers().scratch(Scratch.Use.PACKED_B, size);
          case TASK -> new float[0];
        };
    if (storage != Storage.TASK) {
      context.workers().forEach(panels(), size, q -> pack(q, packed, packedStart(q)));
    }
  }

  /**
   * Packs into an array of its own, for a matrix that stays as it is.
   *
   * @param bias one value per column of all groups, or empty
   */
  static PackedMatrix kept(Context context, MatrixView view, float[] bias) {
    return new PackedMatrix(context, view, bias, Storage.OWN);
  }

  /** Packs into the calling thread's scratch: lives until the next. */
  static PackedMatrix passing(Context context, MatrixView view, float[] bias) {
    return new PackedMatrix(context, view, bias, Storage.SCRATCH);
  }

  /**
   * Leaves the packing to tasks, each just before it uses a panel, which then need not leave the
   * cache: for a matrix of which each panel is used by one task only.
   */
  static PackedMatrix late(Context context, MatrixView view, float[] bias) {
    return new PackedMatrix(context, view, bias, Storage.TASK);
  }

  GemmKernel kernel() {
    return kernel;
  }

  /** Columns of one group. */
  int columns() {
    return view.columns();
  }

  int groups() {
    return view.groups();
  }

  int depth() {
    return view.depth();
  }

  /** The columns of panel q, those that only fill it up included. */
  int width(int q) {
    return q % panelsPerGroup < fullPanels ? panel : narrowPanel;
  }

  /** The first column of panel q, counted from its group's first. */
  int column(int q) {
    return firstColumn(q % panelsPerGroup);
  }

  private int firstColumn(int panelOfGroup) {
    int narrow = Math.max(0, panelOfGroup - fullPanels);
    return panelOfGroup * panel - narrow * (panel - narrowPanel);
  }

  int panelsPerGroup() {
    return panelsPerGroup;
  }

  /** The number of panels of all groups: the finest cut of the columns into tasks. */
  int panels() {
    return view.groups() * panelsPerGroup;
  }

  /** Whether panels are columns for dot products. */
  boolean dots() {
    return dots;
  }

  /** Whether {@link #panel(int)} packs. */
  boolean packsLate() {
    return packed.length == 0;
  }

  private int packedStart(int q) {
    int columns = q / panelsPerGroup * firstColumn(panelsPerGroup) + column(q);
    return (view.depth() + 1) * columns;
  }

  /** The array that holds a panel from {@link #start} on. */
  float[] panel(int q) {
    if (!packsLate()) {
      return packed;
    }
    float[] late = Scratch.floats(Scratch.Use.TASK_B, (view.depth() + 1) * panel);
    pack(q, late, 0);
    return late;
  }

  int start(int q) {
    return packsLate() ? 0 : packedStart(q);
  }

  private void pack(int q, float[] to, int at) {
    int group = q / panelsPerGroup;
    int column = column(q);
    int width = width(q);
    int columns = Math.min(width, view.columns() - column);
    int biasAt = group * view.columns() + column;
    if (dots) {
      Arrays.fill(to, at, at + (view.depth() + 1) * width, 0);
      for (int i = 0; i < columns; i++) {
        int columnAt = at + i * (view.depth() + 1);
        to[columnAt] = bias.length == 0 ? 0 : bias[biasAt + i];
        view.copyColumn(group, column + i, to, columnAt + 1);
      }
      return;
    }
    Arrays.fill(to, at, at + width, 0);
    if (bias.length > 0) {
      System.arraycopy(bias, biasAt, to, at, columns);
    }
    view.copyPanel(group, column, width, to, at + width);
  }
}
