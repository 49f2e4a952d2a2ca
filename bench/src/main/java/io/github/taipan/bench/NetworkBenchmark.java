package io.github.taipan.bench;

import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.Shape;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.VmambaIR;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The forward pass of a whole network on one square image. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:+UseParallelGC", "-Xmx3g"})
@Warmup(iterations = 5, time = 4)
@Measurement(iterations = 5, time = 4)
public class NetworkBenchmark {
  /** The preset. */
  @Param({"sr4-light", "realsr4", "derain"})
  public String model = "";

  /** The image's side in pixels. */
  @Param("64")
  public int side;

  /** The threads of the CPU device. */
  @Param({"1", "2"})
  public int threads;

  private @Nullable Device device;
  private @Nullable VmambaIR network;
  private @Nullable Variable image;

  /** Makes the network with weights drawn by their laws, and a random image. */
  @Setup
  public void build() {
    device = Devices.open("cpu", threads);
    Configuration configuration = Objects.requireNonNull(Configuration.named().get(model));
    network = new VmambaIR(configuration, Parameters.initialized(device, 1));
    float[] pixels = new float[side * side * 3];
    CounterRandom random = CounterRandom.seeded(2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.uniform(i);
    }
    image = Variable.constant(device.tensor(Shape.of(1, side, side, 3), pixels));
  }

  /** Closes the device. */
  @TearDown
  public void close() {
    Objects.requireNonNull(device).close();
  }

  /** One forward pass. */
  @Benchmark
  public Variable forward() {
    VmambaIR built = Objects.requireNonNull(network);
    Variable input = Objects.requireNonNull(image);
    return NoGradient.call(() -> built.forward(input));
  }
}
