package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Update;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Drops launches whose results nobody uses, from the last to the first. */
final class DropDead {
  private DropDead() {}

  static Program apply(Program program) {
    Set<Object> used = Collections.newSetFromMap(new IdentityHashMap<>());
    program.outputs().forEach(output -> used.add(output.storage()));
    List<Launch> kept = new ArrayList<>();
    for (Launch launch : program.launches().reversed()) {
      boolean useful =
          launch.primitive() instanceof Update
              || launch.outputs().stream().map(Tensor::storage).anyMatch(used::contains);
      if (useful) {
        kept.add(launch);
        launch.inputs().forEach(input -> used.add(input.storage()));
      }
    }
    return program.with(kept.reversed());
  }
}
