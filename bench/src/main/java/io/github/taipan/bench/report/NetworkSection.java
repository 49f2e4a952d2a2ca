package io.github.taipan.bench.report;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whole networks beside PyTorch, in turn, and beside the roofline of their launches. */
final class NetworkSection {
  private record Subject(String model, int side, boolean training) {
    String title() {
      return "%s %dx%d %s".formatted(model, side, side, training ? "training step" : "forward");
    }

    Network on(Device device) {
      return training
          ? Network.training(model, side, device)
          : Network.forward(model, side, device);
    }

    /** The same of PyTorch. */
    String request(List<String> way, int threads) {
      return """
          {"model":"%s","scan":"%s","layout":"%s","side":%d,"backward":%b,"threads":%d}"""
          .formatted(model, way.get(0), way.get(1), side, training, threads);
    }
  }

  private static final String TAIPAN = "Taipan ";

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject("realsr4", 64, false),
          new Subject("derain", 64, false),
          new Subject("derain", 128, false),
          new Subject("sr4", 64, false),
          new Subject("sr4-light", 64, false),
          new Subject("realsr4", 64, true));

  /**
   * PyTorch's ways: without scans as published and with channels last, and with the best scan,
   * which is faster with channels last.
   */
  private static final Map<String, List<String>> PYTORCH = new LinkedHashMap<>();

  static {
    PYTORCH.put("PyTorch without scans", List.of("none", "nchw"));
    PYTORCH.put("the same, channels last", List.of("none", "nhwc"));
    PYTORCH.put("with its best scan, channels last", List.of("blk64", "nhwc"));
  }

  private final List<Integer> threads;
  private final Effort effort;
  private final @Nullable Child python;
  private final Map<Integer, Roofline> rooflines;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  NetworkSection(
      List<Integer> threads,
      Effort effort,
      @Nullable Child python,
      Map<Integer, Roofline> rooflines) {
    this.threads = threads;
    this.effort = effort;
    this.python = python;
    this.rooflines = rooflines;
  }

  Map<String, Double> figures() {
    return figures;
  }

  /** Measures the networks whose title contains a text, and returns their tables in Markdown. */
  String run(String text) {
    Table taipan =
        new Table(
            List.of(
                "Taipan",
                "threads",
                "ms",
                "least",
                "faster than 1",
                "GFLOP/s",
                "roofline as recorded, ms",
                "of it",
                "after the passes, ms",
                "of it"));
    Table programs =
        new Table(
            List.of(
                "program",
                "launches",
                "after the passes",
                "GFLOP",
                "executed",
                "MB moved",
                "after the passes",
                "MB of all values",
                "alive at once",
                "allocated",
                "kB allocated by a run on " + threads + " threads"));
    List<String> peerHeader =
        new ArrayList<>(List.of("PyTorch's seconds over Taipan's", "threads"));
    PYTORCH.keySet().forEach(name -> peerHeader.addAll(List.of(name + ", s", "ratio")));
    Table peer = new Table(peerHeader);
    for (Subject subject : SUBJECTS.stream().filter(s -> s.title().contains(text)).toList()) {
      Report.progress(subject.title());
      Measured measured = measure(subject);
      taipanRows(subject, measured, taipan);
      programs.row(programRow(subject, measured));
      for (int count : threads) {
        if (measured.times().containsKey("PyTorch without scans " + count)) {
          peer.row(peerRow(subject, count, measured.times()));
        }
      }
    }
    return Stream.of(taipan, programs, peer)
        .filter(table -> !table.isEmpty())
        .map(Table::markdown)
        .collect(Collectors.joining("\n"));
  }

  /** Programs of a network by threads, and the times of everybody. */
  private record Measured(
      Map<Integer, Network> networks, Map<Integer, Long> allocated, Map<String, Times> times) {}

  private Measured measure(Subject subject) {
    Map<String, Sample> contenders = new LinkedHashMap<>();
    Map<Integer, Network> networks = new LinkedHashMap<>();
    Map<Integer, LoadedProgram> programs = new LinkedHashMap<>();
    List<Device> devices = new ArrayList<>();
    for (int count : threads) {
      Device device = Devices.open("cpu", count);
      devices.add(device);
      Network network = subject.on(device);
      LoadedProgram program = network.load();
      networks.put(count, network);
      programs.put(count, program);
      contenders.put(TAIPAN + count, Sample.of(program::run, effort.network()));
      // It is slow: one network on each number of threads, the others on all.
      boolean all = effort.equals(Effort.FULL) && subject.equals(SUBJECTS.getFirst());
      if (python != null && (count == threads.getLast() || all)) {
        PYTORCH.forEach(
            (name, way) -> {
              String request = subject.request(way, count);
              contenders.put(name + " " + count, () -> python.seconds(request));
            });
      }
    }
    Map<String, Times> times = Times.of(effort.networkRounds(), contenders);
    Map<Integer, Long> allocated = new LinkedHashMap<>();
    programs.forEach((count, program) -> allocated.put(count, Network.allocated(program)));
    devices.forEach(Device::close);
    return new Measured(networks, allocated, times);
  }

  private void taipanRows(Subject subject, Measured measured, Table table) {
    measured
        .networks()
        .forEach(
            (count, network) -> {
              Times times = Times.named(measured.times(), TAIPAN + count);
              Times first = Times.named(measured.times(), TAIPAN + threads.getFirst());
              Roofline roofline = Objects.requireNonNull(rooflines.get(count));
              double least = times.minimum();
              double recorded = roofline.seconds(network.recorded().launches());
              double rewritten = roofline.seconds(network.rewritten().launches());
              table.row(
                  List.of(
                      subject.title(),
                      Integer.toString(count),
                      Table.milliseconds(times.median()),
                      Table.milliseconds(least),
                      Table.figure(first.over(times)),
                      Table.figure(network.recorded().flops() / least * 1e-9),
                      Table.milliseconds(recorded),
                      Table.percent(recorded / least),
                      Table.milliseconds(rewritten),
                      Table.percent(rewritten / least)));
              String key = "%s, %s".formatted(subject.title(), Report.threads(count));
              figures.put(key + ", seconds", least);
              figures.put(key + ", share of the roofline", recorded / least);
            });
  }

  private static List<String> programRow(Subject subject, Measured measured) {
    Network network = measured.networks().values().iterator().next();
    Program.Memory memory = network.rewritten().memory();
    return List.of(
        subject.title(),
        Integer.toString(network.recorded().launches().size()),
        Integer.toString(network.rewritten().launches().size()),
        Table.figure(network.recorded().flops() * 1e-9),
        Table.figure(network.rewritten().flops() * 1e-9),
        Table.figure(network.recorded().bytes() * 1e-6),
        Table.figure(network.rewritten().bytes() * 1e-6),
        Table.figure(memory.values() * 1e-6),
        Table.figure(memory.alive() * 1e-6),
        Table.figure(memory.allocated() * 1e-6),
        measured.allocated().values().stream()
            .map(b -> Table.figure(b * 1e-3))
            .toList()
            .toString());
  }

  private List<String> peerRow(Subject subject, int count, Map<String, Times> times) {
    List<String> row = new ArrayList<>(List.of(subject.title(), Integer.toString(count)));
    Times taipan = Times.named(times, TAIPAN + count);
    for (Map.Entry<String, List<String>> way : PYTORCH.entrySet()) {
      Times other = Times.named(times, way.getKey() + " " + count);
      row.add(Table.figure(other.minimum()));
      row.add(Table.figure(other.over(taipan)));
      figures.put(
          "%s, %s, PyTorch %s over Taipan"
              .formatted(subject.title(), Report.threads(count), String.join(" ", way.getValue())),
          other.over(taipan));
    }
    return row;
  }

  /** Seconds a pixel and memory of deraining from small to large, once each after a warm-up. */
  String large() {
    Table table =
        new Table(
            List.of(
                "derain, forward",
                "s",
                "µs a pixel",
                "over 64x64",
                "MB alive at once",
                "allocated",
                "over alive"));
    int count = threads.getLast();
    double first = Double.NaN;
    try (Device device = Devices.open("cpu", count)) {
      for (int side = 64; side <= 1024; side *= 2) {
        Report.progress("derain %dx%d".formatted(side, side));
        Network network = Network.forward("derain", side, device);
        Sample sample = Sample.of(network.load()::run, effort.network());
        Times times =
            Times.named(Times.of(side > 256 ? 1 : 3, Map.of("forward", sample)), "forward");
        double seconds = times.minimum();
        double perPixel = seconds / side / side;
        first = Double.isNaN(first) ? perPixel : first;
        Program.Memory memory = network.rewritten().memory();
        table.row(
            List.of(
                side + "x" + side,
                Table.figure(seconds),
                Table.figure(perPixel * 1e6),
                Table.figure(perPixel / first),
                Table.figure(memory.alive() * 1e-6),
                Table.figure(memory.allocated() * 1e-6),
                Table.figure((double) memory.allocated() / memory.alive())));
        figures.put("derain %d, µs a pixel".formatted(side), perPixel * 1e6);
      }
    }
    return table.markdown();
  }
}
