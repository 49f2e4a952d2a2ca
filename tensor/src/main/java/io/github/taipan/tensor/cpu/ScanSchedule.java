package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.ScanPath;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which a selective scan's walks are made: phases, one after the other, of tasks that
 * may run at the same time. It follows from the shape alone.
 *
 * <p>A slice of the channels of an image is one task, which walks all paths in turn. Where there
 * are few slices, a path and its reversal are walked at the same time, in two phases: each walks
 * half of its steps, which is not the half of the map that the other walks, and then the rest. So
 * tasks that add to one result need no copies of it.
 */
final class ScanSchedule {
  /** Fewer slices than this are divided. */
  private static final int FEW = 8;

  private final ScanArguments scan;
  private final List<Walk> slices = new ArrayList<>();
  private final List<Walk[][]> phases = new ArrayList<>();

  private ScanSchedule(ScanArguments scan) {
    this.scan = scan;
    int inGroup = scan.channels() / scan.groups();
    for (int image = 0; image < scan.batch(); image++) {
      for (int group = 0; group < scan.groups(); group++) {
        for (int slice = 0; slice < scan.slices(); slice++) {
          int from = slice * scan.sliceWidth();
          int width = Math.min(scan.sliceWidth(), inGroup - from);
          int channel = group * inGroup + from;
          slices.add(new Walk(image, group, slice, channel, width, 0, 0, scan.length(), false));
        }
      }
    }
  }

  /** The walks by phase and task, along the paths or back. */
  static List<Walk[][]> of(ScanArguments scan, boolean back) {
    ScanSchedule schedule = new ScanSchedule(scan);
    if (schedule.slices.size() < FEW) {
      schedule.divide(back);
    } else {
      schedule.phases.add(schedule.slices.stream().map(schedule::allPaths).toArray(Walk[][]::new));
    }
    return schedule.phases;
  }

  private Walk[] allPaths(Walk slice) {
    Walk[] walks = new Walk[scan.paths().size()];
    for (int path = 0; path < walks.length; path++) {
      walks[path] = slice.along(path, 0, scan.length(), path > 0);
    }
    return walks;
  }

  private void divide(boolean back) {
    int length = scan.length();
    int middle = length / 2;
    boolean[] done = new boolean[scan.paths().size()];
    for (int path = 0; path < done.length; path++) {
      boolean add = path > 0;
      if (!done[path]) {
        int other = scan.paths().subList(path, done.length).indexOf(reversed(path)) + path;
        if (other < path || done[other]) {
          phase(new int[] {path}, new int[] {0}, new int[] {length}, add);
        } else {
          done[other] = true;
          int[] both = {path, other};
          int[] start = {0, 0};
          int[] halfWay = {middle, length - middle};
          int[] end = {length, length};
          phase(both, back ? halfWay : start, back ? end : halfWay, add);
          phase(both, back ? start : halfWay, back ? halfWay : end, true);
        }
      }
    }
  }

  private void phase(int[] paths, int[] from, int[] end, boolean add) {
    List<Walk[]> tasks = new ArrayList<>();
    for (Walk slice : slices) {
      for (int i = 0; i < paths.length; i++) {
        tasks.add(new Walk[] {slice.along(paths[i], from[i], end[i], add)});
      }
    }
    phases.add(tasks.toArray(Walk[][]::new));
  }

  private ScanPath reversed(int path) {
    return switch (scan.paths().get(path)) {
      case ROWS -> ScanPath.ROWS_REVERSED;
      case ROWS_REVERSED -> ScanPath.ROWS;
      case COLUMNS -> ScanPath.COLUMNS_REVERSED;
      case COLUMNS_REVERSED -> ScanPath.COLUMNS;
    };
  }
}
