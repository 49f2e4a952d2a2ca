package io.github.taipan.tensor;

import java.util.List;

/** Primitives on NHWC maps that change the number of pixels. */
public sealed interface Resampling extends Primitive {
  /** How a {@link Resize} weighs the pixels around a position (align-corners is always off). */
  enum Filter {
    /** The pixel in which the position lies. */
    NEAREST,
    /** Linear between the two neighbours along each axis. */
    BILINEAR,
    /** Keys' cubic with a = -0.75 over four neighbours along each axis, borders replicated. */
    BICUBIC,
    /**
     * {@link #BICUBIC} with a = -0.5, stretched by the step when shrinking (PyTorch's antialias).
     */
    BICUBIC_ANTIALIAS,
    /** The mean of the pixels that an output pixel covers (PyTorch's "area"). */
    AREA
  }

  /**
   * x {@code [batch, height, width, factor²·c]} to {@code [batch, factor·height, factor·width, c]}:
   * input channel {@code factor²·k + factor·i + j} becomes channel k of the pixel (i, j) in its
   * block.
   */
  record PixelShuffle(int factor) implements Resampling {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      Shape x = map(inputs);
      require(factor > 0, inputs, "the factor is positive");
      require(x.size(3) % (factor * factor) == 0, inputs, "channels are a multiple of factor²");
      return List.of(
          Shape.of(x.size(0), x.size(1) * factor, x.size(2) * factor, x.size(3) / factor / factor));
    }
  }

  /** The inverse of {@link PixelShuffle}. */
  record PixelUnshuffle(int factor) implements Resampling {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      Shape x = map(inputs);
      require(factor > 0, inputs, "the factor is positive");
      require(
          x.size(1) % factor == 0 && x.size(2) % factor == 0,
          inputs,
          "height and width are multiples of the factor %d".formatted(factor));
      return List.of(
          Shape.of(x.size(0), x.size(1) / factor, x.size(2) / factor, x.size(3) * factor * factor));
    }
  }

  /**
   * Resizes to height × width pixels. {@code stepY} and {@code stepX} are the distance, in input
   * pixels, between neighbouring output pixels: {@code input size / output size}, or 1 / scale when
   * a scale factor was asked for. Output pixel i is centred at {@code (i + 0.5)·step − 0.5}. {@link
   * Filter#AREA} ignores the steps.
   */
  record Resize(Filter filter, int height, int width, double stepY, double stepX)
      implements Resampling {
    /** To a size, with the steps that follow from the sizes. */
    public static Resize to(Filter filter, Shape x, int height, int width) {
      return new Resize(
          filter, height, width, (double) x.size(1) / height, (double) x.size(2) / width);
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      Shape x = map(inputs);
      require(height > 0 && width > 0 && x.elements() > 0, inputs, "no size is 0");
      return List.of(Shape.of(x.size(0), height, width, x.size(3)));
    }
  }

  /** The vector-Jacobian product of {@link Resize}, its transpose: from the upstream gradient. */
  record ResizeGradient(Resize resize, int height, int width) implements Resampling {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      Shape gradient = map(inputs);
      require(
          gradient.size(1) == resize.height() && gradient.size(2) == resize.width(),
          inputs,
          "the gradient has the resized height and width");
      require(height > 0 && width > 0, inputs, "no size is 0");
      return List.of(Shape.of(gradient.size(0), height, width, gradient.size(3)));
    }
  }

  /** The mean over kernel × kernel windows, without padding. */
  record AveragePool(int kernel, int stride) implements Resampling {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      return pooled(inputs, kernel, stride);
    }
  }

  /** The vector-Jacobian product of {@link AveragePool}: input the upstream gradient. */
  record AveragePoolGradient(AveragePool pool, int height, int width) implements Resampling {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      Shape gradient = map(inputs);
      Shape x = Shape.of(gradient.size(0), height, width, gradient.size(3));
      require(
          pooled(List.of(x), pool.kernel, pool.stride).getFirst().equals(gradient),
          inputs,
          "the gradient has the pooled shape");
      return List.of(x);
    }
  }

  /** The maximum over kernel × kernel windows, without padding. */
  record MaxPool(int kernel, int stride) implements Resampling {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      return pooled(inputs, kernel, stride);
    }
  }

  /**
   * The vector-Jacobian product of {@link MaxPool}: inputs x and the upstream gradient, which goes
   * to the first maximum of each window, in row order.
   */
  record MaxPoolGradient(MaxPool pool) implements Resampling {
    @Override
    public List<Shape> outputs(List<Shape> inputs) {
      requireInputs(inputs, 2);
      require(
          pooled(inputs.subList(0, 1), pool.kernel, pool.stride).getFirst().equals(inputs.get(1)),
          inputs,
          "the gradient has the pooled shape");
      return List.of(inputs.getFirst());
    }
  }

  @Override
  default long flops(List<Shape> inputs) {
    Shape input = inputs.getFirst();
    Shape output = outputs(inputs).getFirst();
    return switch (this) {
      case PixelShuffle _, PixelUnshuffle _ -> 0;
      case Resize r -> taps(r.filter, input, output) * output.elements();
      case ResizeGradient g -> taps(g.resize.filter, output, input) * input.elements();
      case AveragePool p -> (long) p.kernel * p.kernel * output.elements();
      case AveragePoolGradient g -> (long) g.pool.kernel * g.pool.kernel * input.elements();
      case MaxPool p -> (long) p.kernel * p.kernel * output.elements();
      case MaxPoolGradient g -> (long) g.pool.kernel * g.pool.kernel * inputs.get(1).elements();
    };
  }

  /** Floating-point operations per output value of a separable filter. */
  private static long taps(Filter filter, Shape from, Shape to) {
    return switch (filter) {
      case NEAREST -> 0;
      case BILINEAR -> 8;
      case BICUBIC -> 16;
      case BICUBIC_ANTIALIAS, AREA ->
          16L * Math.ceilDiv(from.size(1), to.size(1)) * Math.ceilDiv(from.size(2), to.size(2));
    };
  }

  /** The only input, checked to be an NHWC map. */
  default Shape map(List<Shape> inputs) {
    requireInputs(inputs, 1);
    require(inputs.getFirst().rank() == 4, inputs, "takes an NHWC map");
    return inputs.getFirst();
  }

  /** The shape of a map after pooling. */
  default List<Shape> pooled(List<Shape> inputs, int kernel, int stride) {
    Shape x = map(inputs);
    require(kernel > 0 && stride > 0, inputs, "window and stride are positive");
    require(x.size(1) >= kernel && x.size(2) >= kernel, inputs, "the window fits into the map");
    return List.of(
        Shape.of(
            x.size(0),
            (x.size(1) - kernel) / stride + 1,
            (x.size(2) - kernel) / stride + 1,
            x.size(3)));
  }
}
