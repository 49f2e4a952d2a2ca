package io.github.taipan.bench;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How often a second a device executes one launch into outputs that exist already. */
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LaunchBenchmark {
  /** What is launched. */
  @Param public Launch launch = Launch.CONVOLUTION_1X1;

  /** The device's name. */
  @Param("cpu")
  public String device = "cpu";

  /** The device's threads. */
  @Param({"1", "2"})
  public int threads = 1;

  @SuppressWarnings("NullAway.Init") // JMH calls open first.
  private Device opened;

  private List<Tensor> inputs = List.of();
  private List<Tensor> outputs = List.of();

  /** JMH prints these as rates beside the launches. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Work {
    /** 10⁹ floating-point operations. */
    public double gigaflops;

    /** 10⁹ bytes, each operand counted once. */
    public double gigabytes;
  }

  /** Opens the device and fills the inputs. */
  @Setup
  public void open() {
    opened = Devices.open(device, threads);
    inputs = launch.inputs().stream().map(this::filled).toList();
    outputs = opened.run(launch.primitive(), inputs);
  }

  /** Closes the device. */
  @TearDown
  public void close() {
    opened.close();
  }

  /** One launch. */
  @Benchmark
  public List<Tensor> run(Work work) {
    opened.execute(launch.primitive(), inputs, outputs);
    work.gigaflops += launch.primitive().flops(launch.inputs()) * 1e-9;
    work.gigabytes += launch.primitive().bytes(launch.inputs()) * 1e-9;
    return outputs;
  }

  /** Values in [-1, 0): a scan's A has to be negative, and nothing else minds. */
  private Tensor filled(Shape shape) {
    CounterRandom random = CounterRandom.seeded(1).split(shape.toString());
    double[] values = new double[shape.elements()];
    Arrays.setAll(values, i -> random.uniform(i) - 1);
    return opened.tensor(shape, values);
  }
}
