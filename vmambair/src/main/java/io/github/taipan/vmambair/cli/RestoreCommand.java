package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.Comparison;
import io.github.taipan.vmambair.Comparison.Region;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
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
    sortOptions = false,
    footer = {
      "",
      "Reads PNG, JPEG, BMP, TIFF and WebP. A picture that needs more memory than allowed is"
          + " restored in overlapping tiles. Without -o the result lies beside the picture.",
      "",
      "Examples:",
      "  taipan restore photo.jpg",
      "  taipan restore -o large.png photo.jpg",
      "  taipan restore --compare sheet --region 0,0,64,64 photo.jpg",
      "  taipan restore --model derain.pth -o dry/ rainy/*.png"
    })
final class RestoreCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmgt]?)b?");

  @Mixin private ModelOptions modelOptions = new ModelOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT|DIR",
      description = "a file, for one picture, or a folder, which is made if it ends in /")
  private @Nullable String output;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "of the heap at most so much, such as 800m (default: all that it allows)")
  private @Nullable String memory;

  @Option(
      names = "--compare",
      paramLabel = "DIR",
      description = "write the picture as it was, by bicubic and restored into a folder as well")
  private @Nullable Path comparison;

  @Option(
      names = "--region",
      paramLabel = "LEFT,TOP,WIDTH,HEIGHT",
      description = "the part to compare, in pixels of the input (default: all)")
  private @Nullable String region;

  @Parameters(paramLabel = "IN", arity = "1..*", description = "pictures")
  private List<Path> inputs = List.of();

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    long budget = memory == null ? Restorer.usableHeap() : bytes(memory);
    requireRegion();
    if (output != null && !intoFolder()) {
      ImageFiles.checkTarget(Path.of(output), false);
    }
    int exitCode = 0;
    try (Device device = common.open()) {
      Restorer restorer = new Restorer(modelOptions.load(device), budget);
      for (var job : targets(restorer.scale()).entrySet()) {
        try {
          restore(restorer, device, job.getValue(), job.getKey());
        } catch (IOException | IllegalArgumentException e) {
          exitCode = common.report(e); // and goes on with the other pictures
        }
      }
    }
    return exitCode;
  }

  private boolean intoFolder() {
    return output != null
        && (inputs.size() > 1 || output.endsWith("/") || Files.isDirectory(Path.of(output)));
  }

  /** Every input by the file that its result goes to. */
  private SequencedMap<Path, Path> targets(int scale) throws IOException {
    SequencedMap<Path, Path> targets = new LinkedHashMap<>();
    for (Path input : inputs) {
      Path target = target(input, scale);
      Path other = targets.put(target, input);
      if (other != null) {
        throw new IOException(
            "%s and %s would both be written to %s".formatted(other, input, target));
      }
    }
    return targets;
  }

  private Path target(Path input, int scale) {
    if (output != null && !intoFolder()) {
      return Path.of(output);
    }
    String marked = stem(input) + (scale > 1 ? "_x" + scale : "_restored") + ".png";
    return output == null ? input.resolveSibling(marked) : Path.of(output).resolve(marked);
  }

  private static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private void requireRegion() {
    if (region == null) {
      return;
    }
    if (comparison == null) {
      throw common.misuse("--region says what part --compare writes, which is not given");
    }
    try {
      Region.parse(region);
    } catch (IllegalArgumentException e) {
      throw common.misuse("--region: " + e.getMessage());
    }
  }

  private Region part(Image image) {
    Region part =
        region == null ? new Region(0, 0, image.width(), image.height()) : Region.parse(region);
    part.requireInside(image);
    return part;
  }

  private void restore(Restorer restorer, Device device, Path input, Path target)
      throws IOException {
    Picture picture = ImageFiles.read(input);
    if (intoFolder() && target.getParent() != null) {
      Files.createDirectories(target.getParent());
    }
    ImageFiles.checkTarget(target, picture.alpha() != null);
    if (Files.exists(target) && Files.isSameFile(input, target)) {
      throw new IOException(target + " cannot be written: it is the picture to restore");
    }
    Image colour = picture.colour();
    Region part = part(colour);
    if (comparison != null) {
      Files.createDirectories(comparison);
    }
    long start = System.nanoTime();
    Picture restored = restorer.restore(picture);
    double seconds = (System.nanoTime() - start) * 1e-9;
    ImageFiles.write(restored, target);
    if (comparison != null) {
      Comparison.write(colour, restored.colour(), part, comparison, stem(input));
    }
    if (!common.quiet()) {
      Image result = restored.colour();
      common
          .out()
          .printf(
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

  private long bytes(String text) {
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw common.misuse(
          "--memory is a number with k, m or g, such as 800m, got \"" + text + "\"");
    }
    int power = "kmgt".indexOf(size.group(2)) + 1;
    return Long.parseLong(size.group(1)) << (size.group(2).isEmpty() ? 0 : 10 * power);
  }
}
