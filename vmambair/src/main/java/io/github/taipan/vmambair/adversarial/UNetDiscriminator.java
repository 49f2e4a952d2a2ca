package io.github.taipan.vmambair.adversarial;

import static io.github.taipan.autograd.Functions.add;
import static io.github.taipan.autograd.Functions.leakyRelu;
import static io.github.taipan.autograd.Functions.resizeBilinear;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Conv2d;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.Scope;
import io.github.taipan.nn.SpectralConv2d;
import io.github.taipan.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The U-Net with spectral normalisation that Real-ESRGAN (Wang et al. 2021, arXiv 2107.10833) tells
 * restored pictures from true ones with: {@code UNetDiscriminatorSN}, names and shapes as in
 * PyTorch. Three convolutions halve the map, three enlarge it again, and each of those is joined by
 * the sum with the map of its size.
 *
 * <p>Input {@code [batch, height, width, 3]} with sides that are multiples of 8 and values around
 * [0, 1]; output {@code [batch, height, width, 1]}, the logit of each pixel to be true.
 */
public final class UNetDiscriminator implements Module {
  /** Features at full resolution, as released. */
  public static final int FEATURES = 64;

  private final Conv2d first;
  private final List<SpectralConv2d> down = new ArrayList<>();
  private final List<SpectralConv2d> up = new ArrayList<>();
  private final List<SpectralConv2d> flat = new ArrayList<>();
  private final Conv2d last;

  /**
   * A discriminator whose parameters are registered in the order of the state dict.
   *
   * @param features at full resolution, {@link #FEATURES} as released; each level below doubles
   *     them
   */
  public UNetDiscriminator(int features, Parameters parameters) {
    first = Conv2d.of(conv(parameters, 0), 3, features, 3);
    for (int level = 0; level < 3; level++) {
      int in = features << level;
      down.add(SpectralConv2d.of(conv(parameters, 1 + level), in, 2 * in, 4, 2));
    }
    for (int level = 2; level >= 0; level--) {
      int out = features << level;
      up.add(SpectralConv2d.of(conv(parameters, 6 - level), 2 * out, out, 3, 1));
    }
    flat.add(SpectralConv2d.of(conv(parameters, 7), features, features, 3, 1));
    flat.add(SpectralConv2d.of(conv(parameters, 8), features, features, 3, 1));
    last = Conv2d.of(conv(parameters, 9), features, 1, 3);
  }

  private static Scope conv(Parameters parameters, int number) {
    return parameters.scope("conv" + number);
  }

  /** The logits as in training: after one power iteration of each spectral norm, in place. */
  public Variable trainingForward(Variable image) {
    for (List<SpectralConv2d> convolutions : List.of(down, up, flat)) {
      convolutions.forEach(convolution -> convolution.norm().iterate());
    }
    return forward(image);
  }

  /** The logits by the spectral norms as they are. */
  @Override
  public Variable forward(Variable image) {
    requireImage(image);
    Variable x = activated(first, image);
    List<Variable> skips = new ArrayList<>();
    for (Module convolution : down) {
      skips.add(x);
      x = activated(convolution, x);
    }
    for (Module convolution : up) {
      x = add(activated(convolution, resizeBilinear(x, 2)), skips.removeLast());
    }
    for (Module convolution : flat) {
      x = activated(convolution, x);
    }
    return last.forward(x);
  }

  private static Variable activated(Module convolution, Variable x) {
    return leakyRelu(convolution.forward(x), 0.2);
  }

  private static void requireImage(Variable image) {
    boolean fits =
        image.shape().rank() == 4
            && image.shape().size(1) % 8 == 0
            && image.shape().size(2) % 8 == 0
            && image.shape().size(3) == 3;
    if (!fits) {
      throw new ShapeException(
          "UNetDiscriminator: takes [batch, height, width, 3] with sides that are multiples of 8,"
              + " got "
              + image.shape());
    }
  }
}
