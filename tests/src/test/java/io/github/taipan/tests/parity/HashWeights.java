package io.github.taipan.tests.parity;

import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.testing.HashFill;
import io.github.taipan.vmambair.model.Task;

/** The documented hash fill of a network's parameters, by the kind that a name tells. */
final class HashWeights {
  private HashWeights() {}

  static void fill(Parameters parameters, Task task) {
    parameters
        .named()
        .forEach(
            (name, variable) ->
                parameters.device().write(variable.value(), values(name, variable.shape(), task)));
  }

  static float[] values(String name, Shape shape, Task task) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    boolean lifted = task != Task.REALSR4;
    double fan = 1 / Math.sqrt(shape.rank() > 1 ? shape.elements(1, shape.rank()) : 1);
    double innermost = 1 / Math.sqrt(shape.size(-1));
    if (name.endsWith("body.weight")) {
      return fill(name, shape, 1, 0.3);
    } else if (name.endsWith("body.bias")) {
      return fill(name, shape, 0, 0.2);
    }
    return switch (last) {
      case "Ac_logs" -> lifted ? fill(name, shape, 0, 1) : logs(name, shape);
      case "A_logs" -> logs(name, shape);
      case "Ds", "Dsc" -> fill(name, shape, 1, 0.5);
      case "dt_projs_bias" -> fill(name, shape, -3.5, 2);
      case "dtc_projs_bias" -> lifted ? fill(name, shape, 0, 1) : fill(name, shape, -3.5, 2);
      case "dtc_projs_weight" -> fill(name, shape, 0, lifted ? 1 : innermost);
      case "dt_projs_weight", "x_proj_weight", "xc_proj_weight" -> fill(name, shape, 0, innermost);
      case "weight" -> fill(name, shape, 0, fan);
      case "bias" -> fill(name, shape, 0, 0.1);
      default -> throw new IllegalArgumentException("no hash fill for " + name);
    };
  }

  private static float[] fill(String name, Shape shape, double center, double amplitude) {
    return HashFill.values(name, shape.elements(), center, amplitude);
  }

  private static float[] logs(String name, Shape shape) {
    double[] units = HashFill.units(name, shape.elements());
    float[] values = new float[units.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.log(i % shape.size(-1) + 1) + 0.2 * (2 * units[i] - 1));
    }
    return values;
  }
}
