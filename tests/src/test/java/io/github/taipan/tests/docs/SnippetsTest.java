package io.github.taipan.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the Java snippets of a page one after the other, as JShell would, and compares what each
 * prints with the text under it. With {@code -Dtaipan.docs=update} the page is rewritten instead.
 */
class SnippetsTest {
  private static final Pattern SNIPPET =
      Pattern.compile("```java\\n(.*?)```\\n(?:```text\\n(.*?)```\\n)?", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(strings = {"docs/scan.md"})
  void pagePrintsWhatItSays(String name) throws IOException {
    Path file = root().resolve(name);
    String page = Files.readString(file);
    StringBuilder updated = new StringBuilder();
    int count = 0;
    try (Shell shell = new Shell()) {
      Matcher snippet = SNIPPET.matcher(page);
      while (snippet.find()) {
        count++;
        String printed = shell.run(snippet.group(1));
        snippet.appendReplacement(
            updated,
            Matcher.quoteReplacement(
                "```java\n" + snippet.group(1) + "```\n```text\n" + printed + "```\n"));
      }
      snippet.appendTail(updated);
    }
    System.out.printf("%s: %d snippets%n", name, count);
    assertTrue(count > 0, name + " has no snippets");
    if ("update".equals(System.getProperty("taipan.docs"))) {
      Files.writeString(file, updated);
    } else {
      assertEquals(updated.toString(), page);
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/scan.md"))) {
      folder = folder.getParent();
      assertTrue(folder != null, "not inside the project");
    }
    return folder;
  }

  /** A JShell in this process, whose output is caught. */
  private static final class Shell implements AutoCloseable {
    private final PrintStream before = System.out;
    private final Locale locale = Locale.getDefault();
    private final JShell shell;

    Shell() {
      Locale.setDefault(Locale.ROOT);
      shell =
          JShell.builder()
              .executionEngine("local")
              .compilerOptions("--add-modules", "jdk.incubator.vector")
              .build();
      String path = System.getProperty("surefire.test.class.path");
      shell.addToClasspath(path == null ? System.getProperty("java.class.path") : path);
      run("import java.util.*;");
    }

    String run(String code) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      try {
        String rest = code;
        while (!rest.isBlank()) {
          SourceCodeAnalysis.CompletionInfo info =
              shell.sourceCodeAnalysis().analyzeCompletion(rest);
          for (SnippetEvent event : shell.eval(info.source())) {
            requireSuccess(event);
          }
          rest = info.remaining();
        }
      } finally {
        System.setOut(before);
      }
      return bytes.toString(StandardCharsets.UTF_8);
    }

    private void requireSuccess(SnippetEvent event) {
      String problems =
          String.join(
              "; ", shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList());
      assertTrue(
          event.status() == Snippet.Status.VALID && event.exception() == null,
          event.snippet().source() + "\n" + problems + event.exception());
    }

    @Override
    public void close() {
      shell.close();
      Locale.setDefault(locale);
    }
  }
}
