package io.github.taipan.bench;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The matrix product inside the 1x1 convolution from 48 to 96 channels of a 64x64 map, [4096, 48]
 * times [48, 96] in float32 on one thread: Taipan's CPU device beside EJML. One product is 0.0377
 * GFLOP.
 */
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatrixProductBenchmark {
  private static final int ROWS = 4096;
  private static final int INNER = 48;
  private static final int COLUMNS = 96;
  private static final MatrixProduct PRODUCT = new MatrixProduct(false, false);

  private final Device device = Devices.open("cpu", 1);
  private final FMatrixRMaj a = random(ROWS, INNER);
  private final FMatrixRMaj b = random(INNER, COLUMNS);
  private final FMatrixRMaj result = new FMatrixRMaj(ROWS, COLUMNS);
  private List<Tensor> inputs = List.of();
  private List<Tensor> outputs = List.of();

  /** Copies the matrices to the device. */
  @Setup
  public void fill() {
    inputs =
        List.of(
            device.tensor(Shape.of(ROWS, INNER), a.data),
            device.tensor(Shape.of(INNER, COLUMNS), b.data));
    outputs = device.run(PRODUCT, inputs);
  }

  /** Closes the device. */
  @TearDown
  public void close() {
    device.close();
  }

  /** Taipan's. */
  @Benchmark
  public List<Tensor> taipan() {
    device.execute(PRODUCT, inputs, outputs);
    return outputs;
  }

  /** EJML's. */
  @Benchmark
  public FMatrixRMaj ejml() {
    return CommonOps_FDRM.mult(a, b, result);
  }

  private static FMatrixRMaj random(int rows, int columns) {
    CounterRandom random = CounterRandom.seeded(rows);
    FMatrixRMaj matrix = new FMatrixRMaj(rows, columns);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = (float) random.normal(i);
    }
    return matrix;
  }
}
