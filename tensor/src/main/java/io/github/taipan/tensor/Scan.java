package io.github.taipan.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * The selective scan of Mamba (Gu and Dao 2023, section 3.2), walked over an NHWC map along one or
 * more paths at once; the results of the paths are added up. With K paths, C channels, G groups per
 * path and N states the inputs are
 *
 * <pre>
 * u      [batch, height, width, C]        what is scanned
 * delta  [batch, height, width, K·C]      step sizes before bias and softplus, path by path
 * A      [K·C, N]                         the (negative) decay rates
 * B      [batch, height, width, K·G·N]    input weights, path by path, group by group
 * C      [batch, height, width, K·G·N]    output weights
 * D      [K·C]                            skip weights
 * bias   [K·C]                            added to delta
 * </pre>
 *
 * and the output y is {@code [batch, height, width, C]}. For each path k, channel c (of group c /
 * (C / G)), and pixels l in the path's order, with all parameters those of k and c:
 *
 * <pre>
 * t_l    = softplus(delta_l + bias)                 (or delta_l + bias without softplus)
 * h_l[n] = exp(t_l · A[n]) · h_{l−1}[n] + t_l · B_l[n] · u_l      h before the first pixel is 0
 * y_l   += Σ_n C_l[n] · h_l[n] + D · u_l
 * </pre>
 */
public sealed interface Scan extends Primitive {
  /** The paths, at least one. */
  List<ScanPath> paths();

  /** The groups of channels, per path, that share B and C. */
  int groups();

  /** Whether step sizes go through softplus. */
  boolean softplus();

  /** Inputs u, delta, A, B, C, D, bias; output y. */
  record SelectiveScan(List<ScanPath> paths, int groups, boolean softplus) implements Scan {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 7);
      check(inputs);
      return List.of(inputs.getFirst());
    }

    @Override
    public long flops(List<Shape> inputs) {
      return steps(inputs) * (7L * inputs.get(2).size(1) + 6);
    }
  }

  /**
   * A scan that makes its step sizes itself, from maps of a low rank R. Inputs u, low {@code
   * [batch, height, width, K·R]}, stepWeight {@code [K·C, R, 1, 1]}, A, B, C, D, bias; output y. It
   * means exactly {@code delta = Conv2d(1, 0, K)(low, stepWeight)}, then {@code SelectiveScan(u,
   * delta, A, B, C, D, bias)}; only delta need not be kept.
   */
  record ProjectedScan(List<ScanPath> paths, int groups, boolean softplus) implements Scan {
    /** What makes the step sizes. */
    public Convolution.Conv2d projection() {
      return new Convolution.Conv2d(1, 0, paths.size());
    }

    /** The scan itself. */
    public SelectiveScan scan() {
      return new SelectiveScan(paths, groups, softplus);
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 8);
      Shape weight = inputs.get(2);
      require(
          weight.rank() == 4 && weight.elements(2, 4) == 1, inputs, "stepWeight is [K·C, R, 1, 1]");
      return scan().outputs(scanned(inputs));
    }

    @Override
    public int states(List<Shape> inputs) {
      return inputs.get(3).size(1);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return projection().flops(inputs.subList(1, 3)) + scan().flops(scanned(inputs));
    }

    /** The inputs of the scan itself. */
    private List<Shape> scanned(List<Shape> inputs) {
      List<Shape> scanned = new ArrayList<>(inputs.subList(1, 8));
      scanned.set(0, inputs.getFirst());
      scanned.set(1, projection().outputs(inputs.subList(1, 3)).getFirst());
      return scanned;
    }
  }

  /**
   * The vector-Jacobian product: inputs u, delta, A, B, C, D, bias and the upstream gradient of y;
   * outputs the gradients of the seven inputs, in their order. States are recomputed, not stored.
   */
  record SelectiveScanGradient(List<ScanPath> paths, int groups, boolean softplus) implements Scan {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 8);
      check(inputs);
      require(inputs.get(7).equals(inputs.getFirst()), inputs, "the gradient has u's shape");
      return new ArrayList<>(inputs.subList(0, 7));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return steps(inputs) * (22L * inputs.get(2).size(1) + 12);
    }
  }

  /** The number of states N. */
  default int states(List<Shape> inputs) {
    return inputs.get(2).size(1);
  }

  /** Positions × channels × paths: how often the recurrence is applied to a vector of N states. */
  default long steps(List<Shape> inputs) {
    return (long) inputs.getFirst().elements() * paths().size();
  }

  /** Checks the seven inputs of the scan against each other. */
  default void check(List<Shape> inputs) {
    Shape u = inputs.getFirst();
    require(u.rank() == 4 && inputs.get(2).rank() == 2, inputs, "u is an NHWC map, A [K·C, N]");
    int channels = u.size(3);
    int all = paths().size() * channels;
    int states = states(inputs);
    require(
        !paths().isEmpty() && groups() > 0 && channels % groups() == 0,
        inputs,
        "channels are a multiple of the %d groups".formatted(groups()));
    Shape weights = u.with(3, paths().size() * groups() * states);
    require(
        inputs.get(1).equals(u.with(3, all))
            && inputs.get(2).equals(Shape.of(all, states))
            && inputs.get(3).equals(weights)
            && inputs.get(4).equals(weights)
            && inputs.get(5).equals(Shape.of(all))
            && inputs.get(6).equals(Shape.of(all)),
        inputs,
        "with %d paths and %d groups: delta %s, A %s, B and C %s, D and bias [%d]"
            .formatted(
                paths().size(), groups(), u.with(3, all), Shape.of(all, states), weights, all));
  }
}
