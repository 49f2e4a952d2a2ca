package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.data.BatchSource;
import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.data.PatchSampler;
import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.degradation.Degradation;
import io.github.taipan.vmambair.degradation.DegradedPatches;
import io.github.taipan.vmambair.degradation.DegradedPatches.Turns;
import io.github.taipan.vmambair.degradation.Rain;
import io.github.taipan.vmambair.degradation.RealWorldDegradation;
import io.github.taipan.vmambair.training.Recipe;
import io.github.taipan.vmambair.training.Recipe.Sampling;
import io.github.taipan.vmambair.training.Recipe.Stage;
import io.github.taipan.vmambair.training.ValidationSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The pictures of a run: to train on, and held out. */
record TrainingPictures(Recipe recipe, List<Sample> training, List<Sample> held) {
  /** Pictures to validate on are spoilt by the numbers of this seed in all runs. */
  private static final long VALIDATION_SEED = 2024;

  /** A true picture and, where it is given, its degraded partner. */
  record Sample(String name, @Nullable Image degraded, Image truth) {
    Image partner() {
      if (degraded == null) {
        throw new IllegalStateException(name + " has no degraded partner");
      }
      return degraded;
    }
  }

  /**
   * Reads all pictures.
   *
   * @param degraded folder of the partners, for a recipe of pairs
   * @param heldOut beginnings of the names of pictures to validate on
   */
  static TrainingPictures read(
      Path data, @Nullable Path degraded, Recipe recipe, List<String> heldOut) throws IOException {
    List<Sample> training = new ArrayList<>();
    List<Sample> held = new ArrayList<>();
    for (Sample sample : samples(data, degraded, recipe)) {
      boolean isHeld = heldOut.stream().anyMatch(prefix -> sample.name.startsWith(prefix));
      (isHeld ? held : training).add(sample);
    }
    if (training.isEmpty() || held.isEmpty()) {
      throw new IllegalArgumentException(
          "%d pictures to train on and %d held out: both are needed (--hold-out)"
              .formatted(training.size(), held.size()));
    }
    return new TrainingPictures(recipe, training, held);
  }

  private static List<Sample> samples(Path data, @Nullable Path degraded, Recipe recipe)
      throws IOException {
    List<Sample> samples = new ArrayList<>();
    if (recipe.sampling().degrading() != Recipe.Degrading.PAIRS) {
      for (Path file : ImageFolder.truths(data)) {
        samples.add(new Sample(ImageFolder.name(file), null, colour(file)));
      }
      return samples;
    }
    if (degraded == null) {
      throw new IllegalArgumentException(
          "a recipe of pairs needs --degraded, the folder of the degraded pictures");
    }
    int scale = recipe.network().task().scale();
    for (ImageFolder.Pair pair : ImageFolder.pairs(degraded, data)) {
      Image input = colour(pair.degraded());
      Image truth = colour(pair.truth()).cropToMultiple(scale);
      pair.requireScale(input, truth, scale);
      samples.add(new Sample(pair.name(), input, truth));
    }
    return samples;
  }

  private static Image colour(Path file) throws IOException {
    return ImageFiles.read(file).colour();
  }

  /** How many there are to train on. */
  int count() {
    return training.size();
  }

  /** The batches of the whole run, stage after stage. */
  BatchSource batches() {
    Map<Stage, BatchSource> sources = new LinkedHashMap<>();
    recipe.stages().forEach(stage -> sources.computeIfAbsent(stage, this::batches));
    return step -> Objects.requireNonNull(sources.get(recipe.stage(step))).batch(step);
  }

  private BatchSource batches(Stage stage) {
    CounterRandom random = CounterRandom.seeded(recipe.seed()).split("patches");
    List<Image> truths = training.stream().map(Sample::truth).toList();
    Sampling sampling = recipe.sampling();
    int scale = recipe.network().task().scale();
    int side = stage.patch() * scale;
    int crop = sampling.crop() == 0 ? side : sampling.crop();
    return switch (sampling.degrading()) {
      case PAIRS ->
          PatchSampler.paired(
              training.stream().map(Sample::partner).toList(),
              truths,
              scale,
              stage.patch(),
              stage.batch(),
              random);
      case BICUBIC -> PatchSampler.superResolution(truths, scale, side, stage.batch(), random);
      case RAIN, REAL_WORLD ->
          new DegradedPatches(
              truths,
              degradation(),
              new DegradedPatches.Options(
                  crop,
                  side,
                  stage.batch(),
                  scale == 1 ? Turns.ALL : Turns.MIRROR,
                  sampling.pool() / stage.batch() * stage.batch()),
              random);
    };
  }

  private Degradation degradation() {
    return recipe.sampling().degrading() == Recipe.Degrading.RAIN
        ? new Rain()
        : new RealWorldDegradation();
  }

  /** At most so many of the held-out pictures, evenly spread. */
  ValidationSet validation(int most) {
    int count = Math.min(most, held.size());
    List<Sample> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(held.get((int) ((long) i * held.size() / count)));
    }
    int scale = recipe.network().task().scale();
    return switch (recipe.sampling().degrading()) {
      case BICUBIC ->
          ValidationSet.superResolution(chosen.stream().map(Sample::truth).toList(), scale);
      case PAIRS ->
          ValidationSet.paired(
              chosen.stream()
                  .map(sample -> new ValidationSet.Pair(sample.partner(), sample.truth))
                  .toList(),
              scale);
      case RAIN, REAL_WORLD ->
          ValidationSet.paired(chosen.stream().map(this::spoilt).toList(), scale);
    };
  }

  private ValidationSet.Pair spoilt(Sample sample) {
    Image truth = sample.truth.toRgb().cropToMultiple(recipe.network().task().scale());
    CounterRandom random = CounterRandom.seeded(VALIDATION_SEED).split(sample.name);
    return new ValidationSet.Pair(
        degradation().degrade(FloatImage.of(truth), random).toImage(), truth);
  }
}
