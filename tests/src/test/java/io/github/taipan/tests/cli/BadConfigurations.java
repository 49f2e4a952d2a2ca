package io.github.taipan.tests.cli;

import io.github.taipan.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** Configuration files that describe no network. */
final class BadConfigurations {
  /** A sound one, of the network that is MODEL. */
  static final String SOUND =
      """
      task: sr4
      dim: 4
      blocks: [1, 1, 1, 1]
      refinement_blocks: 0
      """;

  private BadConfigurations() {}

  static List<BadInput> rows() {
    String keys = "there are blocks, dim, refinement_blocks, task, variant";
    return List.of(
        changed("dim: 4", "dim: 4\ndepth: 3", "does not know \"depth\"; " + keys),
        changed("dim: 4", "dim: 4\n~: 3", "does not know \"~\"; " + keys),
        changed("dim: 4", "dim: four", "dim is a whole number, got four"),
        changed("dim: 4", "dim: 99999999999", "dim is a whole number, got 99999999999"),
        changed("dim: 4", "dim: 5", "dim is an even number from 2 to 1024, got 5"),
        changed("dim: 4", "", "dim is a whole number, got null"),
        changed("dim: 4", "dim: 4\ndim: 4", "is no YAML: found duplicate key dim in line 3"),
        changed(", 1]", "]", "blocks are four counts from 1 to 100, got [1, 1, 1]"),
        changed("[1, 1, 1, 1]", "4", "blocks is a list of four counts"),
        changed("sr4", "colour", "no task is named \"colour\"; there are derain, sr4 and realsr4"),
        changed("task: sr4", "", "task is derain, sr4 or realsr4"),
        changed(
            "dim: 4",
            "dim: 4\nvariant: turbo",
            "no variant is named \"turbo\"; there are full, one_direction, no_channel_scan,"
                + " no_effn, linear_layers"),
        text(
            "not closed",
            "{task: [",
            "is no YAML: expected the node content, but found '<stream end>' in line 1"),
        text(
            "a tab",
            "task:\tsr4\n\tdim: 4",
            "is no YAML: found character '\\t(TAB)' that cannot start any token..."),
        text("deep", "[".repeat(60_000), "is nested too deeply"),
        text("just words", "a network, please", "is no YAML mapping of names to values"),
        text("empty", "", "is no YAML mapping of names to values"),
        text(
            "a Java class",
            "!!java.net.URL [\"http://localhost/\"]",
            "is no YAML: could not determine a constructor for the tag"
                + " tag:yaml.org,2002:java.net.URL in line 1"),
        bytes("not UTF-8", new byte[] {'a', -1, -2}, "is no text in UTF-8"),
        bytes("too large", new byte[1 << 20], "is too large for a configuration"),
        row("missing", folder -> {}, "there is no such file"),
        row(
            "a folder",
            folder -> Files.createDirectory(folder.resolve("c.yaml")),
            "is no regular file"));
  }

  private static BadInput changed(String from, String to, String sentence) {
    return text(to.isEmpty() ? "without " + from : to, SOUND.replace(from, to), sentence);
  }

  private static BadInput text(String name, String text, String sentence) {
    return bytes(name, text.getBytes(StandardCharsets.UTF_8), sentence);
  }

  private static BadInput bytes(String name, byte[] content, String sentence) {
    return row(name, BadInput.file("c.yaml", content), sentence);
  }

  private static BadInput row(String name, BadInput.Content configuration, String sentence) {
    BadInput.Content files =
        folder -> {
          TestFiles.tensor(folder.resolve("i.safetensors"), "input", Shape.of(1, 3, 8, 8));
          configuration.makeIn(folder);
        };
    return new BadInput(
        "configuration",
        name,
        "forward --config $c.yaml --weights MODEL --input $i.safetensors --output $o.safetensors",
        files,
        1,
        "c.yaml: " + sentence);
  }
}
