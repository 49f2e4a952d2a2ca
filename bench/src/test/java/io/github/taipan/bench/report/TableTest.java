package io.github.taipan.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void isMarkdown() {
    Table table = new Table(List.of("kernel", "µs")).row(List.of("scan", "3.00"));
    assertEquals("| kernel | µs |\n|---|---:|\n| scan | 3.00 |\n", table.markdown());
  }

  @Test
  void rowsFillTheColumns() {
    Table table = new Table(List.of("kernel", "µs"));
    assertThrows(IllegalArgumentException.class, () -> table.row(List.of("scan")));
  }

  @Test
  void figuresHaveThreeDigits() {
    assertEquals("0.0123", Table.figure(0.012345));
    assertEquals("1.23", Table.figure(1.2345));
    assertEquals("12345", Table.figure(12345));
    assertEquals("", Table.figure(Double.NaN));
    assertEquals("85 %", Table.percent(0.8512));
  }

  @Test
  void mediansAndRatios() {
    Times times = new Times(new double[] {3, 1, 2, 10});
    assertEquals(2.5, times.median());
    assertEquals(0.5, times.over(new Times(new double[] {4, 2})));
  }
}
