package io.github.taipan.vmambair.evaluation;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Protocol;
import java.util.List;
import java.util.Locale;

/** How near a restored picture is to the true one, as a number. */
public sealed interface Measure {
  /** The names that {@link #named} knows. */
  List<String> NAMES = List.of("psnr-y", "ssim-y", "psnr-rgb", "ssim-rgb");

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
              "no measure is named \"%s\": there are %s".formatted(name, String.join(", ", NAMES)));
    };
  }
}
