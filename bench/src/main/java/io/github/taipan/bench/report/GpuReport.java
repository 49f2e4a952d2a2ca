package io.github.taipan.bench.report;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.OutOfDeviceMemoryException;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.program.LoadedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures the GPU device, or counts what a GPU would have to do, and writes the tables into
 * docs/gpu.md, between the lines that name them.
 */
public final class GpuReport {
  private static final Path PAGE = Path.of("docs/gpu.md");
  private static final List<String> MODELS = List.of("realsr4", "sr4", "derain");
  private static final int ROUNDS = 3;
  private static final Effort EFFORT = new Effort(ROUNDS, 0.05, 1, ROUNDS);

  /** What the makers say of their cards: 32-bit operations and bytes of memory a second. */
  private enum Card {
    H100(66.9e12, 3.35e12),
    H200(66.9e12, 4.8e12),
    A100(19.5e12, 2.04e12);

    final double flops;
    final double bytes;

    Card(double flops, double bytes) {
      this.flops = flops;
      this.bytes = bytes;
    }

    static double share(String description, double perSecond, boolean arithmetic) {
      return Arrays.stream(values())
          .filter(card -> description.contains(card.name()))
          .mapToDouble(card -> perSecond / (arithmetic ? card.flops : card.bytes))
          .findFirst()
          .orElse(Double.NaN);
    }
  }

  /** 16 a clock in each of 132 processors at 1.755 GHz. */
  private static final double H100_EXPONENTIALS = 16 * 132 * 1.755e9;

  private GpuReport() {}

  /**
   * {@code kernels}, {@code networks SIDE...} or {@code estimate}, then {@code --print} to print.
   */
  public static void main(String[] arguments) throws IOException {
    List<String> words = Stream.of(arguments).filter(word -> !word.startsWith("--")).toList();
    String section = words.isEmpty() ? "" : words.getFirst();
    List<Integer> sides = words.stream().skip(1).map(Integer::valueOf).toList();
    try (Device gpu = Devices.open("gpu", 1)) {
      String mode = System.getProperty("taipan.gpu.launches", "shared");
      switch (section) {
        case "kernels" -> put(arguments, section, kernels(gpu));
        case "networks" -> put(arguments, section + "-" + mode, networks(gpu, mode, sides));
        case "estimate" -> put(arguments, section, estimate(gpu));
        default -> {
          System.err.println("bench/gpu-report: kernels, networks SIDE..., or estimate");
          System.exit(2);
        }
      }
    }
  }

  /** Every kernel case, with the share of the card that its better half reaches. */
  private static String kernels(Device gpu) {
    Table table =
        new Table(
            List.of("kernel", "least ms", "GFLOP/s", "of the card's", "GB/s", "of the card's"));
    for (Case kernel : Case.all()) {
      Sample sample = kernel.on(gpu, EFFORT);
      double least = Double.POSITIVE_INFINITY;
      for (int round = 0; round < ROUNDS; round++) {
        least = Math.min(least, sample.seconds());
      }
      double flops = kernel.flops() / least;
      double bytes = kernel.bytes() / least;
      table.row(
          List.of(
              kernel.kind().title + ": " + kernel.name(),
              Table.milliseconds(least),
              Table.figure(flops * 1e-9),
              Table.percent(Card.share(gpu.description(), flops, true)),
              Table.figure(bytes * 1e-9),
              Table.percent(Card.share(gpu.description(), bytes, false))));
      System.err.println(kernel.name());
    }
    return "On " + gpu.description() + ".\n\n" + table.markdown();
  }

  /** Forward passes and training steps of the three networks. */
  private static String networks(Device gpu, String mode, List<Integer> sides) {
    Table table =
        new Table(
            List.of("network", "launches", "kernels", "first run, s", "least ms", "median ms"));
    for (String model : MODELS) {
      for (int side : sides) {
        String title = "%s %dx%d ".formatted(model, side, side);
        row(table, title + "forward", Network.forward(model, side, gpu));
        if (side == sides.getFirst() && mode.equals("shared")) {
          row(table, title + "training step", Network.training(model, side, gpu));
        }
      }
    }
    return "On %s, launches %s.\n\n%s".formatted(gpu.description(), mode, table.markdown());
  }

