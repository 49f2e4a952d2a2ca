package io.github.taipan.bench.report;

import io.github.taipan.bench.report.Case.Kind;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every kernel on each number of threads, beside probes and peers: one case after the other, its
 * contenders in turn.
 */
final class KernelSection {
  private static final String PROBE = "probe ";
  private static final String COPY = "copy ";
  private static final String TAIPAN = "Taipan ";

  private final List<Integer> threads;
  private final Effort effort;
  private final List<Peer> peers;
  private final @Nullable Child python;
  private final Child scalar;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  KernelSection(
      List<Integer> threads,
      Effort effort,
      List<Peer> peers,
      @Nullable Child python,
      Child scalar) {
    this.threads = threads;
    this.effort = effort;
    this.peers = peers;
    this.python = python;
    this.scalar = scalar;
  }

  /** Figures for the history. */
  Map<String, Double> figures() {
    return figures;
  }

  /** Measures the kernels whose title contains a text, and returns their tables in Markdown. */
  String run(String text) {
    Map<Kind, List<String>> tables = new LinkedHashMap<>();
    List<Case> cases = Case.all();
    for (Kind kind : Kind.values()) {
      Map<Case, Map<String, Times>> measured = new LinkedHashMap<>();
      for (int i = 0; i < cases.size(); i++) {
        Case kernel = cases.get(i);
        if (kernel.kind() == kind && title(kernel).contains(text)) {
          Report.progress(kind.title + ": " + kernel.name());
          measured.put(kernel, measure(kernel, i));
        }
      }
      Table taipan = new Table(taipanHeader(kind));
      measured.forEach((kernel, times) -> taipan.row(taipanRow(kernel, times)));
      List<String> rivals = rivals(measured.values());
      Map<Integer, Table> beside = new LinkedHashMap<>();
      for (int count : threads) {
        Table table = new Table(peerHeader(count, rivals));
        measured.forEach((kernel, times) -> table.row(peerRow(kernel, count, times, rivals)));
        beside.put(count, table);
      }
      if (!taipan.isEmpty()) {
        List<String> parts = new ArrayList<>(List.of(taipan.markdown()));
        beside.values().forEach(table -> parts.add(table.markdown()));
        tables.put(kind, parts);
      }
    }
    StringBuilder section = new StringBuilder();
    tables.forEach(
        (kind, parts) ->
            section
                .append("### ")
                .append(kind.title)
                .append("\n\n")
                .append(String.join("\n", parts))
                .append('\n'));
    return section.toString();
  }

  private Map<String, Times> measure(Case kernel, int index) {
    Map<String, Sample> contenders = new LinkedHashMap<>();
    List<AutoCloseable> open = new ArrayList<>();
    try {
      for (int count : threads) {
        Probes probes = new Probes(count);
        Device device = Devices.open("cpu", count);
        open.add(probes);
        open.add(device);
        contenders.put(PROBE + count, probes.fma());
        contenders.put(COPY + count, probes.copy(kernel.bytes(), effort.slice()));
        contenders.put(TAIPAN + count, kernel.on(device, effort));
      }
      for (int count : threads) {
        for (Peer peer : peers) {
          Optional<Runnable> operation = peer.operation(kernel, count);
          operation.ifPresent(
              runnable -> contenders.put(peer.name() + " " + count, settled(runnable)));
        }
        if (python != null && kernel.primitive() instanceof Convolution.Conv2d) {
          for (String layout : List.of("nchw", "nhwc")) {
            String request = request(kernel, layout, count);
            contenders.put("libtorch " + layout + " " + count, () -> python.seconds(request));
          }
        }
        String request = index + " " + count;
        contenders.put("scalar " + count, Sample.atMost(3, () -> scalar.seconds(request)));
      }
      return Times.of(effort.rounds(), contenders);
    } finally {
      open.forEach(KernelSection::close);
    }
  }

  private Sample settled(Runnable operation) {
    Sample sample = Sample.of(operation, effort);
    return () -> {
      double seconds = sample.seconds();
      Child.settle();
      return seconds;
    };
  }

