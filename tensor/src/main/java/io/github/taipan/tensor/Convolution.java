package io.github.taipan.tensor;

import java.util.List;

/**
 * Two-dimensional convolution (cross-correlation, as in PyTorch) of an NHWC map with OIHW weights,
 * and its two gradients. Padding is with zeros on all four sides; other paddings are a {@link
 * Layout.Pad} before it. A depthwise convolution has as many groups as channels.
 */
public sealed interface Convolution extends Primitive {
  /** The step between windows, in pixels, along both axes. */
  int stride();

  /** Zeros added on each side, in pixels. */
  int padding();

  /** The number of groups: output group g sees input group g alone. */
  int groups();

  /**
   * Inputs x {@code [batch, height, width, in]}, weight {@code [out, in / groups, kernelHeight,
   * kernelWidth]} and, optionally, bias {@code [out]}; output {@code [batch, outHeight, outWidth,
   * out]} with {@code outHeight = (height + 2·padding − kernelHeight) / stride + 1}.
   */
  record Conv2d(int stride, int padding, int groups) implements Convolution {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      require(inputs.size() == 2 || inputs.size() == 3, inputs, "takes x, weight and maybe a bias");
      requireAttributes(inputs);
      Shape x = inputs.get(0);
      Shape weight = inputs.get(1);
      require(x.rank() == 4 && weight.rank() == 4, inputs, "x is NHWC and weight OIHW");
      require(
          x.size(3) == weight.size(1) * groups && weight.size(0) % groups == 0,
          inputs,
          "x has groups (%d) times the weight's input channels".formatted(groups));
      require(
          inputs.size() == 2 || inputs.get(2).equals(Shape.of(weight.size(0))),
          inputs,
          "the bias has one value per output channel");
      int height = windows(x.size(1), weight.size(2));
      int width = windows(x.size(2), weight.size(3));
      require(height > 0 && width > 0, inputs, "the kernel fits into the padded map");
      return List.of(Shape.of(x.size(0), height, width, weight.size(0)));
    }

    @Override
    public long flops(List<Shape> inputs) {
      long outputs = outputs(inputs).getFirst().elements();
      return 2 * outputs * inputs.get(1).elements(1, 4) + (inputs.size() == 3 ? outputs : 0);
    }
  }

  /**
   * The gradient of x: inputs the upstream gradient {@code [batch, outHeight, outWidth, out]} and
   * the weight; output {@code [batch, height, width, in]}.
   */
  record Conv2dInputGradient(int stride, int padding, int groups, int height, int width)
      implements Convolution {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 2);
      requireAttributes(inputs);
      Shape gradient = inputs.get(0);
      Shape weight = inputs.get(1);
      require(gradient.rank() == 4 && weight.rank() == 4, inputs, "NHWC gradient, OIHW weight");
      require(
          gradient.size(3) == weight.size(0)
              && weight.size(0) % groups == 0
              && gradient.size(1) == windows(height, weight.size(2))
              && gradient.size(2) == windows(width, weight.size(3)),
          inputs,
          "the gradient has the shape of the convolution's output");
      return List.of(Shape.of(gradient.size(0), height, width, weight.size(1) * groups));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 2L * inputs.get(0).elements() * inputs.get(1).elements(1, 4);
    }
  }

  /**
   * The gradient of the weight: inputs x and the upstream gradient; output {@code [out, in /
   * groups, kernelHeight, kernelWidth]}.
   */
  record Conv2dWeightGradient(
      int stride, int padding, int groups, int kernelHeight, int kernelWidth)
      implements Convolution {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 2);
      requireAttributes(inputs);
      Shape x = inputs.get(0);
      Shape gradient = inputs.get(1);
      require(x.rank() == 4 && gradient.rank() == 4, inputs, "takes NHWC maps");
      require(
          gradient.size(0) == x.size(0)
              && gradient.size(1) == windows(x.size(1), kernelHeight)
              && gradient.size(2) == windows(x.size(2), kernelWidth)
              && x.size(3) % groups == 0
              && gradient.size(3) % groups == 0,
          inputs,
          "the gradient has the shape of the convolution's output");
      return List.of(Shape.of(gradient.size(3), x.size(3) / groups, kernelHeight, kernelWidth));
    }

    @Override
    public long flops(List<Shape> inputs) {
      Shape gradient = inputs.get(1);
      return 2L * gradient.elements() * outputs(inputs).getFirst().elements(1, 4);
    }
  }

  /** Checks the attributes that every convolution has. */
  default void requireAttributes(List<Shape> inputs) {
    require(
        stride() > 0 && padding() >= 0 && groups() > 0,
        inputs,
        "stride and groups are positive, and the padding not negative");
  }

  /** The number of window positions along an axis. */
  default int windows(int size, int kernel) {
    int room = size + 2 * padding() - kernel;
    return room < 0 ? 0 : room / stride() + 1;
  }
}
