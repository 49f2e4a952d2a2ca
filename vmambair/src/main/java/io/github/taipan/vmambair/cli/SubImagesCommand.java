package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Lanczos;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.nn.image.Texture;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.Tiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taipan subimages}. */
@Command(
    name = "subimages",
    description = "Cuts large pictures into overlapping tiles to train on.",
    sortOptions = false,
    footer = {
      "",
      "Tiles are named PICTURE_sSCALE_YYYY_XXXX.png, after the place of their upper left corner in"
          + " the scaled picture. A rest beyond the last step gets a tile of its own, which ends at"
          + " the border; a picture smaller than a tile gives none. With --pair the tiles go to"
          + " DIR/truth and DIR/degraded, and size and step count pixels of the true picture.",
      "",
      "Examples:",
      "  taipan subimages DIV2K_train_HR --out tiles --scales 1,0.75,0.5,0.3333",
      "  taipan subimages --size 400 --step 200 --shortest 400 --out tiles photos",
      "  taipan subimages clean --pair rainy --size 384 --step 192 --out pairs"
    })
final class SubImagesCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PICTURES",
      arity = "1..*",
      description = "pictures, and folders of them")
  private List<Path> inputs = List.of();

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "made if missing")
  private Path out = Path.of("");

  @Option(names = "--size", description = "side of a tile in pixels (default: ${DEFAULT-VALUE})")
  private int size = 480;

  @Option(names = "--step", description = "from tile to tile (default: ${DEFAULT-VALUE})")
  private int step = 240;

  @Option(
      names = "--threshold",
      description = "a rest of at most so many pixels gets no tile (default: ${DEFAULT-VALUE})")
  private int threshold;

  @Option(
      names = "--scales",
      split = ",",
      paramLabel = "SCALE",
      description = "cut the picture at these sizes, by Lanczos (default: 1)")
  private List<BigDecimal> scales = List.of(BigDecimal.ONE);

  @Option(
      names = "--shortest",
      paramLabel = "N",
      description = "and at the size whose shorter side is N pixels")
  private int shortest;

  @Option(
      names = "--min-texture",
      paramLabel = "T",
      description = "leave out tiles whose neighbouring pixels differ by less than T of 255")
  private double texture;

  @Option(names = "--pair", paramLabel = "DIR", description = "degraded partners, cut alike")
  private @Nullable Path pair;

  @Option(
      names = "--scale",
      paramLabel = "N",
      description = "how many times larger than they the pictures are (default: 1)")
  private int scale = 1;

  @Mixin private CommonOptions common = new CommonOptions();

  /** How many tiles a picture gave, how many were too flat, and how many sizes were too small. */
  private record Count(int tiles, int flat, int small) {
    Count plus(Count other) {
      return new Count(tiles + other.tiles, flat + other.flat, small + other.small);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    Map<String, ImageFolder.Pair> jobs = jobs();
    Files.createDirectories(truths());
    Files.createDirectories(degraded());
    int exitCode = 0;
    Count all = new Count(0, 0, 0);
    try (ExecutorService workers = Executors.newFixedThreadPool(common.threads())) {
      List<Future<Count>> counts = new ArrayList<>();
      jobs.values().forEach(job -> counts.add(workers.submit(() -> cut(job))));
      for (Future<Count> count : counts) {
        try {
          all = all.plus(count.get());
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case IOException failure -> exitCode = common.report(failure); // the others go on
            case Error failure -> throw failure;
            case null, default -> throw new IllegalStateException(e.getCause());
          }
        }
      }
    }
    if (!common.quiet()) {
      common
          .out()
          .printf(
              Locale.ROOT,
              "%d tiles of %dx%d from %d pictures in %s; %d left out as too flat, %d sizes of"
                  + " pictures as smaller than a tile%n",
              all.tiles,
              size,
              size,
              jobs.size(),
              out,
              all.flat,
              all.small);
    }
    return exitCode;
  }

  private void check() {
    if (size < 8 || step < 1 || threshold < 0) {
      throw common.misuse("--size is at least 8, --step positive and --threshold not negative");
    }
    for (BigDecimal factor : scales) {
      if (factor.signum() <= 0 || factor.compareTo(BigDecimal.ONE) > 0) {
        throw common.misuse("--scales are above 0 and at most 1, got " + factor.toPlainString());
      }
    }
    if (shortest != 0 && shortest < size) {
      throw common.misuse("--shortest %d is less than a tile of %d".formatted(shortest, size));
    }
    if (!(texture >= 0)) {
      throw common.misuse("--min-texture is not negative, got " + texture);
    }
    if (scale < 1 || (scale > 1 && pair == null)) {
      throw common.misuse("--scale is positive, and goes with --pair, got " + scale);
    }
    if (size % scale != 0 || step % scale != 0) {
      throw common.misuse("--size and --step are multiples of --scale, got " + size + ", " + step);
    }
    if (pair != null && (shortest != 0 || !scales.equals(List.of(BigDecimal.ONE)))) {
      throw common.misuse("--pair goes without --scales and --shortest: rain is not resized");
    }
  }

  /** What to cut, by the name that the tiles get; both files are one where there are no pairs. */
  private Map<String, ImageFolder.Pair> jobs() throws IOException {
    Map<String, ImageFolder.Pair> jobs = new LinkedHashMap<>();
    for (Path input : inputs) {
      List<ImageFolder.Pair> found = new ArrayList<>();
      if (pair != null) {
        found.addAll(ImageFolder.pairs(pair, input));
      } else {
        for (Path file : Files.isDirectory(input) ? ImageFolder.truths(input) : List.of(input)) {
          found.add(new ImageFolder.Pair(ImageFolder.name(file), file, file));
        }
      }
      for (ImageFolder.Pair job : found) {
        ImageFolder.Pair other = jobs.put(job.name(), job);
        if (other != null) {
          throw new IOException(
              "%s and %s would give tiles of one name".formatted(other.truth(), job.truth()));
        }
      }
    }
    return jobs;
  }

  private Path truths() {
    return pair == null ? out : out.resolve("truth");
  }

  private Path degraded() {
    return pair == null ? out : out.resolve("degraded");
  }

  private Count cut(ImageFolder.Pair job) throws IOException {
    Image truth = ImageFiles.read(job.truth()).colour().cropToMultiple(scale);
    if (pair != null) {
      Image input = ImageFiles.read(job.degraded()).colour();
      job.requireScale(input, truth, scale);
      return cut(job.name() + "_s1", truth, input);
    }
    Count count = new Count(0, 0, 0);
    for (BigDecimal factor : scales) {
      String name = job.name() + "_s" + factor.stripTrailingZeros().toPlainString();
      count = count.plus(cut(name, resized(truth, factor.doubleValue()), null));
    }
    if (shortest > 0) {
      double factor = (double) shortest / Math.min(truth.height(), truth.width());
      String name = job.name() + "_s" + shortest + "px";
      // A picture that is too small stays so: enlarging would only make it soft.
      count = count.plus(cut(name, resized(truth, Math.min(factor, 1)), null));
    }
    return count;
  }

  private static Image resized(Image image, double factor) {
    int height = (int) Math.max(Math.floor(image.height() * factor + 1e-9), 1);
    int width = (int) Math.max(Math.floor(image.width() * factor + 1e-9), 1);
    return factor == 1 ? image : Lanczos.resize(image, height, width);
  }

  private Count cut(String name, Image truth, @Nullable Image input) throws IOException {
    Tiles tiles = new Tiles(size, step, threshold);
    int flat = 0;
    List<Tiles.Place> places = tiles.places(truth.height(), truth.width());
    for (Tiles.Place place : places) {
      Image tile = tiles.cut(truth, place, 1);
      if (texture > 0 && Texture.of(tile, 1) < texture) {
        flat++;
        continue;
      }
      String file = String.format(Locale.ROOT, "%s_%04d_%04d.png", name, place.top(), place.left());
      ImageFiles.write(Picture.opaque(tile), truths().resolve(file));
      if (input != null) {
        Image partner = tiles.cut(input, place, scale);
        ImageFiles.write(Picture.opaque(partner), degraded().resolve(file));
      }
    }
    return new Count(places.size() - flat, flat, places.isEmpty() ? 1 : 0);
  }
}
