package io.github.taipan.vmambair.cli;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.DeviceProvider;
import io.github.taipan.tensor.Devices;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that every command has, and where it prints. */
final class CommonOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads to compute on (default: all cores)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "auto (the CPU), cpu, reference, gpu, or gpu:1 for the second (default: ${DEFAULT-VALUE})")
  private String device = Devices.AUTO;

  @Option(names = "--quiet", description = "print results and errors alone")
  private boolean quiet;

  @Option(names = "--verbose", description = "show where an error comes from")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  boolean verbose() {
    return verbose;
  }

  boolean quiet() {
    return quiet;
  }

  /** Where results go. */
  PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** Where errors go, and how long work goes on. */
  PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** An option's value that cannot be understood. */
  ParameterException misuse(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }

  /** Says what went wrong where the command goes on with the rest; gives the exit code. */
  int report(Exception failure) {
    Failure.print(failure, err(), verbose);
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** How many threads to compute on. */
  int threads() {
    if (threads < 1 || threads > 1024) {
      throw misuse("--threads is from 1 to 1024, got " + threads);
    }
    return threads;
  }

  /** Opens the device that was asked for. */
  Device open() {
    int computing = threads();
    if (device.equals(Devices.AUTO) && !quiet) {
      for (DeviceProvider provider : Devices.providers()) {
        provider
            .hardware()
            .ifPresent(
                hardware ->
                    err()
                        .printf(
                            "This machine has %s: --device %s computes on it, \"taipan doctor\" says"
                                + " whether it can.%n",
                            hardware, provider.name()));
      }
    }
    Device opened = Devices.open(device, computing);
    if (!quiet) {
      opened.onWarmUp(new WarmUpProgress(err(), TrainingProgress.isTerminal()));
    }
    return opened;
  }
}
