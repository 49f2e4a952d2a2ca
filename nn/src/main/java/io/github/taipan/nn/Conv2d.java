package io.github.taipan.nn;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;
import org.jspecify.annotations.Nullable;

/**
 * A two-dimensional convolution of NHWC maps with parameters {@code weight} (OIHW) and, maybe,
 * {@code bias}, filled by PyTorch's default laws.
 */
public record Conv2d(
    Scope scope, Variable weight, @Nullable Variable bias, int stride, int padding, int groups)
    implements Module {

  /** A convolution with bias, stride 1 and a padding that keeps the size (for odd kernels). */
  public static Conv2d of(Scope scope, int in, int out, int kernel) {
    return of(scope, in, out, kernel, 1, true);
  }

  /** The same without bias. */
  public static Conv2d withoutBias(Scope scope, int in, int out, int kernel) {
    return of(scope, in, out, kernel, 1, false);
  }

  /** A depthwise convolution: each channel has its own kernel. */
  public static Conv2d depthwise(Scope scope, int channels, int kernel, boolean bias) {
    return of(scope, channels, channels, kernel, channels, bias);
  }

  private static Conv2d of(Scope scope, int in, int out, int kernel, int groups, boolean withBias) {
    Initializer law = Initializer.fanIn(in / groups * kernel * kernel);
    Variable weight = scope.parameter("weight", law, out, in / groups, kernel, kernel);
    Variable bias = withBias ? scope.parameter("bias", law, out) : null;
    return new Conv2d(scope, weight, bias, 1, kernel / 2, groups);
  }

  /**
   * The part of this convolution that makes the output channels {@code from} (inclusive) to {@code
   * to} (exclusive). To run two parts is cheaper than to run the whole and to split its output. A
   * depthwise convolution's part sees the same range of input channels.
   */
  public Module outputs(int from, int to) {
    if (groups != 1 && groups != weight.shape().size(0)) {
      throw new IllegalStateException("only a plain or depthwise convolution has parts");
    }
    return x ->
        Functions.conv2d(
            x,
            Functions.slice(weight, 0, from, to),
            bias == null ? null : Functions.slice(bias, 0, from, to),
            stride,
            padding,
            groups == 1 ? 1 : to - from);
  }

  @Override
  public Variable forward(Variable x) {
    return scope.observe(Functions.conv2d(x, weight, bias, stride, padding, groups));
  }
}
