package io.github.taipan.vmambair.model;

import static io.github.taipan.autograd.Functions.concat;
import static io.github.taipan.autograd.Functions.gelu;
import static io.github.taipan.autograd.Functions.multiply;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Conv2d;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.Observation;
import io.github.taipan.nn.Scope;

/**
 * The efficient feed-forward network (arXiv 2403.11423, section 3.3), the gated depthwise one of
 * Restormer: with a and b the halves of {@code dwconv(project_in(x))}, {@code project_out(GELU(a) ⊙
 * b)}. The hidden width is 2.66 times the channels, truncated.
 *
 * <p>The halves are computed apart, which saves splitting the widest map of the network.
 */
record Effn(
    Scope scope,
    Module projectFirst,
    Module projectSecond,
    Module depthwiseFirst,
    Module depthwiseSecond,
    Conv2d projectOut)
    implements Module {
  private static final double EXPANSION = 2.66;

  static Effn of(Scope scope, int channels) {
    int hidden = (int) (channels * EXPANSION);
    Conv2d projectIn = Conv2d.withoutBias(scope.child("project_in"), channels, 2 * hidden, 1);
    Conv2d depthwise = Conv2d.depthwise(scope.child("dwconv"), 2 * hidden, 3, false);
    Conv2d projectOut = Conv2d.withoutBias(scope.child("project_out"), hidden, channels, 1);
    return new Effn(
        scope,
        projectIn.outputs(0, hidden),
        projectIn.outputs(hidden, 2 * hidden),
        depthwise.outputs(0, hidden),
        depthwise.outputs(hidden, 2 * hidden),
        projectOut);
  }

  @Override
  public Variable forward(Variable x) {
    Variable wideFirst = projectFirst.forward(x);
    Variable wideSecond = projectSecond.forward(x);
    Observation.report(scope.name() + ".project_in", () -> concat(3, wideFirst, wideSecond));
    Variable a = depthwiseFirst.forward(wideFirst);
    Variable b = depthwiseSecond.forward(wideSecond);
    Observation.report(scope.name() + ".dwconv", () -> concat(3, a, b));
    return scope.observe(projectOut.forward(multiply(gelu(a), b)));
  }
}
