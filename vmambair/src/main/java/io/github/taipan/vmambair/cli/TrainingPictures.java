package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.data.BatchSource;
import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.data.ImagePairs;
import io.github.taipan.nn.data.ImageStore;
import io.github.taipan.nn.data.MappedImages;
import io.github.taipan.nn.data.Mixup;
import io.github.taipan.nn.data.PatchSampler;
import io.github.taipan.nn.data.Patches;
import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.degradation.BicubicDegradation;
import io.github.taipan.vmambair.degradation.Degradation;
import io.github.taipan.vmambair.degradation.DegradedPatches;
import io.github.taipan.vmambair.degradation.DegradedPatches.Turns;
import io.github.taipan.vmambair.degradation.Rain;
import io.github.taipan.vmambair.degradation.RealWorldDegradation;
import io.github.taipan.vmambair.training.Recipe;
import io.github.taipan.vmambair.training.Recipe.Degrading;
import io.github.taipan.vmambair.training.Recipe.Sampling;
import io.github.taipan.vmambair.training.Recipe.Stage;
import io.github.taipan.vmambair.training.ValidationSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a run.
 *
 * @param degraded given partners of the true pictures to train on; null where they are made
 * @param truths the pictures to train on
 * @param held pictures to validate on
 */
record TrainingPictures(
    Recipe recipe, @Nullable ImageStore degraded, ImageStore truths, List<Held> held) {
  /** Pictures to validate on are spoilt by the numbers of this seed in all runs. */
  private static final long VALIDATION_SEED = 2024;

  /** A picture that is held out, with its name. */
  record Held(String name, ValidationSet.Pair pair) {}

  /**
   * A true picture's file and that of its degraded partner, which is itself where none is given.
   */
  private record Source(String name, Path degraded, Path truth) {}

  /**
   * Reads all pictures.
   *
   * @param degraded folder of the partners, for a recipe of pairs
   * @param heldOut beginnings of the names of pictures to validate on
   * @param most pictures to validate on, evenly spread among those
   * @param cache folder where decoded pictures are kept and mapped from; null for memory
   */
  static TrainingPictures read(
      Recipe recipe,
      Path data,
      @Nullable Path degraded,
      List<String> heldOut,
      int most,
      @Nullable Path cache)
      throws IOException {
    List<Source> training = new ArrayList<>();
    List<Source> held = new ArrayList<>();
    for (Source source : sources(recipe, data, degraded)) {
      boolean isHeld = heldOut.stream().anyMatch(prefix -> source.name.startsWith(prefix));
      (isHeld ? held : training).add(source);
    }
    if (training.isEmpty() || held.isEmpty()) {
      throw new IllegalArgumentException(
          "%d pictures to train on and %d held out: both are needed (--hold-out)"
              .formatted(training.size(), held.size()));
    }
    int scale = recipe.network().task().scale();
    boolean pairs = recipe.sampling().degrading() == Degrading.PAIRS;
    ImageStore truths =
        store(
            cache,
            "truths",
            training.stream().map(Source::truth).toList(),
            scale,
            smallest(recipe));
    ImageStore partners =
        pairs
            ? store(cache, "degraded", training.stream().map(Source::degraded).toList(), 1, 1)
            : recipe.sampling().degrading() == Degrading.BICUBIC
                ? shrunk(cache, truths, scale)
                : null;
    List<Held> validated = new ArrayList<>();
    int count = Math.min(most, held.size());
    for (int i = 0; i < count; i++) {
      Source source = held.get((int) ((long) i * held.size() / count));
      Image truth = colour(source.truth).cropToMultiple(scale);
      Image input = pairs ? colour(source.degraded) : spoilt(recipe, source.name, truth);
      new ImageFolder.Pair(source.name, source.degraded, source.truth)
          .requireScale(input, truth, scale);
      validated.add(new Held(source.name, new ValidationSet.Pair(input, truth)));
    }
    return new TrainingPictures(recipe, partners, truths, validated);
  }

  private static List<Source> sources(Recipe recipe, Path data, @Nullable Path degraded)
      throws IOException {
    if (recipe.sampling().degrading() != Degrading.PAIRS) {
      return ImageFolder.truths(data).stream()
          .map(file -> new Source(ImageFolder.name(file), file, file))
          .toList();
    }
    if (degraded == null) {
      throw new IllegalArgumentException(
          "a recipe of pairs needs --degraded, the folder of the degraded pictures");
    }
    return ImageFolder.pairs(degraded, data).stream()
        .map(pair -> new Source(pair.name(), pair.degraded(), pair.truth()))
        .toList();
  }

  /** What is made of true pictures has to fit patches: small ones are mirrored to this size. */
  private static int smallest(Recipe recipe) {
    return recipe.sampling().degrading() == Degrading.BICUBIC
        ? recipe.network().task().scale() * largestPatch(recipe)
        : 1;
  }

  private static int largestPatch(Recipe recipe) {
    return recipe.stages().stream().mapToInt(Stage::patch).max().orElseThrow();
  }

  private static ImageStore store(
      @Nullable Path cache, String name, List<Path> files, int scale, int smallest)
      throws IOException {
    MappedImages.Decoder decoder =
        file -> colour(file).padTo(smallest, smallest).cropToMultiple(scale);
    if (cache != null) {
      Files.createDirectories(cache);
      String preparation = "RGB, at least %d, a multiple of %d".formatted(smallest, scale);
      return MappedImages.open(cache.resolve(name + ".images"), files, preparation, decoder);
    }
    List<Image> images = new ArrayList<>();
    for (Path file : files) {
      images.add(decoder.decode(file));
    }
    return ImageStore.of(images);
  }

  private static ImageStore shrunk(@Nullable Path cache, ImageStore truths, int scale)
      throws IOException {
    if (cache != null && truths instanceof MappedImages mapped) {
      return MappedImages.shrunk(cache.resolve("shrunk.images"), mapped, scale);
    }
    return ImageStore.of(
        IntStream.range(0, truths.size())
            .parallel()
            .mapToObj(i -> Bicubic.shrink(truths.picture(i), scale))
            .toList());
  }

  private static Image colour(Path file) throws IOException {
    return ImageFiles.read(file).colour().toRgb();
  }

  /** The batches of the whole run, stage after stage. */
  BatchSource batches() {
    Map<Stage, BatchSource> sources = new LinkedHashMap<>();
    recipe.stages().forEach(stage -> sources.computeIfAbsent(stage, this::mixed));
    return step -> Objects.requireNonNull(sources.get(recipe.stage(step))).batch(step);
  }

  private BatchSource mixed(Stage stage) {
    double beta = recipe.sampling().mixup();
    CounterRandom random = CounterRandom.seeded(recipe.seed()).split("mixup");
    return beta == 0 ? batches(stage) : new Mixup(batches(stage), beta, random);
  }

  private BatchSource batches(Stage stage) {
    CounterRandom random = CounterRandom.seeded(recipe.seed()).split("patches");
    Sampling sampling = recipe.sampling();
    int scale = recipe.network().task().scale();
    if (degraded != null) {
      Patches patches = Patches.of(stage.patch(), stage.batch()).textured(sampling.texture());
      int loaded = recipe.stages().stream().mapToInt(Stage::batch).max().orElseThrow();
      return new PatchSampler(
          new ImagePairs(degraded, truths, scale),
          sampling.crop() == 0 ? patches : patches.within(sampling.crop() / scale, loaded),
          random);
    }
    int side = stage.patch() * scale;
    DegradedPatches.Options options =
        new DegradedPatches.Options(
            sampling.crop() == 0 ? side : sampling.crop(),
            side,
            stage.batch(),
            scale == 1 ? Turns.ALL : Turns.MIRROR,
            sampling.pool() / stage.batch() * stage.batch(),
            sampling.texture());
    return new DegradedPatches(truths, degradation(sampling.degrading()), options, random);
  }

  private static Degradation degradation(Degrading kind) {
    return switch (kind) {
      case RAIN -> new Rain();
      case REAL_WORLD -> new RealWorldDegradation();
      case BICUBIC -> new BicubicDegradation();
      case PAIRS -> throw new IllegalArgumentException("pairs are given, not made");
    };
  }

  private static Image spoilt(Recipe recipe, String name, Image truth) {
    CounterRandom random = CounterRandom.seeded(VALIDATION_SEED).split(name);
    Degradation degradation = degradation(recipe.sampling().degrading());
    return degradation.degrade(FloatImage.of(truth), random).toImage();
  }

  /** The held-out pictures. */
  ValidationSet validation() {
    return ValidationSet.paired(
        held.stream().map(Held::pair).toList(), recipe.network().task().scale());
  }
}
