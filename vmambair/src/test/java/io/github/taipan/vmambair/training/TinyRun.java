package io.github.taipan.vmambair.training;

import io.github.taipan.nn.data.BatchSource;
import io.github.taipan.nn.data.PatchSampler;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Score;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.training.Trainer.Intervals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A network of width 8 that learns to take generated rain off generated pictures, in a folder. */
record TinyRun(Path folder, Recipe recipe, Intervals intervals, int threads) {
  static final long SEED = 7;

  /** Intervals that do not fall together, so that every kind of state is between two steps. */
  static TinyRun of(Path folder, long steps) {
    return new TinyRun(folder, recipe(steps), new Intervals(2, 3, 4), 1);
  }

  static Recipe recipe(long steps) {
    return new Recipe(
        new Configuration(Task.DERAIN, 8, List.of(1, 1, 1, 1), 1, Variant.FULL),
        List.of(new Recipe.Stage(steps, 16, 2)),
        Recipe.Sampling.of(Recipe.Degrading.PAIRS),
        new Recipe.Optimization(
            Recipe.Optimizer.ADAMW, 1e-4, Recipe.Rate.cosine(1e-3, 1e-6), 0.5, 0.9),
        Recipe.Objective.L1,
        Recipe.Adversary.STANDARD,
        Recipe.Memory.PLENTY,
        SEED);
  }

  /** Smooth colours, with bright streaks where asked. */
  static Image picture(int number, int height, int width, boolean rain) {
    CounterRandom random = CounterRandom.seeded(SEED).split(number);
    byte[] samples = new byte[height * width * 3];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean streak = rain && random.below(5, x + y / 4) == 0;
        for (int c = 0; c < 3; c++) {
          double wave = Math.sin(0.2 * x + number) + Math.cos(0.15 * y + c);
          samples[i++] = (byte) (int) (110 + 45 * wave + (streak ? 50 : 0));
        }
      }
    }
    return Image.wrap(height, width, 3, samples);
  }

  static BatchSource batches() {
    return PatchSampler.paired(
        List.of(picture(1, 32, 40, true), picture(2, 24, 24, true)),
        List.of(picture(1, 32, 40, false), picture(2, 24, 24, false)),
        1,
        16,
        2,
        CounterRandom.seeded(SEED).split("patches"));
  }

  static ValidationSet validation() {
    return ValidationSet.paired(
        List.of(new ValidationSet.Pair(picture(3, 20, 28, true), picture(3, 20, 28, false))), 1);
  }

  /** Runs to the end, or until a listener or batch stops it. */
  void run(boolean resume, BatchSource batches, StepListener listener)
      throws IOException, DivergedException, InterruptedException {
    try (Device device = new CpuDevice(threads)) {
      TrainingState state = new TrainingState(recipe, device);
      new Trainer(state, validation(), folder, intervals, resume).run(batches, 1, listener);
    }
  }

  void run(boolean resume) throws IOException, DivergedException, InterruptedException {
    run(resume, batches(), (step, loss) -> {});
  }

  /** Hears of steps only. */
  @FunctionalInterface
  interface StepListener extends Trainer.Listener {
    void step(long step, double loss);

    @Override
    default void step(
        long step,
        SequencedMap<String, Double> losses,
        double rate,
        double imagesPerSecond,
        double waited) {
      step(step, losses.firstEntry().getValue());
    }

    @Override
    default void validated(long step, Score score, boolean best) {}
  }

  /** Every file of the run by name, but for the events; without the speed, which is the clock's. */
  Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (name.startsWith("events")) {
          continue;
        }
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        files.put(
            name,
            content
                .replaceAll(", \"images_per_second\": [^}]*", "")
                .replaceAll("[\\d.]+ images/s", ""));
      }
    }
    return files;
  }
}
