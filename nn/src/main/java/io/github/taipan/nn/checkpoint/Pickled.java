package io.github.taipan.nn.checkpoint;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a pickle may hold. Values may contain themselves, so nothing here is ever walked through: a
 * tensor is found by a path of two names at most.
 */
sealed interface Pickled {
  record Text(String text) implements Pickled {}

  record Whole(BigInteger value) implements Pickled {}

  record Tuple(List<Pickled> items) implements Pickled {}

  /** A list, which may still grow. */
  record Items(List<Pickled> items) implements Pickled {}

  /** A dictionary, which may still grow; values under keys that are no texts are dropped. */
  record Dictionary(SequencedMap<String, Pickled> entries) implements Pickled {
    Dictionary() {
      this(new LinkedHashMap<>());
    }

    void put(Pickled key, Pickled value) {
      if (key instanceof Text(String name)) {
        entries.put(name, value);
      }
    }
  }

  /** One of the few functions that may be named. */
  record Function(String name) implements Pickled {}

  /** The type of a storage, which says how its values are encoded. */
  record StorageType(Dtype dtype) implements Pickled {}

  /** A run of values kept outside the pickle. */
  record Storage(Dtype dtype, String key, long elements) implements Pickled {}

  /** A tensor: a storage seen through an offset, sizes and strides, all in elements. */
  record View(Storage storage, long offset, List<Long> sizes, List<Long> strides)
      implements Pickled {}

  /** Values that no tensor depends on; only their kind is kept. */
  enum Plain implements Pickled {
    NONE,
    TRUTH,
    REAL,
    BYTES,
    SET,
    DEVICE
  }
}
