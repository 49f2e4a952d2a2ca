package io.github.taipan.tensor;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Tensors that nobody writes any more, such as the weights of a network that only restores, and
 * what is derived from them once: slices, packed forms. Programs of one network share it.
 */
public final class Constants {
  /** Storages are compared by identity, what is derived from them by value. */
  private record Key(Object what, List<Object> storages) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && what.equals(key.what) && same(storages, key.storages);
    }

    private static boolean same(List<Object> a, List<Object> b) {
      boolean same = a.size() == b.size();
      for (int i = 0; same && i < a.size(); i++) {
        same = a.get(i) == b.get(i);
      }
      return same;
    }

    @Override
    public int hashCode() {
      int[] hashes = storages.stream().mapToInt(System::identityHashCode).toArray();
      return 31 * what.hashCode() + Arrays.hashCode(hashes);
    }
  }

  private final Set<Object> held =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private final Map<Key, Object> derived = new ConcurrentHashMap<>();

  /** Takes a tensor that stays as it is from now on. */
  public void hold(Tensor tensor) {
    held.add(tensor.storage());
  }

  /** Whether the tensor stays as it is. */
  public boolean holds(Tensor tensor) {
    return held.contains(tensor.storage());
  }

  /**
   * What was derived from the tensors before, or is now.
   *
   * @param what tells things derived from the same tensors apart; compared by value
   */
  @SuppressWarnings("unchecked") // what decides the type
  public <T> T derive(Object what, List<Tensor> from, Supplier<T> maker) {
    Key key = new Key(what, from.stream().map(Tensor::storage).toList());
    Object known = derived.get(key);
    if (known == null) {
      // Not computeIfAbsent, as a maker may derive other things.
      T made = maker.get();
      known = derived.putIfAbsent(key, made);
      known = known == null ? made : known;
    }
    return (T) known;
  }
}
