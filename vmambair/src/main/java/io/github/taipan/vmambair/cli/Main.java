package io.github.taipan.vmambair.cli;

import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
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
      DegradeCommand.class,
      SubImagesCommand.class,
      InspectCommand.class,
      ProgramCommand.class,
      ForwardCommand.class,
      ConvertCommand.class,
      DoctorCommand.class,
      KernelsCommand.class,
      GenerateCompletion.class
    },
    footer = {
      "",
      "Examples:",
      "  taipan restore photo.jpg                    writes photo_x4.png",
      "  taipan evaluate --hr Set5                   PSNR and SSIM beside bicubic",
      "  taipan train --data photos --hold-out kitten --out run",
      "                                              trains the light x4 network"
    })
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    CommandLine command = commandLine();
    PrintWriter out = new PrintWriter(System.out, true); // flushes where a line ends, no sooner
    int exitCode = command.setOut(out).execute(arguments);
    out.flush();
    System.exit(exitCode);
  }

  /** The command line, for tests that run it without exiting. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(Main::run)
        .setParameterExceptionHandler(Main::misunderstood)
        .setExecutionExceptionHandler(Main::failed);
  }

  /** Runs the command; picocli hands exceptions on, but not errors such as that memory is out. */
  private static int run(ParseResult result) {
    try {
      return new CommandLine.RunLast().execute(result);
    } catch (Error e) {
      return failed(e, result.asCommandLineList().getLast(), result);
    }
  }

  private static int misunderstood(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("taipan: " + Failure.line(failure.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Throwable failure, CommandLine command, ParseResult result) {
    boolean verbose =
        command.getMixins().values().stream()
            .anyMatch(mixin -> mixin instanceof CommonOptions common && common.verbose());
    Failure.print(failure, command.getErr(), verbose);
    return CommandLine.ExitCode.SOFTWARE;
  }
}
