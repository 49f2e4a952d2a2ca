package io.github.taipan.bench.report;

import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Shape;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J: 1x1 convolutions as its matrix products, 3x3 ones as its convolution, in NHWC. */
public final class Nd4jPeer implements Peer {
  @Override
  public String name() {
    return "ND4J";
  }

  @Override
  public Optional<Runnable> operation(Case kernel, int threads) {
    if (!(kernel.primitive() instanceof Convolution.Conv2d conv) || conv.groups() > 1) {
      return Optional.empty();
    }
    Shape map = kernel.inputs().get(0);
    Shape weight = kernel.inputs().get(1);
    if (kernel.kind() == Case.Kind.CONVOLUTION_1X1) {
      INDArray x = array(map).reshape(map.elements(0, 3), map.size(3));
      INDArray w = array(weight).reshape(map.size(3), weight.size(0));
      INDArray y = Nd4j.create(DataType.FLOAT, x.rows(), w.columns());
      return threaded(threads, () -> x.mmuli(w, y));
    }
    INDArray x = array(map);
    INDArray w = array(weight).permute(2, 3, 1, 0).dup('c');
    INDArray y = Nd4j.create(DataType.FLOAT, 1, map.size(1), map.size(2), weight.size(0));
    CustomOp op =
        DynamicCustomOp.builder("conv2d")
            .addInputs(x, w)
            .addOutputs(y)
            // kernel, stride, padding, dilation, same, NHWC, weights [height, width, in, out]
            .addIntegerArguments(3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 0)
            .build();
    return threaded(threads, () -> Nd4j.exec(op));
  }

  private static Optional<Runnable> threaded(int threads, Runnable operation) {
    return Optional.of(
        () -> {
          Nd4j.getEnvironment().setMaxThreads(threads);
          operation.run();
        });
  }

  private static INDArray array(Shape shape) {
    double[] values = Case.values(shape);
    float[] floats = new float[values.length];
    long[] sizes = new long[shape.rank()];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape.size(i);
    }
    return Nd4j.create(floats, sizes, DataType.FLOAT);
  }
}
