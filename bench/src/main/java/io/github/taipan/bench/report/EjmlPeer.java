package io.github.taipan.bench.report;

import io.github.taipan.tensor.Shape;
import java.util.Optional;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;

/** EJML, whose float32 products run on one thread. */
final class EjmlPeer implements Peer {
  @Override
  public String name() {
    return "EJML";
  }

  @Override
  public Optional<Runnable> operation(Case kernel, int threads) {
    if (kernel.kind() != Case.Kind.CONVOLUTION_1X1 || threads > 1) {
      return Optional.empty();
    }
    Shape map = kernel.inputs().get(0);
    Shape weight = kernel.inputs().get(1);
    FMatrixRMaj x = filled(map.elements(0, 3), map.size(3), map);
    FMatrixRMaj w = filled(map.size(3), weight.size(0), weight);
    FMatrixRMaj y = new FMatrixRMaj(x.numRows, w.numCols);
    return Optional.of(() -> CommonOps_FDRM.mult(x, w, y));
  }

  private static FMatrixRMaj filled(int rows, int columns, Shape shape) {
    FMatrixRMaj matrix = new FMatrixRMaj(rows, columns);
    double[] values = Case.values(shape);
    for (int i = 0; i < values.length; i++) {
      matrix.data[i] = (float) values[i];
    }
    return matrix;
  }
}
