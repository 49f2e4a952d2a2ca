package io.github.taipan.vmambair.evaluation;

import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Protocol;
import io.github.taipan.nn.perceptual.Dists;
import io.github.taipan.nn.perceptual.Lpips;
import io.github.taipan.nn.perceptual.Vgg;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;

/** How near a restored picture is to the true one, as a number. */
public sealed interface Measure {
  /** The names that {@link #named} knows. */
  List<String> NAMES = List.of("psnr-y", "ssim-y", "psnr-rgb", "ssim-rgb");

  /** The names that {@link #perceptual} knows. */
  List<String> PERCEPTUAL = List.of("lpips", "dists");

  /** What it is called, such as {@code psnr-y}. */
  String name();

  /** Its name as tables have it, such as {@code PSNR-Y}. */
  default String title() {
    return name().toUpperCase(Locale.ROOT);
  }

  /**
   * The measure of one picture.
   *
   * @throws IllegalArgumentException for pictures of two sizes, or too small to be measured
   */
  double of(Image restored, Image truth);

  /** How many digits after the point are worth showing. */
  int decimals();

  /** Whether larger values are the better ones, as for similarities, not distances. */
  default boolean higherIsBetter() {
    return true;
  }

  /** Peak signal-to-noise ratio in decibels; infinite for equal pictures. */
  record Psnr(Protocol protocol) implements Measure {
    @Override
    public String name() {
      return "psnr" + suffix(protocol);
    }

    @Override
    public double of(Image restored, Image truth) {
      return protocol.psnr(restored, truth);
    }

    @Override
    public int decimals() {
      return 3;
    }
  }

  /** Structural similarity, at most 1. */
  record Ssim(Protocol protocol) implements Measure {
    @Override
    public String name() {
      return "ssim" + suffix(protocol);
    }

    @Override
    public double of(Image restored, Image truth) {
      return protocol.ssim(restored, truth);
    }

    @Override
    public int decimals() {
      return 4;
    }
  }

  /**
   * How far pictures are apart to the eye, by the features of a VGG-16 network; 0 for equal ones.
   * Pictures are taken as they are, in RGB: none is resized, as the demonstration of DISTS does to
   * sides of 256, and no border is left out.
   *
   * @param distance of {@code [1, height, width, 3]} in [0, 1]
   * @param device where it is computed
   */
  record Perceptual(String name, BinaryOperator<Variable> distance, Device device)
      implements Measure {
    private static final int LEAST = 16; // after four halvings something has to be left

    @Override
    public double of(Image restored, Image truth) {
      if (restored.height() != truth.height() || restored.width() != truth.width()) {
        throw new IllegalArgumentException("the pictures are of two sizes");
      }
      if (Math.min(truth.height(), truth.width()) < LEAST) {
        throw new IllegalArgumentException(
            "%s needs %d pixels each way, there are %dx%d"
                .formatted(title(), LEAST, truth.width(), truth.height()));
      }
      return NoGradient.call(() -> distance.apply(variable(restored), variable(truth)))
          .value()
          .item();
    }

    private Variable variable(Image image) {
      Shape shape = Shape.of(1, image.height(), image.width(), 3);
      return Variable.constant(device.tensor(shape, image.toRgb().toFloats()));
    }

    @Override
    public int decimals() {
      return 4;
    }

    @Override
    public boolean higherIsBetter() {
      return false;
    }
  }

  private static String suffix(Protocol protocol) {
    return protocol.plane() == Protocol.Plane.RGB ? "-rgb" : "-y";
  }

  /**
   * A measure by its name.
   *
   * @param luma how Y is compared; RGB is with the same border left out
   * @throws IllegalArgumentException one sentence: no such measure, or not by this protocol
   */
  static Measure named(String name, Protocol luma) {
    Protocol rgb = new Protocol(Protocol.Plane.RGB, luma.crop(), luma.derainingFork());
    return switch (name) {
      case "psnr-y" -> new Psnr(luma);
      case "ssim-y" -> new Ssim(luma);
      case "psnr-rgb" -> new Psnr(rgb);
      case "ssim-rgb" -> {
        if (luma.derainingFork()) { // there the window reaches over the channels as well
          throw new IllegalArgumentException(
              "the deraining fork's SSIM of RGB is not known here: ssim-y is");
        }
        yield new Ssim(rgb);
      }
      default ->
          throw new IllegalArgumentException(
              "no measure is named \"%s\": there are %s, %s"
                  .formatted(name, String.join(", ", NAMES), String.join(", ", PERCEPTUAL)));
    };
  }

  /** One of {@link #PERCEPTUAL}, by the features of a VGG-16. */
  static Measure perceptual(String name, Vgg vgg) {
    return switch (name) {
      case "lpips" -> new Perceptual(name, new Lpips(vgg)::distance, vgg.device());
      case "dists" -> new Perceptual(name, new Dists(vgg)::distance, vgg.device());
      default -> throw new IllegalArgumentException("no perceptual measure is named " + name);
    };
  }
}
