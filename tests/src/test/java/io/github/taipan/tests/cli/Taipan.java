package io.github.taipan.tests.cli;

import io.github.taipan.vmambair.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import picocli.CommandLine;

/** What a command printed and how it ended. */
record Taipan(int exitCode, String out, String err) {
  /** Runs the command line in this JVM; only its standard streams are others. */
  static Taipan run(Object... arguments) {
    return run(line -> {}, arguments);
  }

  /** The same with somebody who is told, on the program's thread, the last line of errors. */
  static Taipan run(Consumer<String> listener, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err =
        new StringWriter() {
          @Override
          public void flush() {
            toString().lines().reduce((before, line) -> line).ifPresent(listener);
          }
        };
    CommandLine commandLine =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    int exitCode = commandLine.execute(texts);
    return new Taipan(exitCode, out.toString(), err.toString());
  }

  /** Runs a command that must succeed and say nothing on standard error. */
  static Taipan done(Object... arguments) {
    Taipan run = run(arguments);
    if (run.exitCode != 0 || !run.err.isEmpty()) {
      throw new AssertionError(run.toString());
    }
    return run;
  }
}
