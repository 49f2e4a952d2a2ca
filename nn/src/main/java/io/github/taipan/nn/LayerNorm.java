package io.github.taipan.nn;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;

/**
 * Layer norm over the channels of each pixel, with ε = 1e-5 and parameters {@code body.weight} and
 * {@code body.bias} (the names of Restormer's layer, which VmambaIR took over).
 */
public record LayerNorm(Scope scope, Variable weight, Variable bias) implements Module {
  private static final double EPSILON = 1e-5;

  /** A layer norm that starts as plain standardisation. */
  public static LayerNorm of(Scope scope, int channels) {
    Scope body = scope.child("body");
    return new LayerNorm(
        scope,
        body.parameter("weight", Initializer.ones(), channels),
        body.parameter("bias", Initializer.zeros(), channels));
  }

  @Override
  public Variable forward(Variable x) {
    return scope.observe(Functions.layerNorm(x, weight, bias, EPSILON));
  }
}
