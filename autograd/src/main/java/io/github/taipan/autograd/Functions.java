package io.github.taipan.autograd;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Functions of variables: primitives by name, and what is composed of them. Maps are NHWC. Axes may
 * be negative: they then count from the innermost, -1.
 */
public final class Functions {
  private Functions() {}

  /** a + b, broadcasting. */
  public static Variable add(Variable a, Variable b) {
    return Variable.apply(new Binary.Add(), a, b);
  }

  /** a − b, broadcasting. */
  public static Variable subtract(Variable a, Variable b) {
    return Variable.apply(new Binary.Subtract(), a, b);
  }

  /** a · b, broadcasting. */
  public static Variable multiply(Variable a, Variable b) {
    return Variable.apply(new Binary.Multiply(), a, b);
  }

  /** a / b, broadcasting. */
  public static Variable divide(Variable a, Variable b) {
    return Variable.apply(new Binary.Divide(), a, b);
  }

  /** x + number. */
  public static Variable add(Variable x, double number) {
    return affine(x, 1, number);
  }

  /** number · x. */
  public static Variable multiply(Variable x, double number) {
    return affine(x, number, 0);
  }

  /** scale · x + shift. */
  public static Variable affine(Variable x, double scale, double shift) {
    return Variable.apply(new Unary.Affine(scale, shift), x);
  }

  /** −x. */
  public static Variable negate(Variable x) {
    return affine(x, -1, 0);
  }

  /** x². */
  public static Variable square(Variable x) {
    return multiply(x, x);
  }

  /** {@link Unary.Exp}. */
  public static Variable exp(Variable x) {
    return Variable.apply(new Unary.Exp(), x);
  }

  /** {@link Unary.Log}. */
  public static Variable log(Variable x) {
    return Variable.apply(new Unary.Log(), x);
  }

  /** {@link Unary.Sqrt}. */
  public static Variable sqrt(Variable x) {
    return Variable.apply(new Unary.Sqrt(), x);
  }

  /** {@link Unary.Sigmoid}. */
  public static Variable sigmoid(Variable x) {
    return Variable.apply(new Unary.Sigmoid(), x);
  }

  /** {@link Unary.Silu}. */
  public static Variable silu(Variable x) {
    return Variable.apply(new Unary.Silu(), x);
  }

  /** {@link Unary.Gelu}, the exact one. */
  public static Variable gelu(Variable x) {
    return Variable.apply(new Unary.Gelu(), x);
  }

  /** {@link Unary.Softplus}. */
  public static Variable softplus(Variable x) {
    return Variable.apply(new Unary.Softplus(), x);
  }

  /** {@link Unary.Tanh}. */
  public static Variable tanh(Variable x) {
    return Variable.apply(new Unary.Tanh(), x);
  }

  /** {@link Unary.Abs}. */
  public static Variable abs(Variable x) {
    return Variable.apply(new Unary.Abs(), x);
  }

  /** {@link Unary.LeakyRelu}; with slope 0 the plain rectifier. */
  public static Variable leakyRelu(Variable x, double slope) {
    return Variable.apply(new Unary.LeakyRelu(slope), x);
  }

  /** {@link Unary.Clamp}. */
  public static Variable clamp(Variable x, double minimum, double maximum) {
    return Variable.apply(new Unary.Clamp(minimum, maximum), x);
  }

  /** The sum over the axes, which stay with size 1; without axes the sum of all, a scalar. */
  public static Variable sum(Variable x, int... axes) {
    return orScalar(Variable.apply(new Reduction.Sum(axesOf(x, axes)), x), axes);
  }

  /** The mean over the axes, which stay with size 1; without axes the mean of all, a scalar. */
  public static Variable mean(Variable x, int... axes) {
    Variable sum = sum(x, axes);
    return affine(sum, (double) sum.shape().elements() / x.shape().elements(), 0);
  }

  /** The maximum over the axes, which stay with size 1; without axes the largest, a scalar. */
  public static Variable max(Variable x, int... axes) {
    return orScalar(Variable.apply(new Reduction.Max(axesOf(x, axes)), x), axes);
  }

