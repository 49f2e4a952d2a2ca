package io.github.taipan.tensor.testing;

import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.testing.ConformanceCase.Operand;
import io.github.taipan.tensor.testing.ConformanceCases.Collector;
import java.util.List;

/** Cases of the selective scan and its gradient. */
final class ScanCases {
  private static final List<ScanPath> ROWS = List.of(ScanPath.ROWS);
  private static final List<ScanPath> BOTH = List.of(ScanPath.ROWS, ScanPath.ROWS_REVERSED);
  private static final List<ScanPath> FOUR = List.of(ScanPath.values());

  /** The sizes of a map. */
  private record Map(int batch, int height, int width, int channels) {}

  private ScanCases() {}

  static List<ConformanceCase> all() {
    Collector cases = new Collector();
    scan(cases, ROWS, new Map(1, 1, 1, 1), 1, 1);
    scan(cases, FOUR, new Map(1, 1, 1, 4), 1, 1);
    scan(cases, ROWS, new Map(2, 1, 37, 8), 4, 16);
    for (ScanPath path : ScanPath.values()) {
      scan(cases, List.of(path), new Map(2, 5, 7, 3), 1, 16);
    }
    scan(cases, FOUR, new Map(2, 5, 7, 8), 1, 16);
    scan(cases, FOUR, new Map(1, 8, 9, 17), 1, 16);
    scan(cases, FOUR, new Map(1, 7, 3, 15), 1, 5);
    scan(cases, FOUR, new Map(1, 3, 17, 9), 3, 4);
    scan(cases, FOUR, new Map(1, 13, 11, 48), 1, 16);
    scan(cases, List.of(ScanPath.COLUMNS_REVERSED, ScanPath.ROWS), new Map(1, 6, 5, 12), 2, 1);
    scan(cases, BOTH, new Map(2, 9, 8, 70), 2, 20);
    scan(cases, BOTH, new Map(2, 1, 48, 1), 1, 16); // the channel scan of deraining and SISR
    scan(cases, BOTH, new Map(2, 1, 48, 4), 1, 16);
    scan(cases, BOTH, new Map(1, 1, 1031, 1), 1, 16);
    scan(cases, FOUR, new Map(1, 37, 31, 3), 1, 16);
    scan(cases, ROWS, new Map(0, 3, 4, 8), 1, 16);
    scan(cases, FOUR, new Map(2, 0, 3, 8), 1, 16);

    Map map = new Map(1, 5, 9, 7);
    scan(cases, FOUR, map, 1, 16, false, 0.01, 0.5);
    scan(cases, FOUR, map, 1, 16, true, 15, 25); // around softplus' limit
    scan(cases, FOUR, map, 1, 16, true, -12, -6); // long memory

    projected(cases, ROWS, new Map(1, 1, 1, 1), 1, 1, 1);
    projected(cases, FOUR, new Map(2, 5, 7, 17), 1, 16, 1);
    projected(cases, FOUR, new Map(1, 13, 11, 48), 1, 16, 3);
    projected(cases, BOTH, new Map(1, 9, 8, 70), 2, 5, 24);
    projected(cases, FOUR, new Map(0, 3, 4, 8), 1, 16, 3);
    return cases.cases();
  }

  private static void scan(Collector cases, List<ScanPath> paths, Map map, int groups, int states) {
    scan(cases, paths, map, groups, states, true, -4, 1);
  }

  private static void projected(
      Collector cases, List<ScanPath> paths, Map map, int groups, int states, int rank) {
    int rows = paths.size() * map.channels;
    int weights = paths.size() * groups * states;
    Operand b = Operand.of(map.batch, map.height, map.width, weights).constant();
    cases.rounded(
        new Scan.ProjectedScan(paths, groups, true),
        Operand.of(map.batch, map.height, map.width, map.channels).constant(),
        Operand.of(map.batch, map.height, map.width, paths.size() * rank).constant(),
        Operand.of(rows, rank, 1, 1).constant(),
        Operand.of(rows, states).in(-4, -0.1).constant(),
        b,
        b,
        Operand.of(rows).constant(),
        Operand.of(rows).in(-2, 0.1).constant());
  }

  private static void scan(
      Collector cases,
      List<ScanPath> paths,
      Map map,
      int groups,
      int states,
      boolean softplus,
      double lowDelta,
      double highDelta) {
    int rows = paths.size() * map.channels;
    int weights = paths.size() * groups * states;
    Operand u = Operand.of(map.batch, map.height, map.width, map.channels);
    Operand delta = Operand.of(map.batch, map.height, map.width, rows).in(lowDelta, highDelta);
    Operand a = Operand.of(rows, states).in(-4, -0.1);
    Operand b = Operand.of(map.batch, map.height, map.width, weights);
    Operand d = Operand.of(rows);
    Operand bias = Operand.of(rows).in(0, 0.1);
    cases.rounded(new Scan.SelectiveScan(paths, groups, softplus), u, delta, a, b, b, d, bias);
    cases.rounded(
        new Scan.SelectiveScanGradient(paths, groups, softplus),
        u.constant(),
        delta.constant(),
        a.constant(),
        b.constant(),
        b.constant(),
        d.constant(),
        bias.constant(),
        u.constant());
  }
}
