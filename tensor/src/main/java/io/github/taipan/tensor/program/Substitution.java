package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Other tensors in place of some, whatever shape they are viewed in. */
final class Substitution {
  private final Map<Object, Tensor> substitutes = new IdentityHashMap<>();

  void put(Tensor tensor, Tensor substitute) {
    substitutes.put(tensor.storage(), substitute);
  }

  boolean has(Tensor tensor) {
    return substitutes.containsKey(tensor.storage());
  }

  /** The substitute in the shape of the tensor, or the tensor itself. */
  Tensor of(Tensor tensor) {
    Tensor substitute = substitutes.get(tensor.storage());
    return substitute == null
        ? tensor
        : new Tensor(tensor.device(), tensor.shape(), substitute.storage());
  }

  List<Tensor> in(List<Tensor> tensors) {
    return tensors.stream().map(this::of).toList();
  }

  Launch inInputs(Launch launch) {
    return new Launch(launch.primitive(), in(launch.inputs()), launch.outputs());
  }

  Launch in(Launch launch) {
    return new Launch(launch.primitive(), in(launch.inputs()), in(launch.outputs()));
  }
}
