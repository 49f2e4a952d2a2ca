package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Loaded programs of one piece of work by the shapes of its inputs: made when first needed and kept
 * for the next time, as long as all that wait take no more than so many bytes. Any number of
 * threads may use it; threads that need the same shapes at the same time get a program each.
 */
public final class ProgramCache {
  private record Idle(List<Shape> shapes, LoadedProgram program) {
    long bytes() {
      return program.memory().allocated();
    }
  }

  private final Function<List<Shape>, Program> recorder;
  private final long mostBytes;

  /** The most recently used last. */
  private final List<Idle> idle = new ArrayList<>();

  /**
   * An empty cache.
   *
   * @param mostBytes of programs that wait to be used again
   * @param recorder makes a program for the shapes of its inputs
   */
  public ProgramCache(long mostBytes, Function<List<Shape>, Program> recorder) {
    this.mostBytes = mostBytes;
    this.recorder = recorder;
  }

  /** Lends the work a program for these shapes, which nobody else uses meanwhile. */
  public <T> T use(List<Shape> shapes, Function<LoadedProgram, T> work) {
    LoadedProgram program = take(shapes);
    T result = work.apply(program);
    giveBack(new Idle(List.copyOf(shapes), program));
    return result;
  }

  private LoadedProgram take(List<Shape> shapes) {
    synchronized (idle) {
      for (Idle candidate : idle.reversed()) {
        if (candidate.shapes.equals(shapes)) {
          idle.remove(candidate);
          return candidate.program;
        }
      }
    }
    Program program = recorder.apply(shapes);
    makeRoom(program.memory().allocated());
    return program.load();
  }

  private void giveBack(Idle program) {
    synchronized (idle) {
      makeRoom(program.bytes());
      if (program.bytes() <= mostBytes) {
        idle.add(program);
      }
    }
  }

  /** Drops the least recently used programs until there is room for another. */
  private void makeRoom(long bytes) {
    synchronized (idle) {
      long kept = idle.stream().mapToLong(Idle::bytes).sum();
      while (!idle.isEmpty() && kept + bytes > mostBytes) {
        kept -= idle.removeFirst().bytes();
      }
    }
  }
}
