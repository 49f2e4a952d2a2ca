package io.github.taipan.tests.cli;

import io.github.taipan.vmambair.cli.Main;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a program printed that ran in a JVM of its own. */
record ChildJava(int exitCode, String out, String err) {
  static ChildJava run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      return new ChildJava(process.waitFor(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** The words that start Taipan's command line, on the kernels that it is meant for. */
  static List<String> taipan(List<String> options, List<?> arguments) {
    List<String> vectors = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
    vectors.addAll(options);
    return command(vectors, System.getProperty("java.class.path"), Main.class.getName(), arguments);
  }

  /** The words that start a program. */
  static List<String> command(
      List<String> options, String classPath, String main, List<?> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    arguments.forEach(argument -> command.add(argument.toString()));
    return command;
  }

  /** The folders or jars that these classes come from, and nothing else. */
  static String classPath(Class<?>... classes) {
    return Stream.of(classes)
        .map(ChildJava::location)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
