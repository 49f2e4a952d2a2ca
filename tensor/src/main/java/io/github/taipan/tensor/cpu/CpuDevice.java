package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Prepared;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeException;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.Update;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CPU: float32 values in a {@code float[]} per tensor, at least as long as its shape. Results
 * are bit-equal at any number of threads, because each output element is computed by one task whose
 * work follows from the shapes alone. May be used by several threads at once.
 *
 * <p>The vector width is chosen when the class loads; the system property {@code taipan.vector}
 * ({@code auto}, {@code scalar}, {@code 128}, {@code 256}, {@code 512}) overrides it.
 */
public final class CpuDevice implements Device {
  private final Context context;

  /** A device on all cores. */
  public CpuDevice() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /** A device that computes on so many threads, the calling one included. */
  public CpuDevice(int threads) {
    this(threads, Kernels.chosen());
  }

  CpuDevice(int threads, Kernels kernels) {
    WorkerPool pool = new WorkerPool(threads);
    this.context = new Context(pool, pool, kernels, null);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    int threads = context.pool().threads();
    return "cpu: %s, %d thread%s"
        .formatted(context.kernels().description(), threads, threads == 1 ? "" : "s");
  }

  @Override
  public Tensor zeros(Shape shape) {
    return new Tensor(this, shape, new float[shape.elements()]);
  }

  @Override
  public void write(Tensor tensor, float[] values) {
    float[] storage = storageOf(tensor, values.length);
    System.arraycopy(values, 0, storage, 0, values.length);
  }

  @Override
  public void write(Tensor tensor, double[] values) {
    float[] storage = storageOf(tensor, values.length);
    for (int i = 0; i < values.length; i++) {
      storage[i] = (float) values[i];
    }
  }

  @Override
  public float[] readFloats(Tensor tensor) {
    return Arrays.copyOf(values(tensor), tensor.shape().elements());
  }

  @Override
  public double[] readDoubles(Tensor tensor) {
    float[] storage = values(tensor);
    double[] values = new double[tensor.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = storage[i];
    }
    return values;
  }

  @Override
  public boolean sharesStorage() {
    return true;
  }

  @Override
  public Prepared prepare(List<Launch> launches, @Nullable Constants constants) {
    Phases phases = new Phases();
    Context later = new Context(context.pool(), phases, context.kernels(), constants);
    int[] ends = new int[launches.size()];
    for (int i = 0; i < ends.length; i++) {
      Launch launch = launches.get(i);
      execute(launch.primitive(), launch.inputs(), launch.outputs(), later);
      ends[i] = phases.count();
    }
    return new PreparedPhases(context.pool(), phases.toArray(), ends);
  }

  @Override
  public void execute(Primitive primitive, List<Tensor> inputs, List<Tensor> outputs) {
    execute(primitive, inputs, outputs, context);
  }

  private static void execute(
      Primitive primitive, List<Tensor> inputs, List<Tensor> outputs, Context context) {
    switch (primitive) {
      case Convolution p -> ConvolutionKernels.execute(p, inputs, outputs, context);
      case MatrixProduct p -> MatrixProductKernels.execute(p, inputs, outputs, context);
      case Scan p -> ScanKernels.run(context, p, inputs, outputs);
      case Normalization p -> NormalizationKernels.run(context, p, inputs, outputs);
      case Unary p -> CpuPointwise.run(context, p, inputs, outputs);
      case UnaryGradient p -> CpuPointwise.run(context, p, inputs, outputs);
      case Binary p -> CpuPointwise.run(context, p, inputs, outputs);
      case Reduction p -> CpuReduction.run(context, p, inputs, outputs);
      case Layout p -> CpuLayout.run(context, p, inputs, outputs);
      case Resampling p -> CpuResampling.run(context, p, inputs, outputs);
      case Update p -> CpuPointwise.run(context, p, inputs, outputs);
      case Fused p -> FusedKernels.run(context, p, inputs, outputs);
    }
  }

  @Override
  public void close() {
    context.pool().close();
  }

  /** The values of one of this device's tensors: the storage itself, row-major from index 0. */
  static float[] values(Tensor tensor) {
    return (float[]) tensor.storage();
  }

  private static float[] storageOf(Tensor tensor, int length) {
    float[] storage = values(tensor);
    if (tensor.shape().elements() != length) {
      throw new ShapeException(
          "%s takes %d values, got %d".formatted(tensor, tensor.shape().elements(), length));
    }
    return storage;
  }
}
