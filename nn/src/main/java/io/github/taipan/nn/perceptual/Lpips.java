package io.github.taipan.nn.perceptual;

import static io.github.taipan.autograd.Functions.add;
import static io.github.taipan.autograd.Functions.affine;
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
import java.util.List;

/**
 * LPIPS version 0.1 on VGG-16 (Zhang et al. 2018, arXiv 1801.03924): how far pictures are apart by
 * the directions of their features at each pixel, each feature counting as people were found to see
 * it. 0 for equal pictures.
 */
public final class Lpips {
  private static final List<String> MAPS =
      List.of("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3");

  private final Vgg vgg;
  private final Channels scaled;

  /** By map, one weight per channel. */
  private final List<Variable> weights = new ArrayList<>();

  /** The distance by the features of a VGG-16. */
  public Lpips(Vgg vgg) {
    this.vgg = vgg.require(Vgg.Depth.VGG16);
    scaled =
        Channels.of(
            vgg.device(), new double[] {-.030, -.088, -.188}, new double[] {.458, .448, .450});
    for (int i = 0; i < MAPS.size(); i++) {
      double[] head = Heads.values("lpips_v01_vgg_lin.safetensors", "lin" + i + ".model.1.weight");
      weights.add(Variable.constant(vgg.device().tensor(Shape.of(head.length), head)));
    }
  }

  /**
   * The distance of each pair, {@code [batch]}.
   *
   * @param x {@code [batch, height, width, 3]}, RGB in [0, 1], sides of 16 at least
   * @param y of the same shape
   */
  public Variable distance(Variable x, Variable y) {
    List<Variable> ofX = features(x);
    List<Variable> ofY = features(y);
    Variable total = distance(0, ofX, ofY);
    for (int i = 1; i < MAPS.size(); i++) {
      total = add(total, distance(i, ofX, ofY));
    }
    return reshape(total, x.shape().size(0));
  }

  private List<Variable> features(Variable x) {
    return vgg.features(scaled.forward(affine(x, 2, -1)), MAPS);
  }

  private Variable distance(int map, List<Variable> x, List<Variable> y) {
    Variable difference = subtract(direction(x.get(map)), direction(y.get(map)));
    return sum(multiply(mean(square(difference), 1, 2), weights.get(map)), 3);
  }

  /** The features of each pixel at length 1; where all are 0, the root keeps a slope. */
  static Variable direction(Variable map) {
    return divide(map, sqrt(affine(sum(square(map), 3), 1, 1e-20)));
  }
}
