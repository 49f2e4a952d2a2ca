package io.github.taipan.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final History.Run RUN =
      new History.Run(
          Map.of("machine", "a processor, 512 bits"), Map.of("realsr4, seconds", 0.25, "b", -1e-9));

  @Test
  void readsWhatItWrote(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("new/history.jsonl");
    History.append(file, RUN);
    assertEquals(List.of(RUN, RUN), History.append(file, RUN));
  }

  @Test
  void leavesOutWhatWasNotMeasured() {
    String json = new History.Run(Map.of("date", "today"), Map.of("a", Double.NaN)).json();
    assertFalse(json.contains("NaN"), json);
    assertEquals(Map.of("date", "today"), History.Run.parse(json).labels());
  }

  @Test
  void plotsEachRun() {
    String svg = History.svg(List.of(RUN, RUN), List.of("realsr4, seconds", "of another run"));
    assertEquals(2, svg.split("<circle", -1).length - 1);
    assertTrue(svg.contains(">realsr4, seconds</text>"));
  }
}
