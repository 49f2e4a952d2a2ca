package io.github.taipan.bench.report;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Measures all kernels and networks beside probes and peers, and writes {@code
 * docs/performance.md}, its picture and a line of the history. Run it from the repository's root:
 * {@code bench/report} does.
 */
public final class Report {
  private static final Path MARKDOWN = Path.of("docs/performance.md");
  private static final Path PICTURE = Path.of("docs/images/performance.svg");
  private static final Path HISTORY = Path.of("bench/history/history.jsonl");
  private static final List<Integer> THREADS = List.of(1, 2);

  private Report() {}

  /**
   * Options: {@code --quick}, {@code --pytorch PYTHON}, {@code --peers}, {@code --large}, and
   * {@code --only TEXT}, which prints the figures of the networks or kernels whose title contains
   * the text, and writes nothing.
   */
  public static void main(String... arguments) throws IOException {
    List<String> options = List.of(arguments);
    Effort effort = options.contains("--quick") ? Effort.QUICK : Effort.FULL;
    if (options.contains("--serve")) {
      serve(effort);
      return;
    }
    List<Peer> peers = new ArrayList<>(List.of(new EjmlPeer()));
    if (options.contains("--peers")) {
      ServiceLoader.load(Peer.class).forEach(peers::add);
    }
    String python = value(options, "--pytorch");
    try (Child scalar = Child.scalar(effort);
        Child torch = python == null ? null : Child.python(python)) {
      String only = value(options, "--only");
      KernelSection kernels = new KernelSection(THREADS, effort, peers, torch, scalar);
      Map<Integer, Roofline> rooflines = new TreeMap<>();
      String probes = probes(effort, rooflines);
      NetworkSection networks = new NetworkSection(THREADS, effort, torch, rooflines);
      if (only == null) {
        write(effort, probes, networks, kernels, python, options.contains("--large"));
      } else {
        System.out.println(probes + "\n" + networks.run(only) + "\n" + kernels.run(only));
      }
    }
    peers.forEach(Report::close);
  }

  private static @Nullable String value(List<String> options, String name) {
    int at = options.indexOf(name);
    return at < 0 ? null : options.get(at + 1);
  }

  private static void write(
      Effort effort,
      String probes,
      NetworkSection networks,
      KernelSection kernels,
      @Nullable String python,
      boolean large)
      throws IOException {
    long start = System.nanoTime();
    StartupSection startup = new StartupSection(THREADS.getLast(), effort.networkRounds(), python);
    String whole = networks.run("");
    String sizes = large ? networks.large() : "";
    String body = Text.body(probes, whole, sizes, startup.run(), kernels.run(""));
    Map<String, Double> figures = new LinkedHashMap<>(networks.figures());
    figures.putAll(startup.figures());
    figures.putAll(kernels.figures());
    Map<String, String> labels = labels();
    List<History.Run> runs = History.append(HISTORY, new History.Run(labels, figures));
    String seconds = "realsr4 64x64 forward, 2 threads, seconds";
    String share = "realsr4 64x64 forward, 2 threads, share of the roofline";
    Files.writeString(PICTURE, History.svg(runs, List.of(seconds, share)));
    long minutes = Math.round((System.nanoTime() - start) / 60e9);
    Files.writeString(MARKDOWN, Text.head(labels, minutes) + body);
    progress("wrote " + MARKDOWN);
  }

  /** Measures the rooflines, and returns the table of them. */
  private static String probes(Effort effort, Map<Integer, Roofline> rooflines) {
    progress("probes");
    Table table =
        new Table(
            Stream.concat(Stream.of("probe"), THREADS.stream().map(Report::threads)).toList());
    for (int count : THREADS) {
      try (Probes probes = new Probes(count)) {
        rooflines.put(count, Roofline.measure(probes, effort.rounds(), effort.slice()));
      }
    }
    List<String> fma = new ArrayList<>(List.of("multiply-adds, GFLOP/s"));
    rooflines.values().forEach(line -> fma.add(Table.figure(1e-9 / line.perFlop())));
    table.row(fma);
    for (long bytes : rooflines.values().iterator().next().perByte().keySet()) {
      List<String> row =
          new ArrayList<>(List.of("copy within %d KiB, GB/s".formatted(bytes / 1024)));
      rooflines.values().forEach(line -> row.add(Table.figure(1e-9 / line.copySeconds(bytes))));
      table.row(row);
    }
    return table.markdown();
  }

  private static Map<String, String> labels() throws IOException {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    labels.put("commit", output("git", "describe", "--always", "--dirty"));
    Path processors = Path.of("/proc/cpuinfo");
    String processor =
        Files.exists(processors)
            ? Files.readAllLines(processors).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("")
            : "";
    labels.put("machine", (processor + " " + System.getProperty("os.arch")).strip());
    labels.put("vectors", FloatVector.SPECIES_PREFERRED.vectorBitSize() + " bits");
    labels.put("java", System.getProperty("java.vm.version", ""));
    return labels;
  }

  private static String output(String... command) throws IOException {
    try (BufferedReader reader = new ProcessBuilder(command).start().inputReader()) {
      String line = reader.readLine();
      return line == null ? "" : line;
    }
  }

  /** Answers the number of a case and of threads with seconds: this is the scalar version. */
  private static void serve(Effort effort) throws IOException {
    List<Case> cases = Case.all();
    Map<String, Sample> samples = new HashMap<>();
    Map<Integer, Device> devices = new HashMap<>();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      String[] numbers = line.split(" ");
      Device device =
          devices.computeIfAbsent(Integer.valueOf(numbers[1]), count -> Devices.open("cpu", count));
      Sample sample =
          samples.computeIfAbsent(
              line, request -> cases.get(Integer.parseInt(numbers[0])).on(device, effort));
      System.out.println(sample.seconds());
    }
  }

  private static void close(Peer peer) {
    try {
      peer.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static String threads(int count) {
    return count == 1 ? "1 thread" : count + " threads";
  }

  static void progress(String text) {
    System.err.println(text);
  }
}