  private String request(Case kernel, String layout, int count) {
    Shape map = kernel.inputs().get(0);
    Shape weight = kernel.inputs().get(1);
    return """
        {"kernel":%d,"side":%d,"in":%d,"out":%d,"groups":%d,"layout":"%s","threads":%d,"slice":%s}"""
        .formatted(
            weight.size(2),
            map.size(1),
            map.size(3),
            weight.size(0),
            map.size(3) / weight.size(1),
            layout,
            count,
            effort.slice());
  }

  private List<String> taipanHeader(Kind kind) {
    List<String> header = new ArrayList<>(List.of("Taipan"));
    for (int count : threads) {
      header.add("µs, " + Report.threads(count));
      header.add("least");
      header.add("GFLOP/s");
      header.add("GB/s");
      header.add("of multiply-adds");
      header.add("of copy");
      if (kind == Kind.SCAN) {
        header.add("ns a state step and core");
      }
    }
    if (threads.size() > 1) {
      header.add("%d over %d".formatted(threads.getLast(), threads.getFirst()));
    }
    return header;
  }

  private List<String> taipanRow(Case kernel, Map<String, Times> times) {
    List<String> row = new ArrayList<>(List.of(kernel.name()));
    for (int count : threads) {
      Times taipan = Times.named(times, TAIPAN + count);
      double least = taipan.minimum();
      double arithmetic = Times.named(times, PROBE + count).minimum() * kernel.operations() / least;
      double memory = Times.named(times, COPY + count).minimum() * kernel.bytes() / least;
      row.add(Table.microseconds(taipan.median()));
      row.add(Table.microseconds(least));
      row.add(Table.figure(kernel.flops() / least * 1e-9));
      row.add(Table.figure(kernel.bytes() / least * 1e-9));
      row.add(Table.percent(arithmetic));
      row.add(Table.percent(memory));
      if (kernel.kind() == Kind.SCAN) {
        row.add(Table.figure(least * count / kernel.stateSteps() * 1e9));
      }
      figures.put(
          "%s, %d threads, share".formatted(title(kernel), count), Math.max(arithmetic, memory));
    }
    if (threads.size() > 1) {
      Times first = Times.named(times, TAIPAN + threads.getFirst());
      row.add(Table.figure(first.over(Times.named(times, TAIPAN + threads.getLast()))));
    }
    return row;
  }

  private static List<String> peerHeader(int count, List<String> rivals) {
    List<String> header = new ArrayList<>(List.of("least µs, " + Report.threads(count)));
    header.add("Taipan");
    header.addAll(rivals);
    header.add("best library over Taipan");
    return header;
  }

  private List<String> peerRow(
      Case kernel, int count, Map<String, Times> times, List<String> rivals) {
    List<String> row = new ArrayList<>(List.of(kernel.name()));
    Times taipan = Times.named(times, TAIPAN + count);
    row.add(Table.microseconds(taipan.minimum()));
    double best = Double.POSITIVE_INFINITY;
    for (String rival : rivals) {
      Times other = times.get(rival + " " + count);
      row.add(other == null ? "" : Table.microseconds(other.minimum()));
      if (other != null && !rival.equals("scalar")) {
        best = Math.min(best, other.over(taipan));
      }
    }
    row.add(Double.isInfinite(best) ? "" : Table.figure(best));
    if (Double.isFinite(best)) {
      figures.put("%s, %d threads, best library over Taipan".formatted(title(kernel), count), best);
    }
    return row;
  }

  /** Everybody but Taipan and the probes. */
  private static List<String> rivals(Collection<Map<String, Times>> measured) {
    return measured.stream()
        .flatMap(times -> times.keySet().stream())
        .filter(name -> !name.startsWith(PROBE) && !name.startsWith(COPY))
        .filter(name -> !name.startsWith(TAIPAN))
        .map(name -> name.substring(0, name.lastIndexOf(' ')))
        .distinct()
        .toList();
  }

  private static String title(Case kernel) {
    String kernelSize =
        switch (kernel.kind()) {
          case CONVOLUTION_1X1 -> "1x1 ";
          case CONVOLUTION_3X3 -> "3x3 ";
          case DEPTHWISE -> "depthwise ";
          case LAYER_NORM -> "layer norm ";
          case SCAN -> "scan ";
          case CONVOLUTION_GRADIENT, ELEMENT_WISE -> "";
        };
    return kernelSize + kernel.name();
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
