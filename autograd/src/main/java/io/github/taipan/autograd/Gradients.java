package io.github.taipan.autograd;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The vector-Jacobian product of each primitive: from the upstream gradient g of its result y, the
 * gradients of its inputs a, b and so on. First order only: gradient primitives have none.
 *
 * <p>The rules below are functions of g, one per input. The tensors that a rule mentions stay in
 * memory until the backward pass, and no others do; rules of inputs that require no gradient are
 * dropped at once. A rule may leave its gradient in the shape of y: it is summed down to the shape
 * of a broadcast input afterwards, in one place.
 */
final class Gradients {
  private interface Rule {
    Tensor of(Tensor g);
  }

  private Gradients() {}

  /** The step from the gradient of y, made by a primitive, to those of the inputs. */
  static Node.Step step(Primitive primitive, List<Variable> inputs, Tensor y) {
    Device on = y.device();
    Tensor a = inputs.getFirst().value();
    Tensor b = inputs.get(Math.min(1, inputs.size() - 1)).value();
    Shape x = a.shape();
    Shape w = b.shape();
    return switch (primitive) {
      case Unary.Affine(double scale, double _) ->
          each(inputs, g -> on.run(new Unary.Affine(scale, 0), g));
      case Unary f -> each(inputs, g -> on.run(new UnaryGradient(f), a, g));

      case Binary.Add _ -> each(inputs, g -> g, g -> g);
      case Binary.Subtract _ -> each(inputs, g -> g, g -> negative(g));
      case Binary.Multiply times ->
          each(inputs, g -> on.run(times, g, b), g -> on.run(times, g, a));
      case Binary.Divide by ->
          each(inputs, g -> on.run(by, g, b), g -> negative(on.run(by, times(g, y), b)));

      case Reduction.Sum _ -> each(inputs, g -> on.run(new Layout.Broadcast(x), g));
      case Reduction.Max(var axes) ->
          each(inputs, g -> on.run(new Reduction.MaxGradient(axes), a, y, g));

      case MatrixProduct(boolean ta, boolean tb) ->
          each(
              inputs,
              g -> ta ? product(tb, true, b, g) : product(false, !tb, g, b),
              g -> tb ? product(true, ta, g, a) : product(!ta, false, a, g));

      case Convolution.Conv2d(int stride, int padding, int groups) -> {
        var toX =
            new Convolution.Conv2dInputGradient(stride, padding, groups, x.size(1), x.size(2));
        var toWeight =
            new Convolution.Conv2dWeightGradient(stride, padding, groups, w.size(2), w.size(3));
        yield each(inputs, g -> on.run(toX, g, b), g -> on.run(toWeight, a, g), g -> g);
      }

      case Normalization.LayerNorm(double epsilon) -> {
        var gradient = new Normalization.LayerNormGradient(epsilon, inputs.size() == 3);
        yield together(inputs, g -> on.run(gradient, List.of(a, b, g)));
      }

      case Resampling.PixelShuffle(int factor) ->
          each(inputs, g -> on.run(new Resampling.PixelUnshuffle(factor), g));
      case Resampling.PixelUnshuffle(int factor) ->
          each(inputs, g -> on.run(new Resampling.PixelShuffle(factor), g));
      case Resampling.Resize r ->
          each(inputs, g -> on.run(new Resampling.ResizeGradient(r, x.size(1), x.size(2)), g));
      case Resampling.AveragePool p ->
          each(inputs, g -> on.run(new Resampling.AveragePoolGradient(p, x.size(1), x.size(2)), g));
      case Resampling.MaxPool p ->
          each(inputs, g -> on.run(new Resampling.MaxPoolGradient(p), a, g));

      case Layout.Reshape _ -> each(inputs, g -> g.reshape(x));
      case Layout.Permute(var order) -> each(inputs, g -> on.run(inverse(order), g));
      case Layout.Concat(int axis) -> each(inputs, parts(axis, inputs));
      case Layout.Slice(int axis, int from, int to) -> {
        var pad = new Layout.Pad(axis, from, x.size(axis) - to, Layout.Border.ZERO);
        yield each(inputs, g -> on.run(pad, g));
      }
      case Layout.Pad pad -> each(inputs, g -> on.run(new Layout.PadGradient(pad), g));
      case Layout.Flip flip -> each(inputs, g -> on.run(flip, g));
      case Layout.Broadcast _ -> each(inputs, g -> g);

      case Scan.SelectiveScan(var paths, int groups, boolean softplus) -> {
        var gradient = new Scan.SelectiveScanGradient(paths, groups, softplus);
        var values = inputs.stream().map(Variable::value).toList();
        yield together(
            inputs, g -> on.run(gradient, Stream.concat(values.stream(), Stream.of(g)).toList()));
      }

      case UnaryGradient _,
          Reduction.MaxGradient _,
          Convolution.Conv2dInputGradient _,
          Convolution.Conv2dWeightGradient _,
          Normalization.LayerNormGradient _,
          Resampling.ResizeGradient _,
          Resampling.AveragePoolGradient _,
          Resampling.MaxPoolGradient _,
          Layout.PadGradient _,
          Scan.SelectiveScanGradient _,
          Scan.ProjectedScan _,
          Update _,
          Fused _ ->
          throw new UnsupportedOperationException(
              "%s has no vector-Jacobian product (gradients are first order): detach its inputs."
                  .formatted(primitive.name()));
    };
  }