  /** The matrix product a·b of matrices or batches of them. */
  public static Variable matmul(Variable a, Variable b) {
    return matmul(a, b, false, false);
  }

  /**
   * {@link MatrixProduct} with a or b transposed. A batch of matrices a times one matrix b is
   * computed as a single tall product.
   */
  public static Variable matmul(Variable a, Variable b, boolean transposeA, boolean transposeB) {
    MatrixProduct product = new MatrixProduct(transposeA, transposeB);
    int rank = a.shape().rank();
    if (transposeA || rank <= 2 || b.shape().rank() != 2) {
      return Variable.apply(product, a, b);
    }
    Variable rows = reshape(a, a.shape().elements(0, rank - 1), a.shape().size(-1));
    Variable tall = Variable.apply(product, rows, b);
    return reshape(tall, a.shape().with(-1, tall.shape().size(1)));
  }

  /** {@link Convolution.Conv2d}: x NHWC, weight OIHW, bias one per output channel or none. */
  public static Variable conv2d(
      Variable x, Variable weight, @Nullable Variable bias, int stride, int padding, int groups) {
    Convolution.Conv2d convolution = new Convolution.Conv2d(stride, padding, groups);
    return bias == null
        ? Variable.apply(convolution, x, weight)
        : Variable.apply(convolution, x, weight, bias);
  }

  /** {@link Normalization.LayerNorm} over the innermost axis; the mean stays in without a bias. */
  public static Variable layerNorm(
      Variable x, Variable weight, @Nullable Variable bias, double epsilon) {
    Normalization.LayerNorm norm = new Normalization.LayerNorm(epsilon);
    return bias == null ? Variable.apply(norm, x, weight) : Variable.apply(norm, x, weight, bias);
  }

  /**
   * {@link Scan.SelectiveScan}; the letters are those of its description. An absent D or bias is
   * zeros.
   */
  public static Variable selectiveScan(
      Variable u,
      Variable delta,
      Variable a,
      Variable b,
      Variable c,
      @Nullable Variable d,
      @Nullable Variable deltaBias,
      List<ScanPath> paths,
      int groups,
      boolean softplus) {
    Shape all = Shape.of(delta.shape().size(-1));
    Variable zeros = Variable.constant(u.device().zeros(all));
    Scan.SelectiveScan scan = new Scan.SelectiveScan(paths, groups, softplus);
    return Variable.apply(
        scan, u, delta, a, b, c, d == null ? zeros : d, deltaBias == null ? zeros : deltaBias);
  }

  /** {@link Resampling.PixelShuffle}. */
  public static Variable pixelShuffle(Variable x, int factor) {
    return Variable.apply(new Resampling.PixelShuffle(factor), x);
  }

  /** {@link Resampling.PixelUnshuffle}. */
  public static Variable pixelUnshuffle(Variable x, int factor) {
    return Variable.apply(new Resampling.PixelUnshuffle(factor), x);
  }

  /** {@link Resampling.Resize} of a map to a height and width. */
  public static Variable resize(Variable x, Resampling.Filter filter, int height, int width) {
    return Variable.apply(Resampling.Resize.to(filter, x.shape(), height, width), x);
  }

  /**
   * {@link Resampling.Resize} by a factor: sizes are rounded down, and the step is 1 / scale
   * exactly (as in PyTorch unless it is told to recompute the scale).
   */
  public static Variable resize(Variable x, Resampling.Filter filter, double scale) {
    int height = (int) Math.floor(x.shape().size(1) * scale);
    int width = (int) Math.floor(x.shape().size(2) * scale);
    return Variable.apply(new Resampling.Resize(filter, height, width, 1 / scale, 1 / scale), x);
  }

  /** {@link #resize} by a factor to the nearest pixel. */
  public static Variable resizeNearest(Variable x, double scale) {
    return resize(x, Resampling.Filter.NEAREST, scale);
  }

