package io.github.taipan.tensor.reference;

import static io.github.taipan.tensor.reference.ReferenceDevice.values;

import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/** c[i, j] = Σ_l a[i, l] · b[l, j], for each pair of matrices in the batch. */
final class ReferenceMatrixProduct {
  private ReferenceMatrixProduct() {}

  static void run(MatrixProduct product, List<Tensor> inputs, List<Tensor> outputs) {
    double[] a = values(inputs.get(0));
    double[] b = values(inputs.get(1));
    double[] c = values(outputs.getFirst());
    Shape shape = outputs.getFirst().shape();
    int rows = shape.size(-2);
    int columns = shape.size(-1);
    int inner = inputs.get(0).shape().size(product.transposeA() ? -2 : -1);
    Shape batch = MatrixProduct.batch(shape);
    int[] stridesA = MatrixProduct.batch(inputs.get(0).shape()).broadcastStrides(batch);
    int[] stridesB = MatrixProduct.batch(inputs.get(1).shape()).broadcastStrides(batch);
    for (int matrix = 0; matrix < batch.elements(); matrix++) {
      int startA = Strides.offset(matrix, batch, stridesA) * rows * inner;
      int startB = Strides.offset(matrix, batch, stridesB) * inner * columns;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double sum = 0;
          for (int l = 0; l < inner; l++) {
            sum +=
                a[startA + (product.transposeA() ? l * rows + i : i * inner + l)]
                    * b[startB + (product.transposeB() ? j * inner + l : l * columns + j)];
          }
          c[(matrix * rows + i) * columns + j] = sum;
        }
      }
    }
  }
}
