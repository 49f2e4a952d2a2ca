package io.github.taipan.nn.perceptual;

import static io.github.taipan.autograd.Functions.add;
import static io.github.taipan.autograd.Functions.affine;
import static io.github.taipan.autograd.Functions.conv2d;
import static io.github.taipan.autograd.Functions.divide;
import static io.github.taipan.autograd.Functions.mean;
import static io.github.taipan.autograd.Functions.multiply;
import static io.github.taipan.autograd.Functions.reshape;
import static io.github.taipan.autograd.Functions.sqrt;
import static io.github.taipan.autograd.Functions.square;
import static io.github.taipan.autograd.Functions.subtract;
import static io.github.taipan.autograd.Functions.sum;

import io.github.taipan.autograd.Variable;
import io.github.taipan.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * DISTS (Ding et al. 2020, arXiv 2004.07728): how far pictures are apart by the means of their
 * features, for texture, and by the correlations, for structure. The features are the picture
 * itself and the maps of a VGG-16 that pools by the root of smoothed squares. 0 for equal pictures.
 */
public final class Dists {
  private static final List<String> MAPS =
      List.of("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3");
  private static final int[] CHANNELS = {3, 64, 128, 256, 512, 512};
  private static final String RESOURCE = "dists_alpha_beta.safetensors";

  /** Keeps the quotients in bounds where there is nothing. */
  private static final double STABILITY = 1e-6;

  private static final double[] TAPS = {0.25, 0.5, 0.25};

  private final Vgg vgg;
  private final Channels scaled;

  /** By map, one weight per channel; all weights of both kinds sum to 1. */
  private final List<Variable> texture;

  private final List<Variable> structure;

  /** The distance by the features of a VGG-16. */
  public Dists(Vgg vgg) {
    this.vgg = vgg.require(Vgg.Depth.VGG16);
    scaled = Channels.imageNet(vgg.device());
    double[] alpha = Heads.values(RESOURCE, "alpha");
    double[] beta = Heads.values(RESOURCE, "beta");
    double sum = Arrays.stream(alpha).sum() + Arrays.stream(beta).sum();
    texture = shares(alpha, sum);
    structure = shares(beta, sum);
  }

  private List<Variable> shares(double[] weights, double sum) {
    double[] shares = Arrays.stream(weights).map(weight -> weight / sum).toArray();
    List<Variable> byMap = new ArrayList<>();
    int from = 0;
    for (int channels : CHANNELS) {
      double[] part = Arrays.copyOfRange(shares, from, from + channels);
      byMap.add(Variable.constant(vgg.device().tensor(Shape.of(channels), part)));
      from += channels;
    }
    return byMap;
  }

  /**
   * The distance of each pair, {@code [batch]}.
   *
   * @param x {@code [batch, height, width, 3]}, RGB in [0, 1]
   * @param y of the same shape
   */
  public Variable distance(Variable x, Variable y) {
    List<Variable> ofX = features(x);
    List<Variable> ofY = features(y);
    Variable total = distance(0, ofX, ofY);
    for (int i = 1; i < CHANNELS.length; i++) {
      total = add(total, distance(i, ofX, ofY));
    }
    return reshape(total, x.shape().size(0));
  }

  private List<Variable> features(Variable x) {
    List<Variable> features = new ArrayList<>(List.of(x));
    features.addAll(vgg.features(scaled.forward(x), MAPS, Dists::pool));
    return features;
  }

  /** √(smooth(x²) + 10⁻¹²) at every second pixel. */
  static Variable pool(Variable x) {
    int channels = x.shape().size(3);
    double[] filter = new double[9 * channels];
    Arrays.setAll(filter, i -> TAPS[i % 9 / 3] * TAPS[i % 3]);
    Variable smooth = Variable.constant(x.device().tensor(Shape.of(channels, 1, 3, 3), filter));
    return sqrt(affine(conv2d(square(x), smooth, null, 2, 1, channels), 1, 1e-12));
  }

  /**
   * Σ over channels of texture · (1 − S₁) + structure · (1 − S₂), {@code [batch, 1, 1, 1]}, with S₁
   * = (2 μx μy + c) / (μx² + μy² + c) of the means and S₂ = (2 σxy + c) / (σx² + σy² + c) of the
   * covariance.
   */
  private Variable distance(int map, List<Variable> ofX, List<Variable> ofY) {
    Variable x = ofX.get(map);
    Variable y = ofY.get(map);
    Variable meanX = mean(x, 1, 2);
    Variable meanY = mean(y, 1, 2);
    return sum(
        add(
            multiply(unlikeness(meanX, meanY), texture.get(map)),
            multiply(unlikeness(subtract(x, meanX), subtract(y, meanY)), structure.get(map))),
        3);
  }

  /**
   * The mean of (x − y)² over that of x² + y² + c: 1 − S, but without the rounding of numbers near
   * 1.
   */
  static Variable unlikeness(Variable x, Variable y) {
    Variable squares = add(mean(square(x), 1, 2), mean(square(y), 1, 2));
    return divide(mean(square(subtract(x, y)), 1, 2), affine(squares, 1, STABILITY));
  }
}
