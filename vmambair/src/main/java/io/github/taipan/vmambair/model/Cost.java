package io.github.taipan.vmambair.model;

import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Observation;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeDevice;
import io.github.taipan.tensor.program.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * What one forward pass of a network costs, counted without computing it.
 *
 * @param parameters trainable values
 * @param multiplyAccumulates by the rule of the paper's tables ({@link
 *     #multiplyAccumulates(Launch)})
 * @param flops floating-point operations of all launches
 * @param bytes read and written by all launches, at four bytes a value
 * @param peakBytes the most memory that activations take at once
 * @param launches the number of primitives executed
 * @param layers the modules in the order in which they finish, with the shapes of their outputs
 */
public record Cost(
    long parameters,
    long multiplyAccumulates,
    long flops,
    long bytes,
    long peakBytes,
    int launches,
    List<Layer> layers) {

  /** A module's name and the shape of its output. */
  public record Layer(String name, Shape output) {}

  /** The cost for an image of this size, both sides multiples of 8. */
  public static Cost of(Configuration configuration, int height, int width) {
    ShapeDevice device = new ShapeDevice();
    Parameters parameters = Parameters.zeros(device);
    VmambaIR network = new VmambaIR(configuration, parameters);
    Variable input = Variable.constant(device.zeros(Shape.of(1, height, width, 3)));
    Program program = network.program(input.shape(), device, new Constants());
    List<Launch> launches = program.launches();
    // The input was there before.
    long peakBytes = program.memory().alive() - Float.BYTES * (long) input.shape().elements();

    List<Layer> layers = new ArrayList<>();
    NoGradient.call(
        () ->
            Observation.observe(
                (name, output) -> {
                  if (!name.contains("#")) {
                    layers.add(new Layer(name, output.shape()));
                  }
                },
                () -> network.forward(input)));
    return new Cost(
        parameters.count(),
        launches.stream().mapToLong(Cost::multiplyAccumulates).sum(),
        launches.stream().mapToLong(Launch::flops).sum(),
        launches.stream().mapToLong(Launch::bytes).sum(),
        peakBytes,
        launches.size(),
        List.copyOf(layers));
  }

  /**
   * Multiply-accumulates as the counter of the released code has them (fvcore's rule), plane scans
   * included: those of convolutions and projections; 9·L·D·N + L·D of a scan of L positions, D
   * channels over all paths and N states; one per input of the pooling and per output of the
   * enlargement; nothing for all else.
   */
  static long multiplyAccumulates(Launch launch) {
    long outputs = launch.outputs().getFirst().shape().elements();
    return switch (launch.primitive()) {
      case Convolution.Conv2d _ -> outputs * launch.inputShapes().get(1).elements(1, 4);
      case MatrixProduct _ -> launch.flops() / 2;
      case Scan.SelectiveScan scan ->
          scan.steps(launch.inputShapes()) * (9L * scan.states(launch.inputShapes()) + 1);
      case Reduction.Sum _ -> launch.inputShapes().getFirst().elements();
      case Resampling.Resize _ -> outputs;
      default -> 0;
    };
  }
}