  private static void row(Table table, String title, Network network) {
    System.err.println(title);
    LoadedProgram program;
    try {
      program = network.load();
    } catch (OutOfDeviceMemoryException e) {
      int launches = network.rewritten().launches().size();
      table.row(List.of(title, Integer.toString(launches), "", "", "no room", "no room"));
      return;
    }
    long start = System.nanoTime();
    program.run();
    double first = (System.nanoTime() - start) * 1e-9;
    double[] seconds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      start = System.nanoTime();
      program.run();
      seconds[round] = (System.nanoTime() - start) * 1e-9;
    }
    Times times = new Times(seconds);
    table.row(
        List.of(
            title,
            Integer.toString(program.program().launches().size()),
            Integer.toString(program.kernels()),
            Table.figure(first),
            Table.milliseconds(times.minimum()),
            Table.milliseconds(times.median())));
  }

  /** The least time that a card needs for what the networks compute, by counting. */
  private static String estimate(Device gpu) {
    Table table =
        new Table(
            List.of(
                "network",
                "launches",
                "kernels",
                "GFLOP",
                "GB",
                "scans' 10⁹ exponentials",
                "arithmetic ms",
                "memory ms",
                "largest by launch, ms",
                "and 3 us a kernel, ms"));
    for (String model : MODELS) {
      double kernels = kernels(Network.forward(model, 64, gpu));
      for (int side : new int[] {64, 256}) {
        String title = "%s %dx%d forward".formatted(model, side, side);
        estimate(table, title, Network.forward(model, side, gpu), kernels);
      }
      Network training = Network.training(model, 64, gpu);
      estimate(table, model + " 64x64 training step", training, kernels(training));
    }
    Table each = new Table(List.of("kernel", "GFLOP", "MB", "least us", "bound by"));
    for (Case kernel : Case.all()) {
      double[] seconds = seconds(kernel.primitive(), kernel.inputs());
      double largest = Arrays.stream(seconds).max().orElseThrow();
      int by = seconds[0] == largest ? 0 : seconds[1] == largest ? 1 : 2;
      each.row(
          List.of(
              kernel.kind().title + ": " + kernel.name(),
              Table.figure(kernel.flops() * 1e-9),
              Table.figure(kernel.bytes() * 1e-6),
              Table.microseconds(largest),
              List.of("arithmetic", "memory", "exponentials").get(by)));
    }
    return table.markdown()
        + "\nAnd of the kernels alone, in the shapes of the networks:\n\n"
        + each.markdown();
  }

  /** What a launch takes an H100 at least: its arithmetic, its bytes, its exponentials. */
  private static double[] seconds(Primitive primitive, List<Shape> inputs) {
    return new double[] {
      primitive.flops(inputs) / Card.H100.flops,
      primitive.bytes(inputs) / Card.H100.bytes,
      exponentials(primitive, inputs) / H100_EXPONENTIALS
    };
  }

  /** How many kernels a run starts, where the device has room for the program. */
  private static double kernels(Network network) {
    try {
      return network.rewritten().load().kernels();
    } catch (OutOfDeviceMemoryException e) {
      return Double.NaN;
    }
  }

  private static void estimate(Table table, String title, Network network, double kernels) {
    System.err.println(title);
    List<Launch> launches = network.rewritten().launches();
    double flops = launches.stream().mapToDouble(Launch::flops).sum();
    double bytes = launches.stream().mapToDouble(Launch::bytes).sum();
    double exponentials =
        launches.stream()
            .mapToDouble(launch -> exponentials(launch.primitive(), launch.inputShapes()))
            .sum();
    double bound =
        launches.stream()
            .mapToDouble(
                launch ->
                    Arrays.stream(seconds(launch.primitive(), launch.inputShapes()))
                        .max()
                        .orElseThrow())
            .sum();
    table.row(
        List.of(
            title,
            Integer.toString(launches.size()),
            Double.isNaN(kernels) ? "" : Integer.toString((int) kernels),
            Table.figure(flops * 1e-9),
            Table.figure(bytes * 1e-9),
            Table.figure(exponentials * 1e-9),
            Table.milliseconds(flops / Card.H100.flops),
            Table.milliseconds(bytes / Card.H100.bytes),
            Table.milliseconds(bound),
            Table.milliseconds(bound + 3e-6 * kernels)));
  }

  /** A scan and its gradient take two for each state step: they walk each chunk twice. */
  private static double exponentials(Primitive primitive, List<Shape> inputs) {
    return primitive instanceof Scan scan ? 2.0 * scan.steps(inputs) * scan.states(inputs) : 0;
  }

  /** Replaces what stands between the two lines that name the section. */
  private static void put(String[] arguments, String section, String text) throws IOException {
    System.out.println(text);
    if (List.of(arguments).contains("--print")) {
      return;
    }
    String page = Files.readString(PAGE);
    String begin = "<!-- %s: generated by bench/gpu-report -->\n".formatted(section);
    String end = "<!-- end of %s -->".formatted(section);
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end);
    if (from < begin.length() || to < from) {
      throw new IOException(
          String.format(Locale.ROOT, "%s has no place for the section %s", PAGE, section));
    }
    Files.writeString(PAGE, page.substring(0, from) + "\n" + text + "\n" + page.substring(to));
  }
}
