package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.vmambair.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users and strangers feed the command line. Each row of the table ends in its sentence and
 * exit code, or works: without a stack trace, and leaving no file but a result.
 */
class BadInputsTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void makeWeights() throws IOException {
    TestFiles.weights(shared.resolve("model.safetensors"), Task.SR4);
  }

  static Stream<BadInput> table() throws IOException {
    return Stream.of(
            BadImages.rows(), BadCheckpoints.rows(), BadConfigurations.rows(), BadCommands.rows())
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("table")
  void endsAsItShould(BadInput input) throws IOException {
    input.files().makeIn(folder);
    Set<String> before = files();

    Taipan run = Taipan.run(input.arguments(folder, shared.resolve("model.safetensors")));

    String err = run.err().replace(folder + "/", "").replace(shared + "/", "");
    assertEquals(input.exitCode(), run.exitCode(), err);
    List<String> lines = err.lines().toList();
    if (input.exitCode() == 0) {
      assertEquals("", err);
    } else {
      String expected = "taipan: " + input.sentence();
      if (expected.endsWith("...")) {
        assertTrue(lines.getFirst().startsWith(expected.replace("...", "")), err);
      } else {
        assertEquals(expected, lines.getFirst());
      }
    }
    if (input.exitCode() == 1) {
      assertEquals(1, lines.size(), err);
      assertEquals("", run.out());
    }
    if (input.exitCode() == 2) {
      assertTrue(lines.getLast().matches("Try 'taipan.* --help'\\."), err);
      assertTrue(lines.size() <= 3, err);
    }
    Set<String> made = files();
    made.removeAll(before);
    assertEquals(input.exitCode() == 0 ? Set.of("a_x4.png") : Set.of(), made);
  }

  @Test
  void theTableIsLongEnough() throws IOException {
    Map<String, Long> counts =
        table().collect(Collectors.groupingBy(BadInput::kind, TreeMap::new, Collectors.counting()));
    System.out.println("Bad inputs tried: " + counts);
    assertEquals(5, counts.size());
    assertTrue(counts.values().stream().allMatch(count -> count >= 6), counts.toString());
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
