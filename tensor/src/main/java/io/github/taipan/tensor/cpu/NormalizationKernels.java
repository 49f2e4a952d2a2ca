package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Normalization;
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
    NormalizationLoops loops = context.kernels().normalization();
    int grain = Math.max(1, GRAIN / Math.max(1, weight.length));
    context
        .workers()
        .forRanges(
            rows(x, weight),
            grain,
            (from, to) -> loops.forward(x, weight, bias, norm.epsilon(), y, from, to));
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
    int channels = weight.length;
    int rows = rows(x, weight);
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
            (from, to) ->
                loops.backward(
                    x,
                    weight,
                    dy,
                    norm.bias(),
                    norm.epsilon(),
                    dx,
                    dWeight,
                    dBias,
                    from / slabRows * channels,
                    from,
                    to));
    sum(dWeight, values(outputs.get(1)));
    if (norm.bias()) {
      sum(dBias, values(outputs.get(2)));
    }
  }

  private static int rows(float[] x, float[] weight) {
    return weight.length == 0 ? 0 : x.length / weight.length;
  }

  private static void sum(float[] partials, float[] total) {
    Arrays.fill(total, 0);
    for (int i = 0; i < partials.length; i++) {
      total[i % total.length] += partials[i];
    }
  }
}
