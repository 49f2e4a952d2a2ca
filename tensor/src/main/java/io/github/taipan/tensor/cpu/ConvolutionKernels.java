package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Convolution.Conv2dInputGradient;
import io.github.taipan.tensor.Convolution.Conv2dWeightGradient;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/** Convolutions: depthwise ones have kernels of their own, all others are a {@link Gemm}. */
final class ConvolutionKernels {
  /** Tasks that a launch with few rows is cut into, as far as each still has enough to do. */
  private static final int TASKS = 16;

  private static final long TASK_FLOPS = 500_000;
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
          PackedMatrix weights =
              PackedMatrix.weights(
                  b, groups, second.size(0), second.size(1), second.elements(2, 4));
          convolve(context, window, a, weights, bias, c, result);
        }
      }
      case Conv2dInputGradient(int stride, int padding, int _, int _, int _) -> {
        Window window = Window.ofGradient(first, second, stride, padding);
        if (isDepthwise(groups, second)) {
          DepthwiseKernels.convolve(context, window, a, b, true, NO_BIAS, c, result);
        } else {
          PackedMatrix weights =
              PackedMatrix.transposedWeights(
                  b, groups, second.size(0), second.size(1), second.elements(2, 4));
          convolve(context, window, a, weights, NO_BIAS, c, result);
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

  /** Slides the window over x and multiplies what it sees by the weights. */
  private static void convolve(
      Context context,
      Window window,
      float[] x,
      PackedMatrix weights,
      float[] bias,
      float[] y,
      Shape result) {
    if (result.elements() == 0) {
      return;
    }
    if (window.isPoint()) { // then a map is one long row of pixels
      result = Shape.of(1, 1, result.elements(0, 3), result.size(3));
      window = window.flattened();
    }
    Blocks blocks = Blocks.of(result, window.kernelWidth());
    boolean inPlace = window.seesOnlyPixels();
    int columns = inPlace ? window.width() : window.span(blocks.width());
    Gemm gemm =
        new Gemm(
            context,
            weights,
            bias,
            window.runs(columns, weights.groups()),
            window.channels() / weights.groups(),
            blocks.count() == 1);
    long flops = 2L * result.elements() * weights.depth();
    int chunks =
        Math.clamp(
            Math.min(TASKS / blocks.count(), flops / TASK_FLOPS),
            1,
            Math.max(1, gemm.panels() / 2));
    Shape shape = result;
    Window sliding = window;
    context
        .workers()
        .forEach(
            blocks.count() * chunks,
            flops,
            task -> {
              Block block = blocks.block(task / chunks);
              int chunk = task % chunks;
              int[] aRows = Scratch.ints(Scratch.Use.TASK_A_ROWS, block.pixels() + GemmKernel.ROWS);
              int[] cRows = Scratch.ints(Scratch.Use.TASK_C_ROWS, block.pixels() + GemmKernel.ROWS);
              block.rows(shape, cRows);
              float[] seen = inPlace ? x : sliding.copy(x, block, columns);
              sliding.rows(block, inPlace, columns, aRows);
              gemm.block(
                  seen,
                  aRows,
                  y,
                  cRows,
                  block.pixels(),
                  chunk * gemm.panels() / chunks,
                  (chunk + 1) * gemm.panels() / chunks);
            });
  }
}
