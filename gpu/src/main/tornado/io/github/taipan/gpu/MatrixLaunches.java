package io.github.taipan.gpu;

import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** The launches of matrix products. */
final class MatrixLaunches {
  /** The depth that one work-group walks where more of them would only cost another launch. */
  private static final int WHOLE = 1024;

  /** The least depth of a slice. */
  private static final int SLICE = 256;

  /** As many work-groups keep a large GPU busy. */
  private static final int ENOUGH = 512;

  /**
   * Where a matrix lies.
   *
   * @param across the stride along the rows of a and y, or along the columns of b
   * @param along the stride along the depth of a and b, or along the columns of y
   */
  record Matrix(int at, int across, int along) {}

  private MatrixLaunches() {}

  static void add(LaunchList list, MatrixProduct product, List<Tensor> inputs, Tensor y) {
    Shape a = inputs.get(0).shape();
    Shape b = inputs.get(1).shape();
    int rows = y.shape().size(-2);
    int columns = y.shape().size(-1);
    int depth = a.size(product.transposeA() ? -2 : -1);
    Shape batch = MatrixProduct.batch(y.shape());
    int[] none = new int[batch.rank()];
    multiply(
        list,
        product.transposeA()
            ? new Matrix(list.at(inputs.get(0)), 1, rows)
            : new Matrix(list.at(inputs.get(0)), depth, 1),
        product.transposeB()
            ? new Matrix(list.at(inputs.get(1)), depth, 1)
            : new Matrix(list.at(inputs.get(1)), 1, columns),
        new Matrix(list.at(y), columns, 1),
        -1,
        new int[] {rows, columns, depth},
        y.shape().elements(),
        Axes.of(
            batch,
            batchStrides(a, batch),
            batchStrides(b, batch),
            batchStrides(y.shape(), batch),
            none));
  }

  /** The strides of a batch of matrices, broadcast to more of them. */
  private static int[] batchStrides(Shape matrices, Shape batch) {
    int[] strides = MatrixProduct.batch(matrices).broadcastStrides(batch);
    int size = matrices.size(-2) * matrices.size(-1);
    return Arrays.stream(strides).map(stride -> stride * size).toArray();
  }

  /**
   * y ← a · b + bias for a batch. A long depth is cut into slices where there are few tiles.
   *
   * @param bias where one value per column lies, or -1
   * @param sizes rows, columns and depth
   * @param elements how many values y has with all its batch, which then lie next to each other
   * @param batch with the strides of a, b, y and bias
   */
  static void multiply(
      LaunchList list,
      Matrix a,
      Matrix b,
      Matrix y,
      int bias,
      int[] sizes,
      int elements,
      Axes batch) {
    int rows = sizes[0];
    int columns = sizes[1];
    int depth = sizes[2];
    int tiles =
        tiles(rows) * tiles(columns) * Arrays.stream(batch.sizes()).reduce(1, (p, q) -> p * q);
    int slices = bias < 0 ? slices(tiles, depth) : 1;
    int sliceDepth = sliceDepth(depth, slices);
    ReductionLaunches.sumSlices(
        list,
        y.at,
        slices,
        elements,
        results ->
            Kernel.MATRIX_PRODUCT.groups(
                tiles * slices,
                1,
                1,
                batch.after(
                    a.at,
                    b.at,
                    results,
                    bias,
                    rows,
                    columns,
                    depth,
                    a.across,
                    a.along,
                    b.across,
                    b.along,
                    y.across,
                    slices,
                    sliceDepth,
                    elements)));
  }

  /** How many tiles cover so many rows or columns. */
  static int tiles(int size) {
    return Math.ceilDiv(size, MatrixKernels.TILE);
  }

  /** Into how many slices to cut the depth of so many tiles; none of them is empty. */
  static int slices(int tiles, int depth) {
    if (depth <= WHOLE || tiles == 0) {
      return 1;
    }
    int wanted = Math.clamp(Math.ceilDiv(ENOUGH, tiles), 1, Math.ceilDiv(depth, SLICE));
    return Math.ceilDiv(depth, sliceDepth(depth, wanted));
  }

  /** The depth of each of so many slices: whole steps. */
  static int sliceDepth(int depth, int slices) {
    int steps = Math.ceilDiv(depth, MatrixKernels.DEPTH);
    return Math.ceilDiv(steps, slices) * MatrixKernels.DEPTH;
  }
}
