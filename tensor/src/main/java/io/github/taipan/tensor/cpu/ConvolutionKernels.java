package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Convolution.Conv2dInputGradient;
import io.github.taipan.tensor.Convolution.Conv2dWeightGradient;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/** Convolutions: depthwise ones have kernels of their own, all others are a {@link Gemm}. */
final class ConvolutionKernels {
  private static final float[] NO_BIAS = {};

  private ConvolutionKernels() {}

  static void execute(
      Convolution convolution, List<Tensor> inputs, List<Tensor> outputs, Context context) {
    Shape first = inputs.get(0).shape();
    Shape second = inputs.get(1).shape();
    float[] a = CpuDevice.values(inputs.get(0));
    float[] b = CpuDevice.values(inputs.get(1));
    float[] c = CpuDevice.values(outputs.getFirst());
    Shape result = outputs.getFirst().shape();
    int groups = convolution.groups();
    switch (convolution) {
      case Conv2d(int stride, int padding, int _) -> {
        float[] bias = inputs.size() == 3 ? CpuDevice.values(inputs.get(2)) : NO_BIAS;
        Window window =
            new Window(first, padding, padding, 1, second.size(2), second.size(3), stride);
        if (isDepthwise(groups, second)) {
          DepthwiseKernels.convolve(context, window, a, b, false, bias, c, result);
        } else {
          List<Tensor> parameters = inputs.subList(1, inputs.size());
          Constants constants = context.constantsOf(parameters);
          PackedMatrix packed =
              constants != null
                  ? constant(constants, context, groups, parameters)
                  : packed(context, window, view(second, b, groups), bias, result);
          convolve(context, window, a, packed, c, result);
        }
      }
      case Conv2dInputGradient(int stride, int padding, int _, int _, int _) -> {
        Window window = Window.ofGradient(first, second, stride, padding);
        if (isDepthwise(groups, second)) {
          DepthwiseKernels.convolve(context, window, a, b, true, NO_BIAS, c, result);
        } else {
          MatrixView weights =
              MatrixView.transposedWeights(
                  b, groups, second.size(0), second.size(1), second.elements(2, 4));
          PackedMatrix packed = packed(context, window, weights, NO_BIAS, result);
          convolve(context, window, a, packed, c, result);
        }
      }
      case Conv2dWeightGradient(int stride, int padding, int _, int _, int _) -> {
        Window window =
            new Window(first, padding, padding, 1, result.size(2), result.size(3), stride);
        if (isDepthwise(groups, result)) {
          DepthwiseKernels.weightGradient(context, window, a, b, second, c);
        } else {
          WeightGradientKernels.execute(context, window, groups, a, b, second, c);
        }
      }
    }
  }

  private static boolean isDepthwise(int groups, Shape weight) {
    return groups > 1 && weight.size(1) == 1 && weight.size(0) == groups;
  }

  private static MatrixView view(Shape weight, float[] values, int groups) {
    return MatrixView.weights(
        values, groups, weight.size(0), weight.size(1), weight.elements(2, 4));
  }

  /** Weights and bias, packed for all tasks of a fused launch. */
  static PackedMatrix packed(Context context, Conv2d convolution, List<Tensor> parameters) {
    Constants constants = context.constantsOf(parameters);
    return constants != null
        ? constant(constants, context, convolution.groups(), parameters)
        : kept(context, convolution.groups(), parameters);
  }

  /** Weights and bias that stay the same: packed once. */
  private static PackedMatrix constant(
      Constants constants, Context context, int groups, List<Tensor> parameters) {
    return constants.derive(
        "packed in %d groups".formatted(groups),
        parameters,
        () -> kept(context.now(), groups, parameters));
  }

  private static PackedMatrix kept(Context context, int groups, List<Tensor> parameters) {
    Tensor weight = parameters.getFirst();
    MatrixView view = view(weight.shape(), CpuDevice.values(weight), groups);
    float[] bias = parameters.size() > 1 ? CpuDevice.values(parameters.get(1)) : NO_BIAS;
    return PackedMatrix.kept(context, view, bias);
  }

  /** Weights and bias packed for one launch. */
  private static PackedMatrix packed(
      Context context, Window window, MatrixView weights, float[] bias, Shape result) {
    boolean once =
        window.isPoint()
            ? result.elements(0, 3) <= Gemm.BLOCK_ROWS
            : blocks(context, window, result).count() == 1;
    return once
        ? PackedMatrix.late(context, weights, bias)
        : PackedMatrix.passing(context, weights, bias);
  }

  /** Slides the window over x and multiplies what it sees by the weights. */
  static void convolve(
      Context context, Window window, float[] x, PackedMatrix weights, float[] y, Shape result) {
    if (result.elements() == 0) {
      return;
    }
    if (window.isPoint()) {
      int pixels = result.elements(0, 3);
      Gemm.ofRows(weights).multiply(context, x, 0, window.channels(), y, 0, result.size(3), pixels);
      return;
    }
    Blocks blocks = blocks(context, window, result);
    boolean inPlace = window.seesOnlyPixels();
    int columns = inPlace ? window.width() : window.span(blocks.width());
    int[] runs = window.runs(columns, weights.groups());
    Gemm gemm = new Gemm(weights, runs, window.channels() / weights.groups());
    int pixels = result.elements(0, 3);
    int chunks = gemm.chunks(blocks.count(), pixels);
    context
        .workers()
        .forEach(
            blocks.count() * chunks,
            gemm.operations(pixels),
            task -> {
              Block block = blocks.block(task / chunks);
              int chunk = task % chunks;
              int room = block.pixels() + GemmKernel.MOST_ROWS;
              int[] aRows = Scratch.ints(Scratch.Use.TASK_A_ROWS, room);
              int[] cRows = Scratch.ints(Scratch.Use.TASK_C_ROWS, room);
              block.rows(result, cRows);
              float[] seen = inPlace ? x : window.copy(x, block, columns);
              window.rows(block, inPlace, columns, aRows);
              gemm.block(
                  seen,
                  aRows,
                  y,
                  cRows,
                  block.pixels(),
                  gemm.firstPanel(chunk, chunks),
                  gemm.firstPanel(chunk + 1, chunks));
            });
  }

  private static Blocks blocks(Context context, Window window, Shape result) {
    return Blocks.of(result, window.kernelWidth(), context.kernels().gemm().rows());
  }
}