  /** The step for one rule per input. */
  private static Node.Step each(List<Variable> inputs, Rule... rules) {
    List<Node.Step> steps = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Node node = inputs.get(i).node();
      if (node != null) {
        Rule rule = rules[i];
        Shape shape = inputs.get(i).shape();
        steps.add((g, receiver) -> receiver.accept(node, sumDown(rule.of(g), shape)));
      }
    }
    return (g, receiver) -> steps.forEach(step -> step.pull(g, receiver));
  }

  /** The step for a primitive that computes the gradients of all inputs at once. */
  private static Node.Step together(List<Variable> inputs, Function<Tensor, List<Tensor>> rule) {
    // Nodes, not variables: their values need not stay.
    Node[] nodes = inputs.stream().map(Variable::node).toArray(Node[]::new);
    return (g, receiver) -> {
      List<Tensor> gradients = rule.apply(g);
      for (int i = 0; i < nodes.length; i++) {
        if (nodes[i] != null) {
          receiver.accept(nodes[i], gradients.get(i));
        }
      }
    };
  }

  /** Undoes broadcasting: sums over the axes along which the shape was stretched. */
  private static Tensor sumDown(Tensor g, Shape shape) {
    Shape wide = g.shape();
    if (wide.equals(shape)) {
      return g;
    }
    int missing = wide.rank() - shape.rank();
    List<Integer> stretched =
        IntStream.range(0, wide.rank())
            .filter(axis -> axis < missing || shape.size(axis - missing) != wide.size(axis))
            .boxed()
            .toList();
    return g.device().run(new Reduction.Sum(stretched), g).reshape(shape);
  }

  private static Tensor negative(Tensor g) {
    return g.device().run(new Unary.Affine(-1, 0), g);
  }

  private static Tensor times(Tensor a, Tensor b) {
    return a.device().run(new Binary.Multiply(), a, b);
  }

  private static Tensor product(boolean transposeA, boolean transposeB, Tensor a, Tensor b) {
    return a.device().run(new MatrixProduct(transposeA, transposeB), a, b);
  }

  private static Layout.Permute inverse(List<Integer> order) {
    return new Layout.Permute(
        IntStream.range(0, order.size()).map(order::indexOf).boxed().toList());
  }

  /** The rules of a concatenation: each input gets its part of the axis. */
  private static Rule[] parts(int axis, List<Variable> inputs) {
    Rule[] rules = new Rule[inputs.size()];
    int from = 0;
    for (int i = 0; i < rules.length; i++) {
      var part = new Layout.Slice(axis, from, from + inputs.get(i).shape().size(axis));
      rules[i] = g -> g.device().run(part, g);
      from = part.to();
    }
    return rules;
  }
}
