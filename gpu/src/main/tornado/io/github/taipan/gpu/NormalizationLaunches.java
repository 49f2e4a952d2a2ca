package io.github.taipan.gpu;

import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/** The launches of layer norm and its gradient. */
final class NormalizationLaunches {
  /** How many rows a thread adds up for the parameters' gradients. */
  private static final int SLICE = 64;

  private static final int FEW_CHANNELS = 8;

  private NormalizationLaunches() {}

  static void add(
      LaunchList list, Normalization normalization, List<Tensor> inputs, List<Tensor> outputs) {
    Tensor x = inputs.get(0);
    int channels = x.shape().size(-1);
    int rows = channels == 0 ? 0 : x.shape().elements() / channels;
    int groups = Math.ceilDiv(rows, NormalizationKernels.ROWS);
    int epsilon = list.number(normalization.epsilon());
    switch (normalization) {
      case Normalization.LayerNorm _ ->
          list.add(
              Kernel.NORM.groups(
                  1,
                  groups,
                  1,
                  list.at(x),
                  list.at(inputs.get(1)),
                  inputs.size() == 3 ? list.at(inputs.get(2)) : -1,
                  list.at(outputs.getFirst()),
                  rows,
                  channels,
                  epsilon));
      case Normalization.LayerNormGradient(double _, boolean bias) -> {
        int weight = list.at(inputs.get(1));
        int dy = list.at(inputs.get(2));
        int statistics = list.scratch(3 * rows);
        int[] arguments = {
          list.at(x),
          weight,
          dy,
          list.at(outputs.getFirst()),
          statistics,
          rows,
          channels,
          epsilon,
          bias ? 1 : 0
        };
        list.add(
            channels < FEW_CHANNELS
                ? Kernel.NORM_SHORT_GRADIENT.over(rows, arguments)
                : Kernel.NORM_GRADIENT.groups(1, groups, 1, arguments));
        int slices = Math.max(1, Math.ceilDiv(rows, SLICE));
        int products = list.scratch(slices * channels);
        int sums = list.scratch(slices * channels);
        list.add(
            Kernel.NORM_PARAMETER_GRADIENT.over(
                slices * channels,
                list.at(x),
                dy,
                statistics,
                products,
                sums,
                rows,
                channels,
                slices));
        ReductionLaunches.sumRows(list, products, list.at(outputs.get(1)), slices, channels);
        if (bias) {
          ReductionLaunches.sumRows(list, sums, list.at(outputs.get(2)), slices, channels);
        }
      }
    }
  }
}
