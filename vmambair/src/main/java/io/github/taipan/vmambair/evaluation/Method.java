package io.github.taipan.vmambair.evaluation;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import io.github.taipan.vmambair.Restorer;
import java.util.function.UnaryOperator;

/**
 * A way to restore pictures.
 *
 * @param name what tables call it
 * @param restoration from a degraded picture to one of the true one's size
 */
public record Method(String name, UnaryOperator<Image> restoration) {
  /** A model's. */
  public static Method of(String name, Restorer restorer) {
    return new Method(name, restorer::restore);
  }

  /** What a model has to surpass: bicubic enlargement or, for deraining, the input as it is. */
  public static Method baseline(int scale) {
    return scale > 1
        ? new Method("bicubic", input -> Bicubic.enlarge(input, scale))
        : new Method("input", input -> input);
  }
}
