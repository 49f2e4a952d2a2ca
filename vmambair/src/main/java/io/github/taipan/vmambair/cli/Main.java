package io.github.taipan.vmambair.cli;

import java.io.IOException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/**
 * {@code taipan}. Exit codes: 0 done, 1 failed (one sentence on standard error says why), 2 not
 * understood.
 */
@Command(
    name = "taipan",
    description = "Restores images with VmambaIR, a state-space network, in pure Java.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RestoreCommand.class,
      EvaluateCommand.class,
      TrainCommand.class,
      InspectCommand.class,
      ForwardCommand.class,
      ConvertCommand.class,
      GenerateCompletion.class
    },
    footer = {
      "",
      "Examples:",
      "  taipan restore photo.jpg                    writes photo_x4.png",
      "  taipan evaluate --hr Set5                   PSNR and SSIM beside bicubic",
      "  taipan train --data photos --out run        trains the light x4 network"
    })
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, for tests that run it without exiting. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::failed);
  }

  /** What a user can mend is one sentence; a stack trace is shown only on request. */
  private static int failed(Exception failure, CommandLine command, ParseResult result) {
    command.getErr().println("taipan: " + sentence(failure));
    boolean verbose =
        command.getMixins().values().stream()
            .anyMatch(mixin -> mixin instanceof CommonOptions common && common.verbose());
    if (verbose) {
      failure.printStackTrace(command.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String sentence(Exception failure) {
    String message = failure.getMessage();
    boolean explained =
        failure instanceof IOException
            || failure instanceof IllegalArgumentException
            || failure.getClass().getPackageName().startsWith("io.github.taipan");
    return message != null && explained
        ? message
        : "unexpected " + failure + " (--verbose shows where)";
  }
}
