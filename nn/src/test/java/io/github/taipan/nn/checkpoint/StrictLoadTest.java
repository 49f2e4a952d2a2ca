package io.github.taipan.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.taipan.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StrictLoadTest {

  private static Checkpoint checkpoint(Map<String, Shape> shapes) {
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    shapes.forEach((name, s) -> entries.put(name, Entry.of(s, new float[s.elements()])));
    return new Checkpoint(entries, Map.of());
  }

  private static String problem(Map<String, Shape> expected, Map<String, Shape> given) {
    return assertThrows(
            CheckpointException.class, () -> StrictLoad.check(expected, checkpoint(given)))
        .getMessage();
  }

  @Test
  void theSameNamesAndShapesPass() throws CheckpointException {
    Map<String, Shape> shapes = Map.of("a", Shape.of(2, 3), "b", Shape.of());
    StrictLoad.check(shapes, checkpoint(shapes));
  }

  @Test
  void everyDifferenceIsNamed() {
    Map<String, Shape> expected = new LinkedHashMap<>();
    expected.put("a", Shape.of(2, 3));
    expected.put("b", Shape.of(1));
    expected.put("c", Shape.of(4));
    Map<String, Shape> given = new LinkedHashMap<>();
    given.put("a", Shape.of(3, 2));
    given.put("c", Shape.of(4));
    given.put("bad\u001b[31m", Shape.of());
    assertEquals(
        "the checkpoint does not fit the network: 1 missing (b); 1 unexpected (bad?[31m);"
            + " 1 of another shape (a is [3, 2], expected [2, 3])",
        problem(expected, given));
  }

  @Test
  void longListsAreCut() {
    Map<String, Shape> given = new LinkedHashMap<>();
    for (int i = 0; i < 25; i++) {
      given.put("k" + i, Shape.of());
    }
    String problem = problem(Map.of(), given);
    assertEquals("k18, k19, and 5 more)", problem.substring(problem.indexOf("k18")), "of 25 names");
  }
}
