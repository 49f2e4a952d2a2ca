package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Primitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page about all primitives: what each takes and makes, in the words of its Javadoc, which
 * devices execute it, by how many cases it is tested and how near to the reference it has to be.
 */
public final class SupportTable {
  private static final String INTRODUCTION =
      """
      # The primitives

      <!-- Generated: see PrimitivesPageTest. -->

      A primitive is one operation that a device executes: a record in a sealed hierarchy, with its \
      attributes, its shape rule and its cost. Everything else is composed of these. The words below \
      are those of the Javadoc; [add a primitive](add-a-primitive.md) says how to make another.

      *Cases* is in how many ways the tests call the primitive. *Within* is how far each device may be \
      from the reference device, relative to the largest value of an output; 0 means equal bits. The gpu \
      device is not in the table, since not every build has it: it executes all of them, and the same cases \
      hold it to the same limits where the build finds TornadoVM.
      """;

  private final Path sources;
  private final List<Device> devices;

  /**
   * A table of these devices.
   *
   * @param sources the folder {@code src/main/java} of the module {@code tensor}
   */
  public SupportTable(Path sources, List<Device> devices) {
    this.sources = sources;
    this.devices = List.copyOf(devices);
  }

  /** The page, in Markdown. */
  public String page() {
    return INTRODUCTION
        + Arrays.stream(Primitive.class.getPermittedSubclasses())
            .map(this::family)
            .collect(Collectors.joining());
  }

  private String family(Class<?> family) {
    String names = devices.stream().map(Device::name).collect(Collectors.joining(" | "));
    String rows =
        ConformanceCases.primitives().stream()
            .filter(family::isAssignableFrom)
            .map(this::row)
            .collect(Collectors.joining());
    // A family of one primitive says it all in the table.
    String words = family.isRecord() ? "" : "\n" + javadoc(family) + "\n";
    return "\n## %s\n%s\n| primitive | what it does | cases | within | %s |\n|---|---|---|---|%s\n%s"
        .formatted(family.getSimpleName(), words, names, "---|".repeat(devices.size()), rows);
  }

  private String row(Class<? extends Primitive> primitive) {
    List<ConformanceCase> cases = ConformanceCases.of(primitive);
    String attributes =
        Arrays.stream(primitive.getRecordComponents())
            .map(component -> component.getName())
            .collect(Collectors.joining(", "));
    double limit = cases.stream().mapToDouble(c -> c.tolerance().limit()).max().orElseThrow();
    String executed =
        devices.stream()
            .map(device -> executes(device, cases.getFirst()) ? "yes" : "no")
            .collect(Collectors.joining(" | "));
    return "| `%s(%s)` | %s | %d | %s | %s |\n"
        .formatted(
            primitive.getSimpleName(),
            attributes,
            firstSentences(primitive),
            cases.size(),
            limit == 0 ? "0" : "%.0e".formatted(limit).replace("e-0", "e-"),
            executed);
  }

  private static boolean executes(Device device, ConformanceCase tested) {
    try {
      device.run(tested.primitive(), tested.inputs(device));
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  /** The first paragraph of a type's Javadoc, up to its last full stop, on one line. */
  private String firstSentences(Class<?> type) {
    return javadoc(type)
        .split("\n\n|\n@")[0]
        .replaceFirst("(?<=\\.) [^.]*:$", "")
        .replace("\n", " ")
        .replace("|", "\\|");
  }

  /** The Javadoc of a type, as Markdown. */
  private String javadoc(Class<?> type) {
    Class<?> file = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
    Path path = sources.resolve(file.getName().replace('.', '/') + ".java");
    Pattern comment =
        Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:public )?(?:sealed )?%s %s\\b"
                .formatted(type.isRecord() ? "record" : "interface", type.getSimpleName()),
            Pattern.DOTALL);
    try {
      Matcher matcher = comment.matcher(Files.readString(path));
      if (!matcher.find()) {
        throw new AssertionError(type + " has no Javadoc");
      }
      return matcher
          .group(1)
          .replaceAll("\n *\\* ?", "\n")
          .replaceAll("(?<=\\S)\n(?=[^\n])(?![^`<]*</pre>)", " ") // how lines wrap is no content
          .replaceAll("\\s*<pre>\\s*", "\n\n```text\n")
          .replace("</pre>", "```")
          .replace("<p>", "")
          .replaceAll("\\{@(?:code|link)\\s+#?([^}]+?)}", "`$1`")
          .replaceAll("(\\w)#(\\w)", "$1.$2")
          .strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
