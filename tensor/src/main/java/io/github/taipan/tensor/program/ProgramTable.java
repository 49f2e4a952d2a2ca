package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Programs for people to read: as a table, and as a graph. */
public final class ProgramTable {
  private final Program program;

  /** Numbers of tensors, in the order in which they appear. */
  private final Map<Object, Integer> numbers = new IdentityHashMap<>();

  private ProgramTable(Program program) {
    this.program = program;
    program.inputs().forEach(this::number);
    for (Launch launch : program.launches()) {
      launch.outputs().forEach(this::number);
    }
  }

  /**
   * A line for each launch: its number, primitive, shapes, 10⁶ floating-point operations and 10⁶
   * bytes; and microseconds, GFLOP/s and GB/s where they are given.
   *
   * @param nanos of one run, by launch; null where it was not timed
   */
  public static String of(Program program, long @Nullable [] nanos) {
    return new ProgramTable(program).table(nanos);
  }

  /** The program in the language of Graphviz: a box for each launch, an arrow for each tensor. */
  public static String graphviz(Program program) {
    return new ProgramTable(program).graph();
  }

  private int number(Tensor tensor) {
    return numbers.computeIfAbsent(tensor.storage(), _ -> numbers.size());
  }

  private String table(long @Nullable [] nanos) {
    List<String> lines = new ArrayList<>();
    String timed = nanos == null ? "" : "        µs  GFLOP/s   GB/s";
    lines.add("     MFLOP       MB%s  launch".formatted(timed));
    for (int i = 0; i < program.launches().size(); i++) {
      Launch launch = program.launches().get(i);
      lines.add(line(launch, nanos == null ? -1 : nanos[i]));
    }
    Program.Memory memory = program.memory();
    long time = 0;
    for (int i = 0; nanos != null && i < nanos.length; i++) {
      time += nanos[i];
    }
    lines.add(numbers(program.flops(), program.bytes(), nanos == null ? -1 : time) + "  in all");
    lines.add(
        "%d launches; %.1f MB in all tensors, %.1f MB alive at once, %.1f MB allocated"
            .formatted(
                program.launches().size(),
                1e-6 * memory.values(),
                1e-6 * memory.alive(),
                1e-6 * memory.allocated()));
    return String.join("\n", lines) + "\n";
  }

  private String line(Launch launch, long nanos) {
    return "%s  %s  %s = %s"
        .formatted(
            numbers(launch.flops(), launch.bytes(), nanos),
            launch.primitive().name(),
            launch.outputs().stream().map(this::named).collect(Collectors.joining(", ")),
            launch.inputs().stream().map(this::named).collect(Collectors.joining(", ")));
  }

  private static String numbers(long flops, long bytes, long nanos) {
    String line = String.format(Locale.ROOT, "%10.2f %8.2f", 1e-6 * flops, 1e-6 * bytes);
    return nanos < 0
        ? line
        : line
            + String.format(
                Locale.ROOT,
                "%10.1f %8.1f %6.1f",
                1e-3 * nanos,
                (double) flops / Math.max(1, nanos),
                (double) bytes / Math.max(1, nanos));
  }

  /** A tensor's number, or a constant, and its shape. */
  private String named(Tensor tensor) {
    Integer number = numbers.get(tensor.storage());
    return (number == null ? "weight" : "%" + number) + tensor.shape();
  }

  private String graph() {
    StringBuilder graph = new StringBuilder("digraph program {\n  node [shape=box];\n");
    Map<Object, String> makers = new IdentityHashMap<>();
    for (int i = 0; i < program.inputs().size(); i++) {
      makers.put(program.inputs().get(i).storage(), "input" + i);
      graph.append("  input%d [shape=ellipse];%n".formatted(i));
    }
    for (int i = 0; i < program.launches().size(); i++) {
      Launch launch = program.launches().get(i);
      graph.append("  launch%d [label=\"%s\"];%n".formatted(i, launch.primitive().name()));
      for (Tensor input : launch.inputs()) {
        arrow(graph, makers, input, "launch" + i);
      }
      for (Tensor output : launch.outputs()) {
        makers.put(output.storage(), "launch" + i);
      }
    }
    for (int i = 0; i < program.outputs().size(); i++) {
      graph.append("  output%d [shape=ellipse];%n".formatted(i));
      arrow(graph, makers, program.outputs().get(i), "output" + i);
    }
    return graph.append("}\n").toString();
  }

  private static void arrow(
      StringBuilder graph, Map<Object, String> makers, Tensor tensor, String to) {
    String from = makers.get(tensor.storage());
    if (from != null) {
      Shape shape = tensor.shape();
      graph.append("  %s -> %s [label=\"%s\"];%n".formatted(from, to, shape));
    }
  }
}
