package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Layer norm, one pixel's channels after another. The gradients of weight and bias are summed up by
 * slabs of rows, whose sums are then added in their order.
 */
final class NormalizationKernels {
  /** Values per task of the forward direction. */
  private static final int GRAIN = 1 << 14;

  /** The most slabs, and the fewest rows of one. */
  private static final int SLABS = 32;

  private static final int SLAB_ROWS = 64;

  private NormalizationKernels() {}

  static void run(
      Context context, Normalization normalization, List<Tensor> inputs, List<Tensor> outputs) {
    switch (normalization) {
      case Normalization.LayerNorm norm -> forward(context, norm, inputs, outputs.getFirst());
      case Normalization.LayerNormGradient gradient -> backward(context, gradient, inputs, outputs);
    }
  }

  private static void forward(
      Context context, Normalization.LayerNorm norm, List<Tensor> inputs, Tensor output) {
    float[] x = values(inputs.get(0));
    float[] weight = values(inputs.get(1));
    float[] bias = inputs.size() == 3 ? values(inputs.get(2)) : null;
    float[] y = values(output);
    int channels = inputs.get(1).shape().elements();
    NormalizationLoops loops = context.kernels().normalization();
    context
        .workers()
        .forRanges(
            rows(output.shape(), channels),
            Math.max(1, GRAIN / Math.max(1, channels)),
            (from, to) -> {
              int at = from * channels;
              loops.forward(x, at, weight, bias, norm.epsilon(), y, at, to - from, channels);
            });
  }

  private static void backward(
      Context context,
      Normalization.LayerNormGradient norm,
      List<Tensor> inputs,
      List<Tensor> outputs) {
    float[] x = values(inputs.get(0));
    float[] weight = values(inputs.get(1));
    float[] dy = values(inputs.get(2));
    float[] dx = values(outputs.get(0));
    int channels = inputs.get(1).shape().elements();
    int rows = rows(inputs.get(0).shape(), channels);
    int slabRows = Math.max(SLAB_ROWS, Math.ceilDiv(rows, SLABS));
    int slabs = Math.ceilDiv(rows, slabRows);
    float[] dWeight = new float[slabs * channels];
    float[] dBias = new float[norm.bias() ? slabs * channels : 0];
    NormalizationLoops loops = context.kernels().normalization();
    context
        .workers()
        .forRanges(
            rows,
            slabRows,
            (from, to) -> {
              int sumsAt = from / slabRows * channels;
              Arrays.fill(dWeight, sumsAt, sumsAt + channels, 0);
              if (norm.bias()) {
                Arrays.fill(dBias, sumsAt, sumsAt + channels, 0);
              }
              loops.backward(
                  x,
                  weight,
                  dy,
                  norm.bias(),
                  norm.epsilon(),
                  dx,
                  dWeight,
                  dBias,
                  sumsAt,
                  from * channels,
                  to - from,
                  channels);
            });
    sum(context, dWeight, slabs, values(outputs.get(1)), channels);
    if (norm.bias()) {
      sum(context, dBias, slabs, values(outputs.get(2)), channels);
    }
  }

  private static int rows(Shape shape, int channels) {
    return channels == 0 ? 0 : shape.elements() / channels;
  }

  private static void sum(
      Context context, float[] partials, int slabs, float[] total, int channels) {
    RowLoops loops = context.kernels().rows();
    context
        .workers()
        .forEach(1, 0, _ -> loops.sumRows(partials, 0, slabs, channels, channels, total, 0));
  }
}
