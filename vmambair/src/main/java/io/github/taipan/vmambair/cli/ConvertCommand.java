package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.nn.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taipan convert}. */
@Command(
    name = "convert",
    description = "Converts a PyTorch checkpoint (.pth, .pt) to safetensors, running none of it.",
    sortOptions = false,
    footer = {"", "Example:", "  taipan convert net_g_latest.pth net_g.safetensors"})
final class ConvertCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "IN", description = "the checkpoint")
  private Path in = Path.of("");

  @Parameters(index = "1", paramLabel = "OUT", description = "the safetensors file to write")
  private Path out = Path.of("");

  @Option(
      names = "--key",
      split = ",",
      description = "dictionaries to take, best first (default: params_ema,params,state_dict)")
  private List<String> keys = Checkpoint.AVERAGED_FIRST;

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    AtomicFile.check(out);
    Checkpoint checkpoint = Checkpoint.read(in, keys);
    if (checkpoint.entries().isEmpty()) {
      throw new IOException(in + ": holds no tensors");
    }
    checkpoint.write(out);
    if (!common.quiet()) {
      long values =
          checkpoint.entries().values().stream().mapToLong(e -> e.shape().elements()).sum();
      common.out().printf("%s: %d tensors, %,d values%n", out, checkpoint.entries().size(), values);
    }
    return 0;
  }
}
