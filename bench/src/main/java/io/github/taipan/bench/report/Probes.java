package io.github.taipan.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** What this machine can do: multiply-adds in registers, and copies within a working set. */
final class Probes implements AutoCloseable {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  private static final int STEPS = 5_000;

  /** Calls a sample: some milliseconds, since the threads take some microseconds to begin. */
  private static final int CALLS = 500;

  private final int threads;
  private final ExecutorService pool;
  private volatile float sink;

  Probes(int threads) {
    this.threads = threads;
    this.pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
  }

  @Override
  public void close() {
    pool.shutdown();
  }

  /** Seconds per floating-point operation (a multiply-add is two) of all threads together. */
  Sample fma() {
    double operations = 2.0 * CALLS * CHAINS * STEPS * SPECIES.length() * threads;
    List<Callable<Float>> work =
        IntStream.range(0, threads)
            .<Callable<Float>>mapToObj(
                i ->
                    () -> {
                      float sum = 0;
                      for (int call = 0; call < CALLS; call++) {
                        sum += multiplyAdds(call + i);
                      }
                      return sum;
                    })
            .toList();
    return () -> together(work) / operations;
  }

  /**
   * Seconds per byte, read or written, of {@code System.arraycopy} between two arrays that fill the
   * working set together; each thread has its part of them.
   *
   * @param bytes of both arrays
   * @param seconds that a sample takes at least, about
   */
  Sample copy(long bytes, double seconds) {
    int floats = (int) Math.clamp(bytes / 8 / threads, 16, Integer.MAX_VALUE / 4);
    long repeats = Math.max(1, (long) (seconds * 5e10 / (8.0 * floats)));
    List<Callable<Float>> work = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      float[] from = new float[floats];
      float[] to = new float[floats];
      work.add(
          () -> {
            for (long repeat = 0; repeat < repeats; repeat++) {
              System.arraycopy(from, 0, to, 0, floats);
            }
            return to[0];
          });
    }
    return () -> together(work) / (8.0 * floats * repeats * threads);
  }

  private double together(List<Callable<Float>> work) {
    long start = System.nanoTime();
    try {
      for (Future<Float> future : pool.invokeAll(work)) {
        sink += future.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Twelve chains: more than latency times units of any core, fewer than its registers. */
  private static float multiplyAdds(float start) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, start + 0.001f);
    FloatVector a = y;
    FloatVector b = y;
    FloatVector c = y;
    FloatVector d = y;
    FloatVector e = y;
    FloatVector f = y;
    FloatVector g = y;
    FloatVector h = y;
    FloatVector i = y;
    FloatVector j = y;
    FloatVector k = y;
    FloatVector l = y;
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    return sum.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }
}
