package io.github.taipan.gpu;

import io.github.taipan.gpu.MatrixLaunches.Matrix;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/**
 * The launches of convolutions and their gradients: a kernel of one pixel is a matrix product, a
 * depthwise convolution has kernels of its own, and all others are products of gathered tiles.
 */
final class ConvolutionLaunches {
  /** As many threads keep a large GPU busy. */
  private static final int ENOUGH = 1 << 17;

  private ConvolutionLaunches() {}

  static void add(LaunchList list, Convolution convolution, List<Tensor> inputs, Tensor output) {
    Tensor first = inputs.get(0);
    Tensor second = inputs.get(1);
    switch (convolution) {
      case Convolution.Conv2d(int stride, int padding, int groups) -> {
        int bias = inputs.size() > 2 ? list.at(inputs.get(2)) : -1;
        Shape weight = second.shape();
        if (isDepthwise(weight, groups)) {
          convolveChannels(list, first, second, output, bias, stride, 1, -padding, 1);
        } else if (isProduct(convolution, weight)) {
          int channels = weight.size(1);
          int outputs = weight.size(0) / groups;
          MatrixLaunches.multiply(
              list,
              new Matrix(list.at(first), channels * groups, 1),
              new Matrix(list.at(second), channels, 1),
              new Matrix(list.at(output), outputs * groups, 1),
              bias,
              new int[] {pixels(output), outputs, channels},
              output.shape().elements(),
              groups(groups, channels, outputs * channels, outputs, outputs));
        } else {
          convolveTiles(list, first, second, output, bias, groups, stride, 1, -padding, 1);
        }
      }
      case Convolution.Conv2dInputGradient(int stride, int padding, int groups, _, _) -> {
        Shape weight = second.shape();
        if (isDepthwise(weight, groups)) {
          convolveChannels(list, first, second, output, -1, 1, -1, padding, stride);
        } else if (isProduct(convolution, weight)) {
          int channels = weight.size(1);
          int outputs = weight.size(0) / groups;
          MatrixLaunches.multiply(
              list,
              new Matrix(list.at(first), outputs * groups, 1),
              new Matrix(list.at(second), 1, channels),
              new Matrix(list.at(output), channels * groups, 1),
              -1,
              new int[] {pixels(output), channels, outputs},
              output.shape().elements(),
              groups(groups, outputs, outputs * channels, channels, 0));
        } else {
          convolveTiles(list, first, second, output, -1, groups, 1, -1, padding, stride);
        }
      }
      case Convolution.Conv2dWeightGradient(_, _, int groups, _, _) -> {
        Shape weight = output.shape();
        if (isDepthwise(weight, groups)) {
          weighChannels(list, convolution, first, second, output);
        } else if (isProduct(convolution, weight)) {
          int channels = weight.size(1);
          int outputs = weight.size(0) / groups;
          MatrixLaunches.multiply(
              list,
              new Matrix(list.at(second), 1, outputs * groups),
              new Matrix(list.at(first), 1, channels * groups),
              new Matrix(list.at(output), channels, 1),
              -1,
              new int[] {outputs, channels, pixels(first)},
              output.shape().elements(),
              groups(groups, outputs, channels, outputs * channels, 0));
        } else {
          weighTiles(list, convolution, first, second, output);
        }
      }
    }
  }

  private static boolean isDepthwise(Shape weight, int groups) {
    return weight.size(0) == groups && weight.size(1) == 1;
  }

  private static boolean isProduct(Convolution convolution, Shape weight) {
    return weight.size(2) == 1
        && weight.size(3) == 1
        && convolution.stride() == 1
        && convolution.padding() == 0;
  }

  private static int pixels(Tensor map) {
    return map.shape().elements(0, 3);
  }

  /** The groups as a batch of products, with their distance in a, b, y and bias. */
  private static Axes groups(int groups, int a, int b, int y, int bias) {
    return Axes.of(Shape.of(groups), new int[] {a}, new int[] {b}, new int[] {y}, new int[] {bias});
  }

