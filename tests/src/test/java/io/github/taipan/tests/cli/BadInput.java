package io.github.taipan.tests.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A row of the table of bad inputs.
 *
 * @param kind what is bad
 * @param name how it is bad
 * @param command the command line; {@code $} is the row's folder and MODEL a sound network
 * @param files makes the row's files
 * @param exitCode 0 where it works all the same
 * @param sentence the first line on standard error after {@code taipan: }; may end in ...
 */
record BadInput(
    String kind, String name, String command, Content files, int exitCode, String sentence) {
  /** Makes files in a folder. */
  interface Content {
    void makeIn(Path folder) throws IOException;
  }

  /** No file. */
  static final Content NOTHING = folder -> {};

  /** One file. */
  static Content file(String name, byte[] content) {
    return folder -> Files.write(folder.resolve(name), content);
  }

  Object[] arguments(Path folder, Path model) {
    return Arrays.stream(command.split(" "))
        .filter(word -> !word.isEmpty())
        .map(word -> word.replace("$", folder + "/").replace("MODEL", model.toString()))
        .toArray();
  }

  @Override
  public String toString() {
    return kind + ": " + name;
  }
}