  /** {@link #resize} by a factor, bilinear. */
  public static Variable resizeBilinear(Variable x, double scale) {
    return resize(x, Resampling.Filter.BILINEAR, scale);
  }

  /** {@link #resize} by a factor, bicubic. */
  public static Variable resizeBicubic(Variable x, double scale) {
    return resize(x, Resampling.Filter.BICUBIC, scale);
  }

  /** {@link #resize} by a factor to means over areas. */
  public static Variable resizeArea(Variable x, double scale) {
    return resize(x, Resampling.Filter.AREA, scale);
  }

  /** {@link Resampling.AveragePool}. */
  public static Variable averagePool(Variable x, int kernel, int stride) {
    return Variable.apply(new Resampling.AveragePool(kernel, stride), x);
  }

  /** {@link Resampling.MaxPool}. */
  public static Variable maxPool(Variable x, int kernel, int stride) {
    return Variable.apply(new Resampling.MaxPool(kernel, stride), x);
  }

  /** The mean over all pixels: {@code [batch, height, width, c]} to {@code [batch, 1, 1, c]}. */
  public static Variable globalAveragePool(Variable x) {
    return mean(x, 1, 2);
  }

  /** {@link Layout.Concat}. */
  public static Variable concat(int axis, Variable... parts) {
    return concat(axis, List.of(parts));
  }

  /** {@link Layout.Concat}. */
  public static Variable concat(int axis, List<Variable> parts) {
    return Variable.apply(new Layout.Concat(parts.getFirst().shape().axis(axis)), parts).getFirst();
  }

  /** {@link Layout.Slice}: {@code from} inclusive, {@code to} exclusive. */
  public static Variable slice(Variable x, int axis, int from, int to) {
    return Variable.apply(new Layout.Slice(x.shape().axis(axis), from, to), x);
  }

  /** {@link Layout.Pad} along one axis. */
  public static Variable pad(Variable x, int axis, int before, int after, Layout.Border border) {
    return Variable.apply(new Layout.Pad(x.shape().axis(axis), before, after, border), x);
  }

  /** {@link Layout.Flip}: reverses the order along the axes. */
  public static Variable flip(Variable x, int... axes) {
    return Variable.apply(new Layout.Flip(axesOf(x, axes)), x);
  }

  /** {@link Layout.Permute}: axis i of the result is axis {@code order[i]} of x. */
  public static Variable permute(Variable x, int... order) {
    return Variable.apply(new Layout.Permute(axesOf(x, order)), x);
  }

  /** The same values, row-major, under another shape. */
  public static Variable reshape(Variable x, int... sizes) {
    return reshape(x, Shape.of(sizes));
  }

  /** The same values, row-major, under another shape. */
  public static Variable reshape(Variable x, Shape shape) {
    return x.shape().equals(shape) ? x : Variable.apply(new Layout.Reshape(shape), x);
  }

  /** {@link Layout.Broadcast}: repeats unit or missing axes. */
  public static Variable broadcast(Variable x, Shape shape) {
    return x.shape().equals(shape) ? x : Variable.apply(new Layout.Broadcast(shape), x);
  }

  /** {@code [batch, channel, height, width]} to {@code [batch, height, width, channel]}. */
  public static Variable nchwToNhwc(Variable x) {
    return permute(x, 0, 2, 3, 1);
  }

  /** {@code [batch, height, width, channel]} to {@code [batch, channel, height, width]}. */
  public static Variable nhwcToNchw(Variable x) {
    return permute(x, 0, 3, 1, 2);
  }

  /** The axes counted from the front; all of them when none is named. */
  private static List<Integer> axesOf(Variable x, int... axes) {
    Shape shape = x.shape();
    IntStream all = axes.length == 0 ? IntStream.range(0, shape.rank()) : Arrays.stream(axes);
    return all.map(shape::axis).boxed().toList();
  }

  private static Variable orScalar(Variable reduced, int... axes) {
    return axes.length == 0 ? reshape(reduced, Shape.of()) : reduced;
  }
}
