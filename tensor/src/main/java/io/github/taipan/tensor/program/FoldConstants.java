package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Executes the launches that depend on constants alone, once for all programs that share them. */
final class FoldConstants {
  private FoldConstants() {}

  static Program apply(Program program) {
    Constants constants = program.constants();
    if (constants == null) {
      return program;
    }
    Substitution made = new Substitution();
    List<Launch> left = new ArrayList<>();
    for (Launch recorded : program.launches()) {
      Launch launch = made.inInputs(recorded);
      if (!launch.inputs().stream().allMatch(constants::holds)) {
        left.add(launch);
      } else {
        List<Tensor> results =
            constants.derive(
                launch.primitive(),
                launch.inputs(),
                () -> program.device().run(launch.primitive(), launch.inputs()));
        for (int i = 0; i < results.size(); i++) {
          constants.hold(results.get(i));
          made.put(launch.outputs().get(i), results.get(i));
        }
      }
    }
    return new Program(
        program.device(), program.inputs(), left, made.in(program.outputs()), constants);
  }
}
