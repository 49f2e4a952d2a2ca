package io.github.taipan.bench.report;

import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Convolution.Conv2dInputGradient;
import io.github.taipan.tensor.Convolution.Conv2dWeightGradient;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Normalization.LayerNorm;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Resampling.PixelShuffle;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Scan.SelectiveScan;
import io.github.taipan.tensor.Scan.SelectiveScanGradient;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One kernel in one shape of the networks.
 *
 * @param kind under which heading it is reported
 * @param name its shape, for people
 * @param primitive what is executed
 * @param inputs the shapes of its inputs
 */
public record Case(Kind kind, String name, Primitive primitive, List<Shape> inputs) {
  /** The headings. */
  public enum Kind {
    CONVOLUTION_1X1("1x1 convolutions"),
    CONVOLUTION_3X3("3x3 convolutions"),
    CONVOLUTION_GRADIENT("Gradients of convolutions"),
    DEPTHWISE("Depthwise 3x3 convolutions"),
    LAYER_NORM("Layer norms"),
    ELEMENT_WISE("Element-wise functions and pixel shuffles"),
    SCAN("Selective scans, four paths of 16 states");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  /** Every case. */
  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int[] c :
        new int[][] {
          {64, 48, 48},
          {64, 48, 96},
          {64, 48, 128},
          {64, 96, 192},
          {64, 96, 256},
          {64, 256, 96},
          {32, 96, 192},
          {32, 192, 512},
          {16, 192, 384},
          {8, 384, 1024}
        }) {
      cases.add(convolution(Kind.CONVOLUTION_1X1, c[0], c[1], c[2], 1));
    }
    for (int[] c :
        new int[][] {
          {64, 96, 384}, {128, 96, 384}, {256, 96, 3}, {64, 3, 48}, {32, 96, 48}, {8, 384, 768}
        }) {
      cases.add(convolution(Kind.CONVOLUTION_3X3, c[0], c[1], c[2], 3));
    }
    for (int[] c : new int[][] {{64, 48, 96, 1}, {64, 96, 192, 1}, {64, 96, 384, 3}}) {
      cases.addAll(gradients(c[0], c[1], c[2], c[3]));
    }
    for (int[] c : new int[][] {{64, 48}, {64, 96}, {64, 256}, {16, 1024}}) {
      cases.add(
          new Case(
              Kind.DEPTHWISE,
              sized(c[0], c[1]),
              new Conv2d(1, 1, c[1]),
              List.of(map(c[0], c[1]), Shape.of(c[1], 1, 3, 3))));
    }
    for (int[] c : new int[][] {{64, 48}, {64, 96}, {32, 192}}) {
      Shape weight = Shape.of(c[1]);
      cases.add(
          new Case(
              Kind.LAYER_NORM,
              sized(c[0], c[1]),
              new LayerNorm(1e-5),
              List.of(map(c[0], c[1]), weight, weight)));
    }
    cases.add(elementWise("GELU", new Unary.Gelu(), map(64, 128)));
    cases.add(elementWise("SiLU", new Unary.Silu(), map(64, 48)));
    cases.add(elementWise("pixel shuffle", new PixelShuffle(2), map(64, 384)));
    for (int[] c : new int[][] {{64, 48}, {64, 96}, {32, 96}, {16, 192}}) {
      cases.addAll(scans(c[0], c[1]));
    }
    return cases;
  }

  private static Case convolution(Kind kind, int side, int in, int out, int kernel) {
    return new Case(
        kind,
        sized(side, in) + " to " + out,
        new Conv2d(1, kernel / 2, 1),
        List.of(map(side, in), Shape.of(out, in, kernel, kernel)));
  }

  private static List<Case> gradients(int side, int in, int out, int kernel) {
    String name = kernel + "x" + kernel + " " + sized(side, in) + " to " + out;
    Shape weight = Shape.of(out, in, kernel, kernel);
    int padding = kernel / 2;
    return List.of(
        new Case(
            Kind.CONVOLUTION_GRADIENT,
            name + ", of the input",
            new Conv2dInputGradient(1, padding, 1, side, side),
            List.of(map(side, out), weight)),
        new Case(
            Kind.CONVOLUTION_GRADIENT,
            name + ", of the weight",
            new Conv2dWeightGradient(1, padding, 1, kernel, kernel),
            List.of(map(side, in), map(side, out))));
  }

  private static Case elementWise(String name, Primitive primitive, Shape map) {
    String title = name + " " + sized(map.size(1), map.size(3));
    return new Case(Kind.ELEMENT_WISE, title, primitive, List.of(map));
  }

  private static List<Case> scans(int side, int channels) {
    List<ScanPath> paths = List.of(ScanPath.values());
    int all = paths.size() * channels;
    Shape u = map(side, channels);
    Shape weights = map(side, paths.size() * 16);
    Shape row = Shape.of(all);
    List<Shape> inputs = List.of(u, map(side, all), Shape.of(all, 16), weights, weights, row, row);
    List<Shape> withGradient = Stream.concat(inputs.stream(), Stream.of(u)).toList();
    String name = sized(side, channels);
    return List.of(
        new Case(Kind.SCAN, name + " forward", new SelectiveScan(paths, 1, true), inputs),
        new Case(
            Kind.SCAN,
            name + " backward",
            new SelectiveScanGradient(paths, 1, true),
            withGradient));
  }

  private static Shape map(int side, int channels) {
    return Shape.of(1, side, side, channels);
  }

  private static String sized(int side, int channels) {
    return side + "x" + side + "x" + channels;
  }

  /** Arithmetic in floating-point operations, as the roofline counts it. */
  double operations() {
    return Roofline.operations(primitive, inputs);
  }

  long flops() {
    return primitive.flops(inputs);
  }

  long bytes() {
    return primitive.bytes(inputs);
  }

  /** Pixels times channels times paths times states, of a scan. */
  double stateSteps() {
    return primitive instanceof Scan scan
        ? (double) scan.steps(inputs) * scan.states(inputs)
        : Double.NaN;
  }

  /**
   * Samples on a device of inputs with values in [-1, 0): a scan's A has to be negative. Weights of
   * forward passes are constants, as in a network that restores.
   */
  Sample on(Device device, Effort effort) {
    List<Tensor> tensors =
        inputs.stream().map(shape -> device.tensor(shape, values(shape))).toList();
    Constants constants = new Constants();
    switch (primitive) {
      case Conv2d _, LayerNorm _ -> tensors.stream().skip(1).forEach(constants::hold);
      case SelectiveScan _ -> List.of(2, 5, 6).forEach(i -> constants.hold(tensors.get(i)));
      default -> {}
    }
    List<Launch> launch = List.of(new Launch(primitive, tensors, device.run(primitive, tensors)));
    return Sample.of(device.prepare(launch, constants)::run, effort);
  }

  /** The values of an input of this shape. */
  public static double[] values(Shape shape) {
    CounterRandom random = CounterRandom.seeded(1).split(shape.toString());
    double[] values = new double[shape.elements()];
    Arrays.setAll(values, i -> random.uniform(i) - 1);
    return values;
  }
}