  /** y ← what the weight makes of x, where the four numbers say from where it gathers. */
  private static void convolveTiles(
      LaunchList list,
      Tensor x,
      Tensor weight,
      Tensor y,
      int bias,
      int groups,
      int factor,
      int direction,
      int shift,
      int divisor) {
    int channels = x.shape().size(3) / groups;
    int columns = y.shape().size(3) / groups;
    int kernelHeight = weight.shape().size(2);
    int kernelWidth = weight.shape().size(3);
    int outer = weight.shape().elements(1, 4);
    int inner = kernelHeight * kernelWidth;
    // As many chunks as are needed for at most a step's depth each, all as long as one another.
    int chunks = Math.max(1, Math.ceilDiv(channels, MatrixKernels.DEPTH));
    list.add(
        Kernel.CONVOLUTION.groups(
            MatrixLaunches.tiles(columns) * MatrixLaunches.tiles(pixels(y)) * groups,
            1,
            1,
            list.at(x),
            list.at(weight),
            list.at(y),
            bias,
            groups,
            pixels(y),
            columns,
            channels,
            y.shape().size(1),
            y.shape().size(2),
            x.shape().size(1),
            x.shape().size(2),
            kernelHeight,
            kernelWidth,
            factor,
            direction,
            shift,
            divisor,
            direction > 0 ? inner : outer,
            direction > 0 ? outer : inner,
            weight.shape().elements() / groups,
            Math.max(1, Math.ceilDiv(channels, chunks))));
  }

  private static void weighTiles(
      LaunchList list, Convolution convolution, Tensor x, Tensor dy, Tensor dw) {
    int groups = convolution.groups();
    int rows = dw.shape().size(0) / groups;
    int channels = dw.shape().size(1);
    int elements = dw.shape().elements();
    int tiles =
        MatrixLaunches.tiles(rows) * MatrixLaunches.tiles(dw.shape().elements(1, 4)) * groups;
    int slices = MatrixLaunches.slices(tiles, pixels(dy));
    ReductionLaunches.sumSlices(
        list,
        list.at(dw),
        slices,
        elements,
        results ->
            Kernel.CONVOLUTION_WEIGHT.groups(
                tiles * slices,
                1,
                1,
                list.at(x),
                list.at(dy),
                results,
                groups,
                pixels(dy),
                rows,
                channels,
                dy.shape().size(1),
                dy.shape().size(2),
                x.shape().size(1),
                x.shape().size(2),
                dw.shape().size(2),
                dw.shape().size(3),
                convolution.stride(),
                convolution.padding(),
                slices,
                MatrixLaunches.sliceDepth(pixels(dy), slices),
                elements));
  }

  private static void convolveChannels(
      LaunchList list,
      Tensor x,
      Tensor weight,
      Tensor y,
      int bias,
      int factor,
      int direction,
      int shift,
      int divisor) {
    Shape shape = y.shape();
    int channels = shape.size(3);
    int threads =
        shape.elements(0, 2) * Math.ceilDiv(shape.size(2), DepthwiseKernels.PIXELS) * channels;
    list.add(
        Kernel.DEPTHWISE.over(
            threads,
            list.at(x),
            list.at(weight),
            list.at(y),
            bias,
            threads,
            channels,
            shape.size(1),
            shape.size(2),
            x.shape().size(1),
            x.shape().size(2),
            weight.shape().size(2),
            weight.shape().size(3),
            factor,
            direction,
            shift,
            divisor));
  }

  private static void weighChannels(
      LaunchList list, Convolution convolution, Tensor x, Tensor dy, Tensor dw) {
    int weights = dw.shape().elements();
    int lines = dy.shape().elements(0, 2);
    int wanted = Math.clamp(ENOUGH / Math.max(1, weights), 1, Math.max(1, lines));
    int sliceLines = Math.ceilDiv(lines, wanted);
    int slices = Math.max(1, Math.ceilDiv(lines, Math.max(1, sliceLines)));
    ReductionLaunches.sumSlices(
        list,
        list.at(dw),
        slices,
        weights,
        results ->
            Kernel.DEPTHWISE_WEIGHT.over(
                slices * weights,
                list.at(x),
                list.at(dy),
                results,
                slices * weights,
                dy.shape().size(3),
                dy.shape().size(1),
                dy.shape().size(2),
                x.shape().size(1),
                x.shape().size(2),
                dw.shape().size(2),
                dw.shape().size(3),
                convolution.stride(),
                convolution.padding(),
                lines,
                sliceLines));
  }
}
