package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Prepared;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Update;
import io.github.taipan.tensor.testing.ConformanceCase;
import io.github.taipan.tensor.testing.ConformanceCases;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prepared launches run again and again: the same bits, on inputs that change, for nothing. */
class ReplayTest {
  /** The pool's list of jobs, with and without this one, and room for the JVM's own doings. */
  private static final long MOST_BYTES = 500;

  @Test
  void aRunAllocatesNothing() {
    // Scalar kernels, since vectors are objects until the JIT compiler has removed them.
    try (CpuDevice device = new CpuDevice(1, Kernels.scalar("test"))) {
      List<String> wasteful = new ArrayList<>();
      for (ConformanceCase tested : ConformanceCases.all()) {
        Prepared prepared = device.prepare(List.of(launch(tested, device)), null);
        prepared.run();
        prepared.run();
        long bytes = Math.min(allocatedBy(prepared), allocatedBy(prepared));
        if (bytes > MOST_BYTES) {
          wasteful.add("%d bytes: %s".formatted(bytes, tested.name()));
        }
      }
      assertEquals(List.of(), wasteful);
    }
  }

  private static long allocatedBy(Prepared prepared) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    prepared.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void aRunSeesTheInputsAsTheyAreThen() {
    try (CpuDevice device = new CpuDevice(2)) {
      for (ConformanceCase tested : ConformanceCases.all()) {
        if (tested.primitive() instanceof Update) {
          continue; // would see its own results
        }
        Launch launch = launch(tested, device);
        List<double[]> values = tested.values();
        launch.inputs().forEach(input -> device.write(input, new double[input.shape().elements()]));
        Prepared prepared = device.prepare(List.of(launch), null);
        prepared.run();
        for (int i = 0; i < values.size(); i++) {
          device.write(launch.inputs().get(i), values.get(i));
        }
        launch.outputs().forEach(output -> device.write(output, filled(output)));
        prepared.run();
        List<Tensor> expected = device.run(tested.primitive(), tested.inputs(device));
        for (int i = 0; i < expected.size(); i++) {
          float[] actual = launch.outputs().get(i).toFloats();
          assertArrayEquals(expected.get(i).toFloats(), actual, tested.name());
        }
      }
    }
  }

  private static double[] filled(Tensor tensor) {
    double[] values = new double[tensor.shape().elements()];
    Arrays.fill(values, 123);
    return values;
  }

  private static Launch launch(ConformanceCase tested, CpuDevice device) {
    List<Tensor> inputs = tested.inputs(device);
    List<Tensor> outputs =
        tested.primitive() instanceof Update update
            ? update.updated(inputs)
            : tested.primitive().outputs(tested.shapes()).stream().map(device::zeros).toList();
    return new Launch(tested.primitive(), inputs, outputs);
  }
}
