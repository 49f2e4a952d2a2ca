package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taipan restore}. */
@Command(
    name = "restore",
    description = "Restores pictures: enlarges them four times, or removes rain.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Reads PNG, JPEG, BMP, TIFF and WebP. A picture that needs more memory than allowed is",
      "restored in overlapping tiles. Without -o the result lies beside the picture.",
      "",
      "Examples:",
      "  taipan restore photo.jpg",
      "  taipan restore -o large.png photo.jpg",
      "  taipan restore --model derain.pth -o dry/ rainy/*.png"
    })
final class RestoreCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmgt]?)b?");

  @Mixin private ModelOptions modelOptions = new ModelOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT|DIR",
      description = "a file, for one picture, or a folder")
  private @Nullable Path output;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "of the heap at most so much, such as 800m (default: all that it allows)")
  private @Nullable String memory;

  @Parameters(paramLabel = "IN", arity = "1..*", description = "pictures")
  private List<Path> inputs = List.of();

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    boolean intoFolder = output != null && (Files.isDirectory(output) || inputs.size() > 1);
    if (intoFolder && output != null) {
      Files.createDirectories(output);
    }
    long budget = memory == null ? Runtime.getRuntime().maxMemory() : bytes(memory);
    try (Device device = common.open()) {
      Restorer restorer = new Restorer(modelOptions.load(device), budget);
      for (Path input : inputs) {
        restore(restorer, device, input, target(input, intoFolder, restorer.scale()));
      }
    }
    return 0;
  }

  private void restore(Restorer restorer, Device device, Path input, Path target)
      throws IOException {
    Picture picture = ImageFiles.read(input);
    Image colour = picture.colour();
    long start = System.nanoTime();
    Picture restored = restorer.restore(picture);
    double seconds = (System.nanoTime() - start) * 1e-9;
    ImageFiles.write(restored, target);
    if (!common.quiet()) {
      Image result = restored.colour();
      System.out.printf(
          Locale.ROOT,
          "%s: %dx%d to %dx%d with %s on %s, %s, %.2f s, %.3f megapixels/s%n",
          target,
          colour.width(),
          colour.height(),
          result.width(),
          result.height(),
          modelOptions.name(),
          device.description(),
          restorer.plan(colour.height(), colour.width()),
          seconds,
          1e-6 * colour.height() * colour.width() / seconds);
    }
  }

  private Path target(Path input, boolean intoFolder, int scale) {
    if (output != null && !intoFolder) {
      return output;
    }
    String name = input.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String marked = stem + (scale > 1 ? "_x" + scale : "_restored") + ".png";
    return output == null ? input.resolveSibling(marked) : output.resolve(marked);
  }

  private static long bytes(String text) {
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new IllegalArgumentException(
          "--memory is a number with k, m or g, such as 800m, got \"" + text + "\"");
    }
    int power = "kmgt".indexOf(size.group(2)) + 1;
    return Long.parseLong(size.group(1)) << (size.group(2).isEmpty() ? 0 : 10 * power);
  }
}
