package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.image.Protocol;
import io.github.taipan.nn.perceptual.Vgg;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.evaluation.Measure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is measured, and by which protocol. */
final class MeasureOptions {
  /** Whose rules the figures follow. */
  enum Convention {
    /** BasicSR's: Y is not rounded; where the scale is not 1, as many pixels are left out. */
    BASICSR,
    /** The MATLAB script's of the deraining papers: Y is rounded, nothing is left out. */
    MATLAB,
    /** The deraining code's while it trains. */
    DERAIN_FORK;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--measures",
      paramLabel = "NAME",
      split = ",",
      description = "of psnr-y, ssim-y, psnr-rgb, ssim-rgb, lpips, dists (default: psnr-y,ssim-y)")
  private List<String> names = List.of("psnr-y", "ssim-y");

  @Option(
      names = "--vgg16",
      paramLabel = "FILE",
      description = "VGG-16's weights, for lpips and dists (.pth or .safetensors)")
  private @Nullable Path vgg16;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Convention convention = Convention.BASICSR;

  @Option(names = "--rounded-y", description = "round Y to 8 bits, as older tables do")
  private boolean roundedY;

  void check(CommonOptions common) {
    if (roundedY && convention == Convention.DERAIN_FORK) {
      throw common.misuse("--rounded-y and --protocol derain-fork contradict each other");
    }
    try {
      names.stream().filter(name -> !isPerceptual(name)).forEach(name -> named(name, 1));
    } catch (IllegalArgumentException e) {
      throw common.misuse("--measures: " + e.getMessage());
    }
    if (vgg16 == null && names.stream().anyMatch(MeasureOptions::isPerceptual)) {
      throw common.misuse("lpips and dists need VGG-16's weights: give their file (--vgg16)");
    }
  }

  private static boolean isPerceptual(String name) {
    return Measure.PERCEPTUAL.contains(name);
  }

  private Measure named(String name, int scale) {
    return Measure.named(name, luma(scale));
  }

  /**
   * The measures of pictures that were enlarged so many times.
   *
   * @throws IOException one sentence: what is wrong with VGG-16's file
   */
  List<Measure> measures(int scale, Device device) throws IOException {
    Vgg vgg =
        vgg16 != null && names.stream().anyMatch(MeasureOptions::isPerceptual)
            ? Vgg.read(Vgg.Depth.VGG16, vgg16, device)
            : null;
    return names.stream()
        .distinct()
        .map(
            name ->
                vgg != null && isPerceptual(name)
                    ? Measure.perceptual(name, vgg)
                    : named(name, scale))
        .toList();
  }

  private Protocol luma(int scale) {
    int crop = scale > 1 ? scale : 0;
    return switch (convention) {
      case BASICSR -> roundedY ? Protocol.roundedY(crop) : Protocol.y(crop);
      case MATLAB -> Protocol.roundedY(0);
      case DERAIN_FORK -> Protocol.derainingFork(0);
    };
  }

  /** The protocol in words. */
  String protocol(int scale) {
    Protocol luma = luma(scale);
    return "%s protocol, Y %s, %d pixels of border left out"
        .formatted(
            convention,
            luma.plane() == Protocol.Plane.ROUNDED_Y ? "rounded to 8 bits" : "not rounded",
            luma.crop());
  }
}
