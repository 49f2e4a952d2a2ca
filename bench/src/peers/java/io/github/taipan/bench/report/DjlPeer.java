package io.github.taipan.bench.report;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.pytorch.jni.JniUtils;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Unary;
import java.util.Optional;
import java.util.function.Supplier;

/** PyTorch through DJL, in PyTorch's own order of axes. */
public final class DjlPeer implements Peer {
  private final NDManager manager;

  /** Loads the native library, which comes as a jar: nothing is fetched. */
  public DjlPeer() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    manager = NDManager.newBaseManager(Engine.getEngine("PyTorch").defaultDevice());
  }

  @Override
  public String name() {
    return "PyTorch by DJL";
  }

  @Override
  public Optional<Runnable> operation(Case kernel, int threads) {
    Supplier<NDList> operation =
        switch (kernel.primitive()) {
          case Convolution.Conv2d conv -> {
            NDArray x = map(kernel);
            NDArray weight = array(kernel, 1);
            ai.djl.ndarray.types.Shape ones = new ai.djl.ndarray.types.Shape(1, 1);
            ai.djl.ndarray.types.Shape padding =
                new ai.djl.ndarray.types.Shape(conv.padding(), conv.padding());
            yield () -> Conv2d.conv2d(x, weight, null, ones, padding, ones, conv.groups());
          }
          case Normalization.LayerNorm norm -> {
            NDArray x = array(kernel, 0);
            NDArray weight = array(kernel, 1);
            NDArray bias = array(kernel, 2);
            ai.djl.ndarray.types.Shape last =
                new ai.djl.ndarray.types.Shape(kernel.inputs().get(1).size(0));
            yield () -> LayerNorm.layerNorm(x, last, weight, bias, (float) norm.epsilon());
          }
          case Unary.Gelu gelu -> {
            NDArray x = array(kernel, 0);
            yield () -> new NDList(Activation.gelu(x));
          }
          case Unary.Silu silu -> {
            NDArray x = array(kernel, 0);
            yield () -> new NDList(Activation.swish(x, 1));
          }
          default -> null;
        };
    return Optional.ofNullable(operation)
        .map(
            supplier ->
                () -> {
                  JniUtils.setNumThreads(threads);
                  supplier.get().close();
                });
  }

  private NDArray map(Case kernel) {
    return array(kernel, 0).transpose(0, 3, 1, 2).duplicate();
  }

  private NDArray array(Case kernel, int input) {
    io.github.taipan.tensor.Shape shape = kernel.inputs().get(input);
    double[] values = Case.values(shape);
    float[] floats = new float[values.length];
    long[] sizes = new long[shape.rank()];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape.size(i);
    }
    return manager.create(floats, new ai.djl.ndarray.types.Shape(sizes));
  }

  @Override
  public void close() {
    manager.close();
  }
}
