package io.github.taipan.vmambair.model;

import static io.github.taipan.autograd.Functions.affine;
import static io.github.taipan.autograd.Functions.conv2d;
import static io.github.taipan.autograd.Functions.exp;
import static io.github.taipan.autograd.Functions.reshape;
import static io.github.taipan.autograd.Functions.selectiveScan;
import static io.github.taipan.autograd.Functions.slice;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Initializer;
import io.github.taipan.nn.Module;
import io.github.taipan.nn.Observation;
import io.github.taipan.nn.Scope;
import io.github.taipan.tensor.ScanPath;
import java.util.List;

/**
 * Selective scans of an NHWC map along several paths, each with weights of its own, added up (the
 * "SS2D" of VMamba, Liu et al. 2024). The projections that make step sizes, B and C are per pixel,
 * so they run once on the map as it lies, for all paths together; only the recurrence walks a path.
 *
 * <p>With K paths, C channels, rank R and N states: {@code projection} is {@code [K, R + 2N, C]},
 * its rows being the low-rank step sizes, B and C; {@code stepWeight} {@code [K, C, R]} and {@code
 * stepBias} {@code [K, C]} raise the step sizes to all channels; {@code decayLogs} {@code [K·C, N]}
 * holds log(−A); {@code skip} {@code [K·C]} is D.
 */
record DirectionalScan(
    String name,
    List<ScanPath> paths,
    Variable projection,
    Variable stepWeight,
    Variable stepBias,
    Variable decayLogs,
    Variable skip)
    implements Module {
  private static final int STATES = 16;

  /** The laws by which step weights, step biases and decay logs start. */
  record Laws(Initializer stepWeight, Initializer stepBias, Initializer decayLogs) {
    /** Mamba's laws, for step sizes of a rank. */
    static Laws mamba(int rank) {
      return new Laws(
          Initializer.fanIn(rank), Initializer.stepSizeBias(), Initializer.logOfStateIndex());
    }

    /** Standard normals, as the released lifted channel scans have them. */
    static Laws normal() {
      return new Laws(Initializer.normal(), Initializer.normal(), Initializer.normal());
    }
  }

  /**
   * Registers the parameters under the released names, in which {@code infix} tells scans of one
   * scope apart: {@code x_proj_weight} of the plane, {@code xc_proj_weight} of the channels.
   */
  static DirectionalScan of(
      Scope scope, String infix, List<ScanPath> paths, int channels, int rank, Laws laws) {
    int directions = paths.size();
    int all = directions * channels;
    return new DirectionalScan(
        scope.name() + (infix.isEmpty() ? "" : "#chan"),
        paths,
        scope.parameter(
            "x" + infix + "_proj_weight",
            Initializer.fanIn(channels),
            directions,
            rank + 2 * STATES,
            channels),
        scope.parameter(
            "dt" + infix + "_projs_weight", laws.stepWeight, directions, channels, rank),
        scope.parameter("dt" + infix + "_projs_bias", laws.stepBias, directions, channels),
        scope.parameter("A" + infix + "_logs", laws.decayLogs, all, STATES),
        scope.parameter("Ds" + infix, Initializer.ones(), all));
  }

  @Override
  public Variable forward(Variable x) {
    int rank = stepWeight.shape().size(2);
    int all = skip.shape().elements();
    Variable low = project(x, 0, rank);
    Variable b = observe("B", project(x, rank, rank + STATES));
    Variable c = observe("C", project(x, rank + STATES, rank + 2 * STATES));
    Variable raise = reshape(stepWeight, all, rank, 1, 1);
    Variable delta = observe("delta", conv2d(low, raise, null, 1, 0, paths.size()));
    Variable a = observe("A", affine(exp(decayLogs), -1, 0));
    return selectiveScan(x, delta, a, b, c, skip, reshape(stepBias, all), paths, 1, true);
  }

  /**
   * Rows {@code from} to {@code to} of every path's projection: a 1x1 convolution for all paths.
   */
  private Variable project(Variable x, int from, int to) {
    Variable rows = slice(projection, 1, from, to);
    int outputs = paths.size() * (to - from);
    return conv2d(x, reshape(rows, outputs, rows.shape().size(2), 1, 1), null, 1, 0, 1);
  }

  private Variable observe(String part, Variable value) {
    return Observation.report(name + "#scan_" + part, value);
  }
}
