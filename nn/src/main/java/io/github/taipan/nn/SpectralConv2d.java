package io.github.taipan.nn;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;

/**
 * A two-dimensional convolution of NHWC maps without bias whose weight has a {@link SpectralNorm}.
 */
public record SpectralConv2d(Scope scope, SpectralNorm norm, int stride, int padding)
    implements Module {

  /** A convolution padded by half its kernel less one: stride 2 halves a map with kernel 4. */
  public static SpectralConv2d of(Scope scope, int in, int out, int kernel, int stride) {
    Initializer law = Initializer.fanIn(in * kernel * kernel);
    SpectralNorm norm = SpectralNorm.of(scope, law, out, in, kernel, kernel);
    return new SpectralConv2d(scope, norm, stride, (kernel - 1) / 2);
  }

  @Override
  public Variable forward(Variable x) {
    return scope.observe(Functions.conv2d(x, norm.normalized(), null, stride, padding, 1));
  }
}
