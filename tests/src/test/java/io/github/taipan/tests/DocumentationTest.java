package io.github.taipan.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents point to exists, and their excerpts are what the files say. */
class DocumentationTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern EXCERPT =
      Pattern.compile("From \\[[^]]+]\\(([^)]+)\\):\\s+```java\\n(.*?)```", Pattern.DOTALL);

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      for (MatchResult link : LINK.matcher(Files.readString(document)).results().toList()) {
        if (!Files.exists(document.resolveSibling(link.group(1)))) {
          broken.add(ROOT.relativize(document) + " -> " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void excerptsAreWhatTheFilesSay() throws IOException {
    int checked = 0;
    for (Path document : documents()) {
      for (MatchResult excerpt : EXCERPT.matcher(Files.readString(document)).results().toList()) {
        String source = Files.readString(document.resolveSibling(excerpt.group(1)));
        assertTrue(
            spaced(source).contains(spaced(excerpt.group(2))),
            () -> "%s no longer says%n%s".formatted(excerpt.group(1), excerpt.group(2)));
        checked++;
      }
    }
    assertTrue(checked > 0, "no excerpts found");
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.of(top, docs, Stream.of(ROOT.resolve("bench/README.md")))
          .flatMap(paths -> paths)
          .filter(path -> path.toString().endsWith(".md"))
          .toList();
    }
  }

  private static String spaced(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
