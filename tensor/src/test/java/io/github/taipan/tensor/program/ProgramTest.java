package io.github.taipan.tensor.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Normalization.LayerNorm;
import io.github.taipan.tensor.Scan.SelectiveScan;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.Update;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.program.BufferPlan.Buffer;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
  private static final Shape IMAGE = Shape.of(1, 17, 19, 20);

  /** A small block with all that the passes look for: slices of weights, odd widths, a residual. */
  private record Block(
      Tensor norm,
      Tensor bias,
      Tensor projections,
      Tensor depthwise,
      Tensor depthwiseBias,
      Tensor out) {
    private static final int HIDDEN = 21;

    static Block of(Device device) {
      return new Block(
          filled(device, Shape.of(20), "norm"),
          filled(device, Shape.of(20), "bias"),
          filled(device, Shape.of(2 * HIDDEN, 20, 1, 1), "projections"),
          filled(device, Shape.of(HIDDEN, 1, 3, 3), "depthwise"),
          filled(device, Shape.of(HIDDEN), "depthwise bias"),
          filled(device, Shape.of(20, HIDDEN, 1, 1), "out"));
    }

    List<Tensor> forward(List<Tensor> inputs) {
      Tensor x = inputs.getFirst();
      Device on = x.device();
      Tensor normed = on.run(new LayerNorm(1e-5), x, norm, bias);
      Tensor a = on.run(new Conv2d(1, 0, 1), normed, half(0));
      Tensor b = on.run(new Conv2d(1, 0, 1), normed, half(1));
      on.run(new Unary.Exp(), b); // nobody uses it
      Tensor seen = on.run(new Conv2d(1, 1, HIDDEN), a, depthwise, depthwiseBias);
      Tensor gated = on.run(new Binary.Multiply(), on.run(new Unary.Gelu(), seen), b);
      Tensor projected = on.run(new Conv2d(1, 0, 1), gated, out);
      return List.of(on.run(new Binary.Add(), x, projected));
    }

    private Tensor half(int index) {
      Layout.Slice slice = new Layout.Slice(0, index * HIDDEN, (index + 1) * HIDDEN);
      return projections.device().run(slice, projections);
    }

    Program record(Device device, Constants constants) {
      return Program.record(device, List.of(IMAGE), constants, this::forward);
    }
  }

  private static Tensor filled(Device device, Shape shape, String name) {
    return device.tensor(shape, values(shape, name));
  }

  private static double[] values(Shape shape, String name) {
    CounterRandom random = CounterRandom.seeded(5).split(name);
    double[] values = new double[shape.elements()];
    Arrays.setAll(values, i -> (float) (random.uniform(i) - 0.5));
    return values;
  }

  private static double[] run(LoadedProgram program, String image) {
    Tensor input = program.inputs().getFirst();
    input.device().write(input, values(input.shape(), image));
    program.run();
    return program.outputs().getFirst().toDoubles();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void runsLikeTheWorkItself(String name) {
    try (Device device = name.equals("cpu") ? new CpuDevice(2) : new ReferenceDevice()) {
      Block block = Block.of(device);
      LoadedProgram program = block.record(device, null).load();
      for (String image : List.of("one", "two", "one")) {
        double[] expected =
            block.forward(List.of(filled(device, IMAGE, image))).getFirst().toDoubles();
        assertArrayEquals(expected, run(program, image));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Pass.class)
  void eachPassAloneChangesNoBit(Pass pass) {
    checkPasses(pass == Pass.FOLD_CONSTANTS ? List.of(pass) : List.of(Pass.FOLD_CONSTANTS, pass));
  }

  @ParameterizedTest
  @EnumSource(Pass.class)
  void allPassesButOneChangeNoBit(Pass left) {
    checkPasses(Pass.INFERENCE.stream().filter(pass -> pass != left).toList());
  }

  @Test
  void allPassesChangeNoBit() {
    checkPasses(Pass.INFERENCE);
    checkPasses(Pass.TRAINING);
  }

  private static void checkPasses(List<Pass> passes) {
    for (int threads : new int[] {1, 3}) {
      try (CpuDevice device = new CpuDevice(threads)) {
        Block block = Block.of(device);
        double[] expected =
            block.forward(List.of(filled(device, IMAGE, "image"))).getFirst().toDoubles();
        LoadedProgram program = block.record(device, new Constants()).after(passes).load();
        for (int i = 0; i < 2; i++) {
          assertArrayEquals(expected, run(program, "image"));
        }
      }
    }
  }

  @Test
  void passesDoWhatTheyAreFor() {
    try (CpuDevice device = new CpuDevice(1)) {
      Program recorded = Block.of(device).record(device, new Constants());
      assertEquals(11, recorded.launches().size());
      Program folded = Pass.FOLD_CONSTANTS.apply(recorded);
      assertEquals(9, folded.launches().size());
      Program alive = Pass.DROP_DEAD.apply(folded);
      assertEquals(8, alive.launches().size());
      Program padded = Pass.PAD_CHANNELS.apply(alive);
      assertEquals(List.of(21, 21, 21, 21, 21), hiddenWidths(alive));
      assertEquals(List.of(32, 32, 32, 32, 32), hiddenWidths(padded));
      Program fused = Pass.FUSE_PIXELS.apply(padded);
      assertEquals(
          List.of("LayerNorm+Conv2d+Conv2d", "Conv2d+Gelu+Multiply+Conv2d+Add"),
          fused.launches().stream().map(launch -> launch.primitive().name()).toList());
      assertTrue(fused.launches().stream().allMatch(l -> l.primitive() instanceof Fused));
      assertEquals(padded.flops(), fused.flops());
      assertTrue(fused.bytes() < padded.bytes());
    }
  }

  /** A scan along two paths, whose step sizes may be used once more. */
  private static Program scan(Device device, Constants constants, boolean twice) {
    Shape map = Shape.of(1, 9, 7, 20);
    Tensor lower = filled(device, Shape.of(2 * 3, 20, 1, 1), "lower");
    Tensor raise = filled(device, Shape.of(2 * 20, 3, 1, 1), "raise");
    Tensor weights = filled(device, map.with(3, 2 * 16), "B and C");
    Tensor rates = filled(device, Shape.of(2 * 20, 16), "A");
    Tensor row = filled(device, Shape.of(2 * 20), "D and bias");
    SelectiveScan scan =
        new SelectiveScan(List.of(ScanPath.ROWS, ScanPath.COLUMNS_REVERSED), 1, true);
    return Program.record(
        device,
        List.of(map),
        constants,
        inputs -> {
          Tensor u = inputs.getFirst();
          Tensor low = device.run(new Conv2d(1, 0, 1), u, lower);
          Tensor delta = device.run(new Conv2d(1, 0, 2), low, raise);
          Tensor y = device.run(scan, u, delta, rates, weights, weights, row, row);
          return twice ? List.of(y, delta) : List.of(y);
        });
  }

  @Test
  void fusesAScanWithWhatRaisesItsStepSizes() {
    try (CpuDevice device = new CpuDevice(2)) {
      for (Constants constants : new Constants[] {null, new Constants()}) {
        Program recorded = scan(device, constants, false);
        Program fused = Pass.FUSE_SCANS.apply(recorded);
        assertEquals(
            List.of("Conv2d", "ProjectedScan"),
            fused.launches().stream().map(launch -> launch.primitive().name()).toList());
        assertEquals(recorded.flops(), fused.flops());
        assertArrayEquals(run(recorded.load(), "image"), run(fused.load(), "image"));
      }
      Program twice = scan(device, null, true);
      assertEquals(twice.launches(), Pass.FUSE_SCANS.apply(twice).launches());
    }
  }

  private static List<Integer> hiddenWidths(Program program) {
    return program.launches().stream()
        .map(launch -> launch.outputs().getFirst().shape().size(3))
        .filter(width -> width != 20)
        .toList();
  }

  @Test
  void tensorsOfABufferNeverLiveTogether() {
    try (CpuDevice device = new CpuDevice(1)) {
      Program program = Block.of(device).record(device, null);
      BufferPlan plan = BufferPlan.of(program);
      for (Buffer buffer : plan.buffers()) {
        for (int i = 0; i < buffer.tenants().size(); i++) {
          for (int j = 0; j < i; j++) {
            assertTrue(plan.lifetimes().mayShare(buffer.tenants().get(i), buffer.tenants().get(j)));
          }
        }
      }
      Program.Memory memory = program.memory();
      assertTrue(memory.alive() <= memory.allocated(), memory.toString());
      assertTrue(memory.allocated() < memory.values(), memory.toString());
    }
  }

  @Test
  void elementWiseResultsTakeThePlaceOfOperandsThatDie() {
    try (CpuDevice device = new CpuDevice(1)) {
      Shape shape = Shape.of(5, 7);
      Program program =
          Program.record(
              device,
              List.of(shape, Shape.of(7)),
              inputs -> {
                Tensor x = device.run(new Unary.Silu(), inputs.get(0));
                Tensor y = device.run(new Unary.Gelu(), x); // over x
                Tensor z = device.run(new Binary.Multiply(), y, inputs.get(1)); // over y
                Tensor row = device.run(new Unary.Exp(), inputs.get(1));
                // Not over the row, which is read for each line.
                return List.of(device.run(new Binary.Add(), row, z));
              });
      assertEquals(4 * (35 + 7 + 35 + 7), program.memory().allocated());
      LoadedProgram loaded = program.load();
      device.write(loaded.inputs().get(0), values(shape, "x"));
      device.write(loaded.inputs().get(1), values(Shape.of(7), "row"));
      loaded.run();
      Tensor x = filled(device, shape, "x");
      Tensor row = filled(device, Shape.of(7), "row");
      Tensor y = device.run(new Unary.Gelu(), device.run(new Unary.Silu(), x));
      Tensor z = device.run(new Binary.Multiply(), y, row);
      Tensor expected = device.run(new Binary.Add(), device.run(new Unary.Exp(), row), z);
      assertArrayEquals(expected.toFloats(), loaded.outputs().getFirst().toFloats());
    }
  }

  @Test
  void updatesTensorsThatWereThereBefore() {
    try (CpuDevice device = new CpuDevice(1)) {
      Tensor average = device.full(Shape.of(3), 4);
      Program program =
          Program.record(
              device,
              List.of(Shape.of(3)),
              inputs -> List.of(device.run(new Update.Average(0.5), average, inputs.getFirst())));
      LoadedProgram loaded = program.after(Pass.TRAINING).load();
      loaded.run();
      assertArrayEquals(new double[] {2, 2, 2}, average.toDoubles());
      loaded.run();
      assertArrayEquals(new double[] {1, 1, 1}, loaded.outputs().getFirst().toDoubles());
    }
  }

  @Test
  void aRecordedTensorHasNoNumbers() {
    try (CpuDevice device = new CpuDevice(1)) {
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  Program.record(
                      device,
                      List.of(Shape.of(1)),
                      inputs -> {
                        inputs.getFirst().item();
                        return inputs;
                      }));
      assertTrue(e.getMessage().startsWith("a recorded tensor has no numbers"), e.getMessage());
    }
  }

  @Test
  void timesEachLaunch() {
    try (CpuDevice device = new CpuDevice(2)) {
      Program program = Block.of(device).record(device, new Constants()).after(Pass.INFERENCE);
      LoadedProgram loaded = program.load();
      long[] nanos = new long[loaded.program().launches().size()];
      loaded.time(nanos);
      assertTrue(Arrays.stream(nanos).allMatch(n -> n > 0), Arrays.toString(nanos));
      String table = ProgramTable.of(program, nanos);
      for (Launch launch : program.launches()) {
        assertTrue(table.contains(launch.primitive().name()), table);
      }
      assertTrue(table.contains("MB alive at once"), table);
      String graph = ProgramTable.graphviz(program);
      assertTrue(graph.contains("input0 -> launch0 [label=\"[1, 17, 19, 20]\"]"), graph);
      assertTrue(graph.contains("launch1 -> output0"), graph);
    }
  }

  @Test
  void severalThreadsUseOneCache() throws Exception {
    try (CpuDevice device = new CpuDevice(2);
        ExecutorService callers = Executors.newFixedThreadPool(4)) {
      Block block = Block.of(device);
      Constants constants = new Constants();
      ProgramCache cache =
          new ProgramCache(1 << 20, _ -> block.record(device, constants).after(Pass.INFERENCE));
      double[] expected = cache.use(List.of(IMAGE), program -> run(program, "image"));
      Callable<double[]> call = () -> cache.use(List.of(IMAGE), program -> run(program, "image"));
      List<Callable<double[]>> calls = IntStream.range(0, 40).mapToObj(_ -> call).toList();
      for (Future<double[]> done : callers.invokeAll(calls)) {
        assertArrayEquals(expected, done.get());
      }
    }
  }

  @Test
  void aCacheKeepsNoMoreThanItMay() {
    try (CpuDevice device = new CpuDevice(1)) {
      List<Integer> recorded = new ArrayList<>();
      ProgramCache cache =
          new ProgramCache(
              4000,
              shapes -> {
                recorded.add(shapes.getFirst().elements());
                return Program.record(
                    device, shapes, in -> List.of(device.run(new Unary.Exp(), in.getFirst())));
              });
      List<LoadedProgram> seen = new ArrayList<>();
      for (int elements : new int[] {100, 200, 100, 300, 200, 100, 10_000, 10_000}) {
        seen.add(cache.use(List.of(Shape.of(elements)), program -> program));
      }
      // 8 bytes an element: 100 and 200 fit together, 300 only beside 200; 10,000 never waits.
      assertEquals(List.of(100, 200, 300, 200, 100, 10_000, 10_000), recorded);
      assertEquals(seen.get(0), seen.get(2));
      assertNotSame(seen.get(6), seen.get(7));
    }
  }
}
