package io.github.taipan.vmambair.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** How failures are told: what a user can mend is one sentence. */
final class Failure {
  private Failure() {}

  /** Prints the sentence and, on request, where the failure comes from. */
  static void print(Throwable failure, PrintWriter err, boolean verbose) {
    err.println("taipan: " + line(sentence(failure)));
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
  }

  private static String sentence(Throwable failure) {
    String message = failure.getMessage();
    return switch (failure) {
      case OutOfMemoryError e ->
          "there is not enough memory: give Java more, such as TAIPAN_JAVA_OPTIONS=-Xmx8g";
      case StackOverflowError e -> "the input is nested too deeply";
      case NoSuchFileException e -> e.getFile() + ": there is no such file or folder";
      case AccessDeniedException e -> e.getFile() + ": permission is denied";
      case InterruptedException e -> "interrupted";
      case FileAlreadyExistsException e -> e.getFile() + ": is a file, not a folder";
      default ->
          message != null && isExplained(failure)
              ? message
              : "unexpected " + failure + " (--verbose shows where)";
    };
  }

  private static boolean isExplained(Throwable failure) {
    return failure instanceof IOException
        || failure instanceof IllegalArgumentException
        || failure.getClass().getPackageName().startsWith("io.github.taipan");
  }

  /** Text on one line, without control characters that a file may have brought. */
  static String line(@Nullable String text) {
    return String.valueOf(text).replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
