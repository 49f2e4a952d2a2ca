package io.github.taipan.nn.perceptual;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import java.util.List;

/**
 * The perceptual loss (Johnson et al. 2016, arXiv 1603.08155) as super-resolution networks are
 * trained with it: the mean absolute difference of VGG-19's maps before their rectifiers, summed
 * over some layers.
 */
public final class PerceptualLoss {
  /**
   * A layer and how much it counts.
   *
   * @param name as {@link Vgg#features(Variable, List)} has it
   */
  public record Layer(String name, double weight) {}

  /** The last layer of each stage, the first two a tenth, as Real-ESRGAN and VmambaIR use them. */
  public static final List<Layer> LAYERS =
      List.of(
          new Layer("conv1_2", 0.1),
          new Layer("conv2_2", 0.1),
          new Layer("conv3_4", 1),
          new Layer("conv4_4", 1),
          new Layer("conv5_4", 1));

  private final Vgg vgg;
  private final List<Layer> layers;
  private final Channels scaled;

  /** The loss over the usual {@link #LAYERS}. */
  public PerceptualLoss(Vgg vgg) {
    this(vgg.require(Vgg.Depth.VGG19), LAYERS);
  }

  /** The loss over these layers. */
  public PerceptualLoss(Vgg vgg, List<Layer> layers) {
    this.vgg = vgg;
    this.layers = List.copyOf(layers);
    scaled = Channels.imageNet(vgg.device());
  }

  /**
   * The loss, one number; no gradient goes into the target.
   *
   * @param prediction {@code [batch, height, width, 3]}, RGB around [0, 1], sides of 16 at least
   * @param target of the same shape
   */
  public Variable loss(Variable prediction, Variable target) {
    List<Variable> wanted = NoGradient.call(() -> features(target));
    List<Variable> made = features(prediction);
    Variable sum = weighted(0, made, wanted);
    for (int i = 1; i < layers.size(); i++) {
      sum = Functions.add(sum, weighted(i, made, wanted));
    }
    return sum;
  }

  private List<Variable> features(Variable x) {
    return vgg.features(scaled.forward(x), layers.stream().map(Layer::name).toList());
  }

  private Variable weighted(int layer, List<Variable> made, List<Variable> wanted) {
    Variable loss = Losses.l1Loss(made.get(layer), wanted.get(layer));
    return Functions.multiply(loss, layers.get(layer).weight);
  }
}
