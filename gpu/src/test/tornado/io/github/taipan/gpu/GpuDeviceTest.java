package io.github.taipan.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.KernelSource;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.OutOfDeviceMemoryException;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Program;
import io.github.taipan.tensor.testing.ConformanceCase;
import io.github.taipan.tensor.testing.ConformanceCases;
import io.github.taipan.tensor.testing.ConformanceSuite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory, programs and repeated runs on TornadoVM's first device. */
@Tag("gpu")
class GpuDeviceTest {
  private static final Shape MAP = Shape.of(1, 9, 7, 20);

  private static GpuDevice open(boolean baked) {
    return new TornadoBackend().open(0, baked);
  }

  /** Also into outputs that hold something else, as buffers that are used again do. */
  @Test
  void resultsAreTheSameBitsInEachRun() {
    try (Device device = open(false)) {
      List<String> different = new ArrayList<>();
      for (ConformanceCase tested : ConformanceCases.all()) {
        List<Tensor> first = device.run(tested.primitive(), tested.inputs(device));
        List<Tensor> second = ConformanceSuite.executeOverOldValues(tested, device);
        for (int i = 0; i < first.size(); i++) {
          if (!Arrays.equals(first.get(i).toFloats(), second.get(i).toFloats())) {
            different.add("output " + i + " of " + tested.name());
          }
        }
      }
      assertEquals(List.of(), different);
    }
  }

  /** Two programs, so that the second makes another plan, to which all tensors have to move. */
  @Test
  void programsRunInBothWaysAndGiveTheSame() {
    List<float[]> results = new ArrayList<>();
    for (boolean baked : new boolean[] {false, true}) {
      try (Device device = open(baked)) {
        Tensor weight = device.full(Shape.of(20), 2);
        LoadedProgram one = program(device, weight, 100);
        LoadedProgram two = program(device, weight, 3);
        results.add(run(one));
        results.add(run(two));
        results.add(run(one));
      }
    }
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(results.get(i), results.get(3 + i), "program " + i);
    }
    assertArrayEquals(results.get(0), results.get(2));
  }

  /** More launches than one task graph holds, where so many are asked for. */
  private static LoadedProgram program(Device device, Tensor weight, int times) {
    return Program.record(
            device,
            List.of(MAP),
            inputs -> {
              Tensor x = inputs.getFirst();
              for (int i = 0; i < times; i++) {
                Tensor normal = device.run(new Normalization.LayerNorm(1e-5), x, weight);
                x = device.run(new Binary.Add(), device.run(new Unary.Silu(), normal), x);
              }
              return List.of(x);
            })
        .load();
  }

  private static float[] run(LoadedProgram program) {
    Tensor input = program.inputs().getFirst();
    float[] values = new float[input.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    input.device().write(input, values);
    program.run();
    return program.outputs().getFirst().toFloats();
  }

  @Test
  void memoryComesBackWhenNobodyHoldsATensor() {
    try (Device device = open(false)) {
      int fourth = (int) (device.freeMemory() / 4 / 4);
      for (int i = 0; i < 12; i++) {
        Tensor large = device.full(Shape.of(fourth), i);
        assertEquals(i, large.toFloats()[fourth - 1]);
      }
    }
  }

  @Test
  void aFullMemoryIsAnErrorThatSaysHowFullItIs() {
    try (Device device = open(false)) {
      int third = (int) (device.freeMemory() / 4 / 3);
      List<Tensor> held = new ArrayList<>();
      OutOfDeviceMemoryException full =
          assertThrows(
              OutOfDeviceMemoryException.class,
              () -> {
                for (int i = 0; i < 4; i++) {
                  held.add(device.zeros(Shape.of(third)));
                }
              });
      assertTrue(held.size() == 2 || held.size() == 3, "held " + held.size());
      assertTrue(
          full.getMessage().startsWith("the gpu device has no room for "), full.getMessage());
    }
  }

  @Test
  void kernelsCanBeRead() {
    try (Device device = open(false)) {
      Tensor x = device.full(MAP, 1);
      List<KernelSource> sources = device.kernels(new Unary.Silu(), List.of(x));
      assertEquals(
          List.of("Java", "OpenCL C"), sources.stream().map(KernelSource::language).toList());
      assertTrue(sources.get(0).text().contains("static void mapElements"), sources.toString());
      assertTrue(sources.get(1).text().contains("mapElements"), sources.toString());
      assertEquals(1, x.toFloats()[0], "the memory is as it was");
    }
  }
}
