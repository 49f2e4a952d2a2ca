package io.github.taipan.tensor.reference;

import static io.github.taipan.tensor.reference.ReferenceDevice.values;

import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Tensor;
import java.util.List;

/**
 * Layer norm over the channels of one pixel after another. With σ = √(v + ε), z = (x − μ) / σ and n
 * what the weight multiplies, z with a bias and x / σ without:
 *
 * <pre>
 * y     = n · weight (+ bias)
 * dx    = (g − mean(g) − z · mean(g · n)) / σ   where g = dy · weight, and mean(g) only with a bias
 * dweight = Σ dy · n      dbias = Σ dy          over the pixels
 * </pre>
 */
final class ReferenceNormalization {
  private ReferenceNormalization() {}

  static void run(Normalization normalization, List<Tensor> inputs, List<Tensor> outputs) {
    int channels = inputs.getFirst().shape().size(-1);
    int elements = inputs.getFirst().shape().elements();
    for (int start = 0; start < elements; start += channels) {
      switch (normalization) {
        case Normalization.LayerNorm norm -> forward(norm, start, channels, inputs, outputs);
        case Normalization.LayerNormGradient gradient ->
            backward(gradient, start, channels, inputs, outputs);
      }
    }
  }

  private static void forward(
      Normalization.LayerNorm norm,
      int start,
      int channels,
      List<Tensor> inputs,
      List<Tensor> outputs) {
    double[] x = values(inputs.get(0));
    double[] weight = values(inputs.get(1));
    double[] y = values(outputs.getFirst());
    boolean bias = inputs.size() == 3;
    double mean = mean(x, start, channels);
    double sigma = Math.sqrt(variance(x, start, channels) + norm.epsilon());
    for (int c = 0; c < channels; c++) {
      double normal = (bias ? x[start + c] - mean : x[start + c]) / sigma;
      y[start + c] = normal * weight[c] + (bias ? values(inputs.get(2))[c] : 0);
    }
  }

  private static void backward(
      Normalization.LayerNormGradient norm,
      int start,
      int channels,
      List<Tensor> inputs,
      List<Tensor> outputs) {
    double[] x = values(inputs.get(0));
    double[] weight = values(inputs.get(1));
    double[] dy = values(inputs.get(2));
    double[] dx = values(outputs.get(0));
    double[] dWeight = values(outputs.get(1));
    double mean = mean(x, start, channels);
    double sigma = Math.sqrt(variance(x, start, channels) + norm.epsilon());
    double meanG = 0;
    double meanGN = 0;
    for (int c = 0; c < channels; c++) {
      double g = dy[start + c] * weight[c];
      double n = (norm.bias() ? x[start + c] - mean : x[start + c]) / sigma;
      meanG += norm.bias() ? g / channels : 0;
      meanGN += g * n / channels;
      dWeight[c] += dy[start + c] * n;
      if (norm.bias()) {
        values(outputs.get(2))[c] += dy[start + c];
      }
    }
    for (int c = 0; c < channels; c++) {
      double g = dy[start + c] * weight[c];
      double z = (x[start + c] - mean) / sigma;
      dx[start + c] = (g - meanG - z * meanGN) / sigma;
    }
  }

  private static double mean(double[] x, int start, int channels) {
    double sum = 0;
    for (int c = 0; c < channels; c++) {
      sum += x[start + c];
    }
    return sum / channels;
  }

  private static double variance(double[] x, int start, int channels) {
    double mean = mean(x, start, channels);
    double sum = 0;
    for (int c = 0; c < channels; c++) {
      sum += (x[start + c] - mean) * (x[start + c] - mean);
    }
    return sum / channels;
  }
}
