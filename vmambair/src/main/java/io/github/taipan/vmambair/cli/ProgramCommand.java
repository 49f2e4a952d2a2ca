package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.program.LoadedProgram;
import io.github.taipan.tensor.program.Pass;
import io.github.taipan.tensor.program.Program;
import io.github.taipan.tensor.program.ProgramTable;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.model.VmambaIR;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taipan program}. */
@Command(
    name = "program",
    description = "Prints the launches of a network's forward pass, as they are run.",
    sortOptions = false,
    footer = {
      "",
      "A line for each launch: its operations and bytes, with --time how long it took, and what it"
          + " computes from which tensors. Weights are random: they do not change the work.",
      "",
      "Examples:",
      "  taipan program --model realsr4 --time 20",
      "  taipan program --without fuse_pixels,fuse_scans",
      "  taipan program --graph program.dot && dot -Tsvg program.dot > program.svg"
    })
final class ProgramCommand implements Callable<Integer> {
  private static final int WARM_UP = 10;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "a preset or a file of weights (default: ${DEFAULT-VALUE})")
  private String name = "sr4-light";

  @Mixin private SizeOption size = new SizeOption();

  @Option(
      names = "--without",
      paramLabel = "PASS",
      split = ",",
      description = "leave passes out: ${COMPLETION-CANDIDATES}")
  private List<Pass> without = List.of();

  @Option(
      names = "--time",
      paramLabel = "RUNS",
      description = "run it so often, after a warm-up, and print the least time of each launch")
  private int runs;

  @Option(
      names = "--graph",
      paramLabel = "FILE",
      description = "write it in the language of Graphviz as well")
  private @Nullable Path graph;

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    int[] sides = size.sides(common);
    if (runs < 0 || runs > 100_000) {
      throw common.misuse("--time is from 0 to 100000, got " + runs);
    }
    List<Pass> passes = new ArrayList<>(Pass.INFERENCE);
    passes.removeAll(without);
    try (Device device = common.open()) {
      Parameters parameters = Parameters.initialized(device, 1);
      VmambaIR network = new VmambaIR(Model.configuration(name), parameters);
      Shape image = Shape.of(1, sides[1], sides[0], 3);
      Program program = network.program(image, device, new Constants()).after(passes);
      common.out().print(ProgramTable.of(program, runs == 0 ? null : time(program.load())));
      if (!common.quiet()) {
        common.out().printf("%s %s on %s%n", name, size, device.description());
      }
      if (graph != null) {
        AtomicFile.write(graph, ProgramTable.graphviz(program));
      }
    }
    return 0;
  }

  /** The least nanoseconds of each launch. */
  private long[] time(LoadedProgram program) {
    for (int i = 0; i < WARM_UP; i++) {
      program.run();
    }
    long[] least = new long[program.program().launches().size()];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int i = 0; i < runs; i++) {
      long[] nanos = new long[least.length];
      program.time(nanos);
      Arrays.setAll(least, launch -> Math.min(least[launch], nanos[launch]));
    }
    return least;
  }
}
