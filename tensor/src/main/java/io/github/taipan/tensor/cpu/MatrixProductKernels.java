package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/** Products of matrices, one {@link Gemm} after another. */
final class MatrixProductKernels {
  private static final float[] NO_BIAS = {};
  private static final int TRANSPOSED_ROWS = 16;

  private MatrixProductKernels() {}

  static void execute(
      MatrixProduct product, List<Tensor> inputs, List<Tensor> outputs, Context context) {
    Shape result = outputs.getFirst().shape();
    if (result.elements() == 0) {
      return;
    }
    Shape shapeA = inputs.get(0).shape();
    Shape shapeB = inputs.get(1).shape();
    Shape batch = MatrixProduct.batch(result);
    Shape batchA = MatrixProduct.batch(shapeA);
    Shape batchB = MatrixProduct.batch(shapeB);
    float[] a = CpuDevice.values(inputs.get(0));
    float[] b = CpuDevice.values(inputs.get(1));
    float[] c = CpuDevice.values(outputs.getFirst());
    int rows = result.size(-2);
    int columns = result.size(-1);
    int depth = shapeB.size(product.transposeB() ? -1 : -2);
    int products = batch.elements();
    if (batchB.elements() == 1 && !product.transposeA() && batchA.equals(batch)) {
      rows *= products; // all products have one right operand: a single taller one
      products = 1;
    }
    for (int i = 0; i < products; i++) {
      int fromB = source(i, batch, batchB) * depth * columns;
      int columnStep = product.transposeB() ? depth : 1;
      int rowStep = product.transposeB() ? 1 : columns;
      MatrixView view = new MatrixView(b, fromB, 1, 0, columns, columnStep, 1, 0, depth, rowStep);
      PackedMatrix right =
          rows <= Gemm.BLOCK_ROWS
              ? PackedMatrix.late(context, view, NO_BIAS)
              : PackedMatrix.passing(context, view, NO_BIAS);
      Gemm gemm = Gemm.ofRows(right);
      int fromC = i * rows * columns;
      int fromA = source(i, batch, batchA) * rows * depth;
      if (product.transposeA()) {
        float[] left = context.workers().scratch(Scratch.Use.PACKED_A, rows * depth);
        transpose(context, a, fromA, depth, rows, left);
        gemm.multiply(context, left, 0, depth, c, fromC, columns, rows);
      } else {
        gemm.multiply(context, a, fromA, depth, c, fromC, columns, rows);
      }
    }
  }

  /** Which of an operand's matrices takes part in the product at a row-major place in the batch. */
  private static int source(int index, Shape batch, Shape operand) {
    int[] strides = operand.strides();
    int source = 0;
    for (int axis = batch.rank() - 1; axis >= 0; axis--) {
      int place = index % batch.size(axis);
      index /= batch.size(axis);
      int own = axis - batch.rank() + operand.rank();
      if (own >= 0 && operand.size(own) > 1) {
        source += place * strides[own];
      }
    }
    return source;
  }

  /** Writes a {@code [rows, columns]} matrix as {@code [columns, rows]}. */
  private static void transpose(
      Context context, float[] from, int start, int rows, int columns, float[] to) {
    context
        .workers()
        .forRanges(
            columns,
            TRANSPOSED_ROWS,
            (first, end) -> {
              for (int row = 0; row < rows; row++) {
                for (int column = first; column < end; column++) {
                  to[column * rows + row] = from[start + row * columns + column];
                }
              }
            });
  }
}
