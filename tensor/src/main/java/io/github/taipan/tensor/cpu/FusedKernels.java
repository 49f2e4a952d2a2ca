package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.CpuDevice.values;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Fused.Part;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fused launches: a task takes some pixels through all parts. What lies between the parts stays in
 * the task's scratch, which fits the second-level cache. Each part runs the same loops as on its
 * own, so the results are the same bit for bit.
 */
final class FusedKernels {
  /** One part: computes its result for the pixels {@code from} to {@code to} − 1. */
  private interface Step {
    void run(float[] scratch, int from, int to);
  }

  private final Context context;
  private final Fused fused;
  private final List<Tensor> inputs;
  private final List<Shape> shapes;
  private final FusedPlaces places;

  private FusedKernels(Context context, Fused fused, List<Tensor> inputs, List<Tensor> outputs) {
    this.context = context;
    this.fused = fused;
    this.inputs = inputs;
    shapes = fused.values(inputs.stream().map(Tensor::shape).toList());
    places = FusedPlaces.of(fused, shapes, inputs, outputs);
  }

  static void run(Context context, Fused fused, List<Tensor> inputs, List<Tensor> outputs) {
    new FusedKernels(context, fused, inputs, outputs).run();
  }

  private void run() {
    Step[] steps = new Step[fused.parts().size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = step(fused.parts().get(i), places.place(fused.inputs() + i));
    }
    int pixels = shapes.getLast().elements(0, 3);
    int grain = places.pixels();
    context
        .workers()
        .forEach(
            Math.ceilDiv(pixels, grain),
            fused.flops(inputs.stream().map(Tensor::shape).toList()),
            task -> {
              float[] scratch = Scratch.floats(Scratch.Use.TASK_FUSED, places.size());
              int from = task * grain;
              int to = Math.min(pixels, from + grain);
              for (Step step : steps) {
                step.run(scratch, from, to);
              }
            });
  }

  private Step step(Part part, Place y) {
    List<Shape> operands = part.operands().stream().map(shapes::get).toList();
    Place x = places.place(part.operands().getFirst());
    return switch (part.primitive()) {
      case Unary function -> unary(function, x, y);
      case Normalization.LayerNorm norm -> layerNorm(norm, part, x, y);
      case Binary operator ->
          operands.get(0).equals(operands.get(1))
              ? binary(operator, x, places.place(part.operands().get(1)), y)
              : binaryRows(operator, x, row(part, 1), y);
      case Layout.Concat _ -> concat(part.operands().stream().map(places::place).toList(), y);
      case Convolution.Conv2d convolution ->
          Fused.isPixelwise(convolution, operands)
              ? pointConvolution(convolution, part, x, y)
              : depthwise(part, operands.getFirst(), x, y);
      default -> throw new IllegalStateException(part.primitive().name() + " cannot be fused");
    };
  }

  private Step unary(Unary function, Place x, Place y) {
    UnaryLoops.Loop loop = context.kernels().unary().forward(function);
    int channels = x.channels();
    return (scratch, from, to) ->
        loop.apply(
            x.array(scratch),
            x.at(from, from),
            y.array(scratch),
            y.at(from, from),
            (to - from) * channels);
  }

  private Step layerNorm(Normalization.LayerNorm norm, Part part, Place x, Place y) {
    NormalizationLoops loops = context.kernels().normalization();
    float[] weight = row(part, 1);
    float @Nullable [] bias = part.operands().size() == 3 ? row(part, 2) : null;
    int channels = x.channels();
    return (scratch, from, to) ->
        loops.forward(
            x.array(scratch),
            x.at(from, from),
            weight,
            bias,
            norm.epsilon(),
            y.array(scratch),
            y.at(from, from),
            to - from,
            channels);
  }

  private Step binary(Binary operator, Place a, Place b, Place y) {
    RowLoops loops = context.kernels().rows();
    int channels = y.channels();
    return (scratch, from, to) ->
        loops.binary(
            operator,
            a.array(scratch),
            a.at(from, from),
            b.array(scratch),
            b.at(from, from),
            y.array(scratch),
            y.at(from, from),
            (to - from) * channels);
  }

  private Step binaryRows(Binary operator, Place a, float[] row, Place y) {
    RowLoops loops = context.kernels().rows();
    int channels = y.channels();
    return (scratch, from, to) ->
        loops.binaryRows(
            operator,
            a.array(scratch),
            a.at(from, from),
            row,
            0,
            y.array(scratch),
            y.at(from, from),
            to - from,
            channels);
  }

  private static Step concat(List<Place> operands, Place y) {
    Place[] all = operands.toArray(Place[]::new);
    return (scratch, from, to) -> {
      for (int pixel = from; pixel < to; pixel++) {
        int at = y.at(pixel, from);
        for (Place x : all) {
          System.arraycopy(x.array(scratch), x.at(pixel, from), y.array(scratch), at, x.channels());
          at += x.channels();
        }
      }
    };
  }

  private Step pointConvolution(Convolution.Conv2d convolution, Part part, Place x, Place y) {
    List<Tensor> parameters = parameters(part);
    Gemm gemm = Gemm.ofRows(ConvolutionKernels.packed(context, convolution, parameters));
    int in = x.channels();
    int out = y.channels();
    return (scratch, from, to) ->
        gemm.rows(
            x.array(scratch),
            x.at(from, from),
            in,
            y.array(scratch),
            y.at(from, from),
            out,
            to - from);
  }

  private Step depthwise(Part part, Shape map, Place x, Place y) {
    Depthwise3x3 convolution = DepthwiseKernels.packed(context, map, parameters(part));
    return (scratch, from, to) ->
        convolution.pixels(x.array(scratch), y.array(scratch), y.at(from, from), from, to);
  }

  /** The operands after the first, which are inputs of the whole. */
  private List<Tensor> parameters(Part part) {
    List<Tensor> parameters = new ArrayList<>();
    for (int operand : part.operands().subList(1, part.operands().size())) {
      parameters.add(inputs.get(operand));
    }
    return parameters;
  }

  private float[] row(Part part, int operand) {
    return values(inputs.get(part.operands().get(operand)));
  }
}
