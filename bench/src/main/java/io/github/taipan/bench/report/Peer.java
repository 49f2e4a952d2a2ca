package io.github.taipan.bench.report;

import java.util.Optional;

/** Another library that computes some of the cases; it is on the class path or it is not. */
public interface Peer extends AutoCloseable {
  /** How tables call it. */
  String name();

  /** The operation of a case on so many threads, or nothing where the library lacks it. */
  Optional<Runnable> operation(Case kernel, int threads);

  @Override
  default void close() {}
}
