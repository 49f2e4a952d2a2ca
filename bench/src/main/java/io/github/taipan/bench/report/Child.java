package io.github.taipan.bench.report;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A process that answers each line of its input with seconds. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private Child(List<String> command) {
    try {
      process = started(command).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    requests = process.outputWriter();
    answers = process.inputReader();
  }

  /** This program again, with scalar kernels; requests are the number of a case and of threads. */
  static Child scalar(Effort effort) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Dtaipan.vector=scalar", "--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Report.class.getName(), "--serve"));
    if (effort.equals(Effort.QUICK)) {
      command.add("--quick");
    }
    return new Child(command);
  }

  /** The script of {@code bench/pytorch}. */
  static Child python(String python) {
    return new Child(List.of(python, "bench/pytorch/vmambair.py", "--serve"));
  }

  /** A process whose errors are shown, and whose OpenBLAS may choose its own kernels. */
  static ProcessBuilder started(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_"));
    return builder;
  }

  /** What the process says that a request took. */
  double seconds(String request) {
    try {
      requests.write(request);
      requests.newLine();
      requests.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("a child process ended: " + process.info().commandLine());
      }
      settle();
      return Double.parseDouble(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets threads that still spin for more work go to sleep. */
  static void settle() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
