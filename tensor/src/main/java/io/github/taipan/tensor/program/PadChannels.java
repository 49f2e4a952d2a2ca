package io.github.taipan.tensor.program;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Recording;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Widens hidden maps whose channels do not fill whole vectors. A 1x1 convolution with more rows of
 * weights, all zeros, makes channels of zeros; depthwise convolutions and functions with f(0) = 0
 * keep them so; and a 1x1 convolution with more columns of zeros takes them away. Other channels
 * keep their values bit for bit, as all that is added to them is zero.
 */
final class PadChannels {
  /** A cache line, and a vector of any width. */
  private static final int MULTIPLE = 16;

  private static final int KILOBYTE = 256; // values

  private final Program program;
  private final Constants constants;

  /** The storages of the maps to widen. */
  private final Set<Object> wide = Collections.newSetFromMap(new IdentityHashMap<>());

  private PadChannels(Program program, Constants constants) {
    this.program = program;
    this.constants = constants;
  }

  static Program apply(Program program) {
    Constants constants = program.constants();
    return constants == null ? program : new PadChannels(program, constants).rewrite();
  }

  private Program rewrite() {
    for (Launch launch : program.launches()) {
      if (begins(launch) || passesOn(launch)) {
        wide.add(launch.outputs().getFirst().storage());
      }
    }
    program.outputs().forEach(output -> wide.remove(output.storage()));
    while (dropBroken()) {
      // until all that is left is used by what expects it
    }
    Substitution widened = new Substitution();
    List<Launch> launches = new ArrayList<>();
    for (Launch launch : program.launches()) {
      launches.add(touchesWide(launch) ? widen(launch, widened) : launch);
    }
    return program.with(launches);
  }

  /** Drops maps that a launch uses or makes in a way that does not allow zeros. */
  private boolean dropBroken() {
    int before = wide.size();
    for (Launch launch : program.launches()) {
      if (!touchesWide(launch)) {
        continue;
      }
      boolean fits =
          isWide(launch.outputs().getFirst()) ? begins(launch) || passesOn(launch) : ends(launch);
      if (!fits) {
        launch.inputs().forEach(input -> wide.remove(input.storage()));
        launch.outputs().forEach(output -> wide.remove(output.storage()));
      }
    }
    return wide.size() < before;
  }

  private boolean touchesWide(Launch launch) {
    return launch.inputs().stream().anyMatch(this::isWide)
        || launch.outputs().stream().anyMatch(this::isWide);
  }

  private boolean isWide(Tensor tensor) {
    return wide.contains(tensor.storage());
  }

  private boolean begins(Launch launch) {
    int channels = launch.outputs().getFirst().shape().size(-1);
    return isPoint(launch) && channels % MULTIPLE != 0 && channels > MULTIPLE;
  }

  private boolean ends(Launch launch) {
    return isPoint(launch) && isWide(launch.inputs().getFirst());
  }

  private boolean passesOn(Launch launch) {
    return switch (launch.primitive()) {
      case Unary function -> keepsZero(function) && isWide(launch.inputs().getFirst());
      case Binary.Divide _ -> false;
      case Binary _ -> launch.inputs().stream().allMatch(this::isWide);
      case Conv2d convolution ->
          isWide(launch.inputs().getFirst())
              && Fused.isNeighbourly(convolution, launch.inputShapes())
              && hasConstantWeights(launch);
      default -> false;
    };
  }

  /** Whether it is a 1x1 convolution without groups. */
  private boolean isPoint(Launch launch) {
    return launch.primitive() instanceof Conv2d convolution
        && convolution.groups() == 1
        && Fused.isPixelwise(convolution, launch.inputShapes())
        && hasConstantWeights(launch);
  }

  private boolean hasConstantWeights(Launch launch) {
    return launch.inputs().stream().skip(1).allMatch(constants::holds);
  }

  private static boolean keepsZero(Unary function) {
    return switch (function) {
      case Unary.Silu _, Unary.Gelu _, Unary.Tanh _, Unary.Abs _, Unary.LeakyRelu _, Unary.Sqrt _ ->
          true;
      case Unary.Affine(double _, double shift) -> shift == 0;
      case Unary.Clamp(double minimum, double maximum) -> minimum <= 0 && maximum >= 0;
      case Unary.Exp _, Unary.Log _, Unary.Sigmoid _, Unary.Softplus _ -> false;
    };
  }

  private Launch widen(Launch launch, Substitution widened) {
    List<Tensor> inputs = new ArrayList<>();
    for (Tensor input : launch.inputs()) {
      inputs.add(isWide(input) ? inShape(widened.of(input), input) : input);
    }
    Tensor output = launch.outputs().getFirst();
    if (isWide(output)) {
      Tensor wider = Recording.unmade(output.device(), widen(output.shape()));
      widened.put(output, wider);
      output = wider;
    }
    if (launch.primitive() instanceof Conv2d(int stride, int padding, int groups)) {
      int width = inputs.getFirst().shape().size(3);
      if (groups > 1) {
        return new Launch(new Conv2d(stride, padding, width), withRows(inputs), List.of(output));
      }
      Tensor weight = inputs.get(1);
      int missing = width - weight.shape().size(1);
      inputs.set(1, missing == 0 ? weight : pad(weight, 1, missing));
      return new Launch(
          launch.primitive(),
          isWide(launch.outputs().getFirst()) ? withRows(inputs) : inputs,
          List.of(output));
    }
    return new Launch(launch.primitive(), inputs, List.of(output));
  }

  /** A wider map in its own shape, where the narrow one is used in its own. */
  private static Tensor inShape(Tensor substitute, Tensor narrow) {
    return new Tensor(substitute.device(), widen(narrow.shape()), substitute.storage());
  }

  private static Shape widen(Shape map) {
    return map.with(3, widen(map.size(3)));
  }

  /** Whole cache lines; not a kilobyte or more, as neighbouring pixels would share cache sets. */
  private static int widen(int channels) {
    int wide = Math.ceilDiv(channels, MULTIPLE) * MULTIPLE;
    return wide % KILOBYTE == 0 ? wide + MULTIPLE : wide;
  }

  /** The map, and more rows of the weights and the bias. */
  private List<Tensor> withRows(List<Tensor> inputs) {
    List<Tensor> padded = new ArrayList<>(inputs);
    int rows = inputs.get(1).shape().size(0);
    int missing = widen(rows) - rows;
    for (int i = 1; i < padded.size(); i++) {
      padded.set(i, pad(padded.get(i), 0, missing));
    }
    return padded;
  }

  private Tensor pad(Tensor tensor, int axis, int missing) {
    Layout.Pad pad = new Layout.Pad(axis, 0, missing, Layout.Border.ZERO);
    Tensor padded = constants.derive(pad, List.of(tensor), () -> program.device().run(pad, tensor));
    constants.hold(padded);
    return padded;
  }
}
