package io.github.taipan.bench.report;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.Launch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whole networks beside PyTorch, in turn, and beside the roofline of their launches. */
final class NetworkSection {
  private record Subject(String model, int side, boolean training) {
    String title() {
      return "%s %dx%d%s".formatted(model, side, side, training ? " training step" : "");
    }
  }

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject("realsr4", 64, false),
          new Subject("derain", 64, false),
          new Subject("derain", 128, false),
          new Subject("sr4", 64, false),
          new Subject("sr4-light", 64, false),
          new Subject("realsr4", 64, true));

  /** PyTorch's ways: without scans and with the best one, each in both orders of axes. */
  private static final Map<String, List<String>> PYTORCH = new LinkedHashMap<>();

  static {
    PYTORCH.put("PyTorch without scans", List.of("none", "nchw"));
    PYTORCH.put("the same, channels last", List.of("none", "nhwc"));
    PYTORCH.put("PyTorch with its best scan", List.of("blk64", "nchw"));
    PYTORCH.put("the same, channels last ", List.of("blk64", "nhwc"));
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
    List<String> taipanHeader = new ArrayList<>(List.of("Taipan"));
    List<String> peerHeader = new ArrayList<>(List.of("PyTorch's seconds over Taipan's"));
    for (int count : threads) {
      taipanHeader.add("ms, " + Report.threads(count));
      taipanHeader.add("least");
      taipanHeader.add("GFLOP/s");
      taipanHeader.add("roofline, ms");
      taipanHeader.add("of roofline");
    }
    taipanHeader.add("%d over %d".formatted(threads.getLast(), threads.getFirst()));
    peerHeader.add("threads");
    PYTORCH.keySet().forEach(name -> peerHeader.addAll(List.of(name.strip() + ", s", "ratio")));
    Table taipan = new Table(taipanHeader);
    Table peer = new Table(peerHeader);
    for (Subject subject : SUBJECTS.stream().filter(s -> s.title().contains(text)).toList()) {
      Report.progress(subject.title());
      Map<String, Times> times = measure(subject);
      taipan.row(taipanRow(subject, times));
      for (int count : threads) {
        if (times.containsKey("PyTorch without scans " + count)) {
          peer.row(peerRow(subject, count, times));
        }
      }
    }
    if (taipan.isEmpty()) {
      return "";
    }
    return taipan.markdown() + (peer.isEmpty() ? "" : "\n" + peer.markdown());
  }

  private Map<String, Times> measure(Subject subject) {
    Map<String, Sample> contenders = new LinkedHashMap<>();
    List<Device> devices = new ArrayList<>();
    for (int count : threads) {
      Device device = Devices.open("cpu", count);
      devices.add(device);
      Network network = new Network(subject.model(), subject.side(), device);
      Runnable run = subject.training() ? network::train : network::forward;
      contenders.put("Taipan " + count, Sample.of(run, new Effort(0, 0, 10 * effort.warmUp(), 0)));
      // The slow ones on all threads only.
      if (python != null && (count == threads.getLast() || subject.equals(SUBJECTS.getFirst()))) {
        PYTORCH.forEach(
            (name, way) -> {
              String request =
                  """
                  {"model":"%s","scan":"%s","layout":"%s","side":%d,"backward":%b,"threads":%d}"""
                      .formatted(
                          subject.model(),
                          way.get(0),
                          way.get(1),
                          subject.side(),
                          subject.training(),
                          count);
              contenders.put(name + " " + count, () -> python.seconds(request));
            });
      }
    }
    Map<String, Times> times = Times.of(effort.networkRounds(), contenders);
    devices.forEach(Device::close);
    return times;
  }

  private List<String> taipanRow(Subject subject, Map<String, Times> times) {
    List<Launch> launches = Network.launches(subject.model(), subject.side(), subject.training());
    long flops = launches.stream().mapToLong(Launch::flops).sum();
    List<String> row = new ArrayList<>(List.of(subject.title()));
    for (int count : threads) {
      Times taipan = Times.named(times, "Taipan " + count);
      Roofline roofline = rooflines.get(count);
      double bound = roofline == null ? Double.NaN : roofline.seconds(launches);
      row.add(Table.milliseconds(taipan.median()));
      row.add(Table.milliseconds(taipan.minimum()));
      row.add(Table.figure(flops / taipan.minimum() * 1e-9));
      row.add(Table.milliseconds(bound));
      row.add(Table.percent(bound / taipan.minimum()));
      String key = "%s, %s".formatted(subject.title(), Report.threads(count));
      figures.put(key + ", seconds", taipan.minimum());
      figures.put(key + ", share of the roofline", bound / taipan.minimum());
    }
    row.add(
        Table.figure(
            Times.named(times, "Taipan " + threads.getFirst())
                .over(Times.named(times, "Taipan " + threads.getLast()))));
    return row;
  }

  private List<String> peerRow(Subject subject, int count, Map<String, Times> times) {
    List<String> row = new ArrayList<>(List.of(subject.title(), Integer.toString(count)));
    Times taipan = Times.named(times, "Taipan " + count);
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
            List.of("derain, forward", "s", "µs a pixel", "over 64x64", "MB that live at once"));
    int count = threads.getLast();
    double first = Double.NaN;
    try (Device device = Devices.open("cpu", count)) {
      for (int side = 64; side <= 1024; side *= 2) {
        Report.progress("derain %dx%d".formatted(side, side));
        Network network = new Network("derain", side, device);
        Effort once = new Effort(1, 0, side > 256 ? 0 : 2, 0);
        Sample sample = Sample.of(network::forward, once);
        Times times =
            Times.named(Times.of(side > 256 ? 1 : 3, Map.of("forward", sample)), "forward");
        double seconds = times.minimum();
        double perPixel = seconds / side / side;
        first = Double.isNaN(first) ? perPixel : first;
        table.row(
            List.of(
                side + "x" + side,
                Table.figure(seconds),
                Table.figure(perPixel * 1e6),
                Table.figure(perPixel / first),
                Table.figure(Network.peakBytes("derain", side) * 1e-6)));
        figures.put("derain %d, µs a pixel".formatted(side), perPixel * 1e6);
      }
    }
    return table.markdown();
  }
}
