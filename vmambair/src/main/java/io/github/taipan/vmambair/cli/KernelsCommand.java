package io.github.taipan.vmambair.cli;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.DeviceProvider;
import io.github.taipan.tensor.DeviceProvider.Availability.Available;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.KernelSource;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Prepared;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taipan kernels}. */
@Command(
    name = "kernels",
    description = "Shows what the GPU executes for a primitive, and times it on each device.",
    sortOptions = false,
    footer = {
      "",
      "Without a primitive, lists how each is written. Prints the kernels' Java source and what"
          + " TornadoVM made of it, then each device's time and its distance from the reference device"
          + " (relative to the largest value of an output). Inputs are random, from a fixed seed.",
      "",
      "Examples:",
      "  taipan kernels",
      "  taipan kernels 'Silu' 1x64x64x96",
      "  taipan kernels --times 'Conv2d(1, 1, 1)' 1x64x64x48 96x48x3x3"
    })
final class KernelsCommand implements Callable<Integer> {
  private static final long SEED = 1;
  private static final int RUNS = 5;

  /** The least time spent on measuring, in which a JIT compiler finishes. */
  private static final long NANOS = 1_500_000_000;

  /** Plain loops take a minute for some 10 GFLOP. */
  private static final long REFERENCE_FLOPS = 4_000_000_000L;

  @Option(names = "--times", description = "leave the sources out")
  private boolean times;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PRIMITIVE",
      description = "with attributes")
  private @Nullable String primitive;

  @Parameters(index = "1..*", paramLabel = "SHAPE", description = "of each input")
  private List<String> shapes = new ArrayList<>();

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    if (primitive == null) {
      PrimitiveText.all().forEach(common.out()::println);
      return 0;
    }
    Primitive asked;
    List<Shape> inputs;
    try {
      asked = PrimitiveText.parse(primitive);
      inputs = shapes.stream().map(PrimitiveText::shape).toList();
      asked.outputs(inputs);
    } catch (IllegalArgumentException e) {
      throw common.misuse(String.valueOf(e.getMessage()));
    }
    show(asked, inputs);
    return 0;
  }

  private void show(Primitive asked, List<Shape> shapes) {
    PrintWriter out = common.out();
    out.printf(
        Locale.ROOT,
        "%s of %s: %.3g FLOP, %.3g bytes%n",
        asked,
        shapes,
        (double) asked.flops(shapes),
        (double) asked.bytes(shapes));
    List<double[]> expected = null;
    if (asked.flops(shapes) <= REFERENCE_FLOPS) {
      try (Device reference = Devices.open("reference", 1)) {
        expected =
            reference.run(asked, inputs(reference, asked, shapes)).stream()
                .map(Tensor::toDoubles)
                .toList();
      }
    } else {
      out.println("The reference device would take minutes: no distances.");
    }
    for (DeviceProvider provider : Devices.providers()) {
      if (provider.availability() instanceof Available && !provider.name().equals("reference")) {
        try (Device device = provider.open(Runtime.getRuntime().availableProcessors())) {
          if (!times) {
            for (KernelSource source : device.kernels(asked, inputs(device, asked, shapes))) {
              out.printf(
                  "%n=== %s, %s ===%n%s%n", source.kernel(), source.language(), source.text());
            }
          }
          measure(device, asked, shapes, expected);
        }
      }
    }
    out.flush();
  }

  private void measure(
      Device device, Primitive asked, List<Shape> shapes, @Nullable List<double[]> expected) {
    List<Tensor> inputs = inputs(device, asked, shapes);
    List<Tensor> outputs = device.run(asked, inputs);
    String distance =
        expected == null ? "" : ", %.2g from the reference".formatted(error(expected, outputs));
    Prepared prepared = device.prepare(List.of(new Launch(asked, inputs, outputs)), null);
    double best = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + NANOS;
    for (int i = 0; i < RUNS || System.nanoTime() < end; i++) {
      long start = System.nanoTime();
      prepared.run();
      best = Math.min(best, (System.nanoTime() - start) * 1e-9);
    }
    common
        .out()
        .printf(
            Locale.ROOT,
            "%s: %.3f ms, %.3g GFLOP/s, %.3g GB/s%s%n",
            device.description(),
            best * 1e3,
            asked.flops(shapes) / best * 1e-9,
            asked.bytes(shapes) / best * 1e-9,
            distance);
  }

  /** The same values on every device: positive, but for the decay rates of a scan. */
  private static List<Tensor> inputs(Device device, Primitive asked, List<Shape> shapes) {
    int rates = asked instanceof Scan.ProjectedScan ? 3 : asked instanceof Scan ? 2 : -1;
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      CounterRandom random = CounterRandom.seeded(SEED).split(i);
      float[] values = new float[shapes.get(i).elements()];
      for (int j = 0; j < values.length; j++) {
        float value = (float) random.uniform(j) + 0.1f;
        values[j] = i == rates ? -value : value;
      }
      inputs.add(device.tensor(shapes.get(i), values));
    }
    return inputs;
  }

  private static double error(List<double[]> expected, List<Tensor> outputs) {
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      double[] actual = outputs.get(i).toDoubles();
      double largest = Arrays.stream(expected.get(i)).map(Math::abs).max().orElse(0);
      for (int j = 0; j < actual.length && largest > 0; j++) {
        worst = Math.max(worst, Math.abs(actual[j] - expected.get(i)[j]) / largest);
      }
    }
    return worst;
  }
}
