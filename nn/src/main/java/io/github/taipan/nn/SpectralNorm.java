package io.github.taipan.nn;

import static io.github.taipan.autograd.Functions.affine;
import static io.github.taipan.autograd.Functions.clamp;
import static io.github.taipan.autograd.Functions.divide;
import static io.github.taipan.autograd.Functions.matmul;
import static io.github.taipan.autograd.Functions.reshape;
import static io.github.taipan.autograd.Functions.sqrt;
import static io.github.taipan.autograd.Functions.square;
import static io.github.taipan.autograd.Functions.sum;

import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Update;

/**
 * Spectral normalisation (Miyato et al. 2018, arXiv 1802.05957): a weight divided by an estimate of
 * its largest singular value σ, with the names and the arithmetic of PyTorch's {@code
 * torch.nn.utils.spectral_norm}. The weight counts as a matrix W of one row per output. σ = uᵀWv,
 * where the vectors u and v are buffers that {@link #iterate} improves; the gradient holds them
 * constant.
 *
 * @param weight W as it is trained, {@code weight_orig}, OIHW
 * @param u {@code weight_u}, one value per output, of length 1
 * @param v {@code weight_v}, one value per column of W, of length 1
 */
public record SpectralNorm(Variable weight, Variable u, Variable v) {
  private static final double SMALLEST_NORM = 1e-12;

  /** The normalised weight of these sizes at a place; the vectors start as random directions. */
  public static SpectralNorm of(Scope scope, Initializer law, int... sizes) {
    Variable weight = scope.parameter("weight_orig", law, sizes);
    int rows = sizes[0];
    int columns = weight.shape().elements() / rows;
    return new SpectralNorm(
        weight,
        scope.buffer("weight_u", Initializer.direction(), rows),
        scope.buffer("weight_v", Initializer.direction(), columns));
  }

  /**
   * One power iteration, v ← Wᵀu / ‖Wᵀu‖ and u ← Wv / ‖Wv‖, in place on the device; PyTorch makes
   * one before each forward pass in training. May be recorded.
   */
  public void iterate() {
    NoGradient.run(
        () -> {
          Variable right = direction(matmul(matrix(), column(u), true, false));
          Variable left = direction(matmul(matrix(), right));
          store(right, v);
          store(left, u);
        });
  }

  /** W / σ in the shape of the weight. */
  public Variable normalized() {
    // The gradient needs the vectors of this moment, so it gets copies: before the backward pass
    // there may be another iteration.
    Variable left = affine(column(u), 1, 0);
    Variable right = affine(column(v), 1, 0);
    return divide(weight, matmul(left, matmul(matrix(), right), true, false));
  }

  private Variable matrix() {
    return reshape(weight, u.shape().elements(), v.shape().elements());
  }

  private static Variable column(Variable vector) {
    return reshape(vector, vector.shape().elements(), 1);
  }

  private static Variable direction(Variable column) {
    Variable norm = sqrt(sum(square(column), 0, 1));
    return divide(column, clamp(norm, SMALLEST_NORM, Float.MAX_VALUE));
  }

  /** An average that keeps nothing of what was there is a copy. */
  private static void store(Variable column, Variable buffer) {
    Shape shape = buffer.shape();
    buffer.device().run(new Update.Average(0), buffer.value(), reshape(column, shape).value());
  }
}
