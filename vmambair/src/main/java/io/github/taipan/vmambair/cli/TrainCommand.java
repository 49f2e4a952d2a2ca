package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.data.BatchSource;
import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.data.PatchSampler;
import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.training.DivergedException;
import io.github.taipan.vmambair.training.Recipe;
import io.github.taipan.vmambair.training.Trainer;
import io.github.taipan.vmambair.training.Trainer.Intervals;
import io.github.taipan.vmambair.training.ValidationSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taipan train}. */
@Command(
    name = "train",
    description = "Trains a network on patches of a folder of pictures.",
    sortOptions = false,
    footer = {
      "",
      "The run keeps in --out: state.safetensors (to resume from), weights.safetensors (averaged"
          + " weights), best.safetensors (those of the best validation), log.jsonl and curve.svg.",
      "",
      "Examples:",
      "  taipan train --data photos --hold-out kitten,tower --out run",
      "  taipan train --data photos --hold-out kitten,tower --out run --resume",
      "  taipan train --model derain-light --data clean --degraded rainy --hold-out 7 --out run"
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--model",
      paramLabel = "PRESET",
      description = "the network (default: ${DEFAULT-VALUE})")
  private String preset = "sr4-light";

  @Option(names = "--variant", description = "an ablation: ${COMPLETION-CANDIDATES}")
  private Variant variant = Variant.FULL;

  @Option(names = "--data", paramLabel = "DIR", required = true, description = "true pictures")
  private Path data = Path.of("");

  @Option(
      names = "--degraded",
      paramLabel = "DIR",
      description = "their degraded partners; without, x4 pictures are shrunk by bicubic")
  private @Nullable Path degraded;

  @Option(
      names = "--hold-out",
      paramLabel = "PREFIX",
      split = ",",
      description = "pictures whose names begin so are validated on, never trained on")
  private List<String> heldOut = List.of();

  @Option(
      names = "--validation-images",
      paramLabel = "N",
      description = "at most so many of them, evenly spread (default: ${DEFAULT-VALUE})")
  private int validationImages = 12;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "folder of the run")
  private Path out = Path.of("");

  @Option(names = "--resume", description = "continue the run of --out")
  private boolean resume;

  @Option(names = "--steps", description = "length of the run (default: ${DEFAULT-VALUE})")
  private long steps = 20_000;

  @Option(names = "--batch", description = "patches a step (default: ${DEFAULT-VALUE})")
  private int batch = 8;

  @Option(names = "--patch", description = "side of an input patch (default: ${DEFAULT-VALUE})")
  private int patch = 32;

  @Option(
      names = "--optimizer",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Recipe.Optimizer optimizer = Recipe.Optimizer.ADAM;

  @Option(names = "--weight-decay", description = "(default: ${DEFAULT-VALUE})")
  private double weightDecay;

  @Option(
      names = "--schedule",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Recipe.Schedule schedule = Recipe.Schedule.COSINE;

  @Option(names = "--rate", description = "learning rate at the start (default: ${DEFAULT-VALUE})")
  private double rate = 5e-4;

  @Option(names = "--floor", description = "end of a cosine (default: ${DEFAULT-VALUE})")
  private double floor = 1e-6;

  @Option(names = "--milestones", split = ",", description = "steps at which a rate halves")
  private List<Long> milestones = List.of();

  @Option(names = "--clip", description = "limit of the gradient's norm (default: none)")
  private double clip;

  @Option(names = "--average", description = "decay of the weights' average (default: 0.999)")
  private double average = 0.999;

  @Option(names = "--seed", description = "of weights and patches (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(names = "--log-every", description = "steps (default: ${DEFAULT-VALUE})")
  private long logEvery = 100;

  @Option(names = "--validate-every", description = "steps (default: ${DEFAULT-VALUE})")
  private long validateEvery = 1000;

  @Option(names = "--checkpoint-every", description = "steps (default: ${DEFAULT-VALUE})")
  private long checkpointEvery = 500;

  @Override
  public Integer call() throws IOException, DivergedException, InterruptedException {
    Recipe recipe =
        new Recipe(
            ModelOptions.preset(preset).with(variant),
            patch,
            batch,
            steps,
            optimizer,
            weightDecay,
            schedule,
            rate,
            floor,
            milestones,
            clip,
            average,
            seed);
    Pictures pictures = Pictures.read(data, degraded, recipe.network().task(), heldOut);
    try (Device device = common.open()) {
      Trainer trainer =
          new Trainer(
              recipe,
              device,
              pictures.validation(recipe.network().task(), validationImages),
              out,
              new Intervals(logEvery, validateEvery, checkpointEvery),
              resume);
      say("Training %s on %s", preset, device.description());
      say("%d pictures to train on, seed %d, from step %d", pictures.count(), seed, trainer.step());
      BatchSource batches = pictures.sampler(recipe);
      try (TrainingProgress progress =
          new TrainingProgress(common, trainer.step(), steps, logEvery)) {
        trainer.run(batches, progress);
      }
    }
    return 0;
  }

  private void say(String format, Object... values) {
    if (!common.quiet()) {
      common.err().printf(format + "%n", values);
    }
  }

  /** The pictures of a run: to train on, and held out; with degraded partners given, or not. */
  private record Pictures(List<Sample> training, List<Sample> held, boolean given) {
    /** A true picture and its degraded partner, which is itself where none is given. */
    private record Sample(String name, Image degraded, Image truth) {}

    static Pictures read(Path data, @Nullable Path degraded, Task task, List<String> heldOut)
        throws IOException {
      List<Sample> samples = new ArrayList<>();
      if (degraded != null) {
        for (ImageFolder.Pair pair : ImageFolder.pairs(degraded, data)) {
          Image input = colour(pair.degraded());
          Image truth = colour(pair.truth()).cropToMultiple(task.scale());
          pair.requireScale(input, truth, task.scale());
          samples.add(new Sample(pair.name(), input, truth));
        }
      } else if (task.scale() > 1) {
        for (Path file : ImageFolder.truths(data)) {
          Image image = colour(file);
          samples.add(new Sample(ImageFolder.name(file), image, image));
        }
      } else {
        throw new IllegalArgumentException("deraining needs --degraded, the rainy pictures");
      }
      List<Sample> training = new ArrayList<>();
      List<Sample> held = new ArrayList<>();
      for (Sample sample : samples) {
        boolean isHeld = heldOut.stream().anyMatch(prefix -> sample.name.startsWith(prefix));
        (isHeld ? held : training).add(sample);
      }
      if (training.isEmpty() || held.isEmpty()) {
        throw new IllegalArgumentException(
            "%d pictures to train on and %d held out: both are needed (--hold-out)"
                .formatted(training.size(), held.size()));
      }
      return new Pictures(training, held, degraded != null);
    }

    private static Image colour(Path file) throws IOException {
      return ImageFiles.read(file).colour();
    }

    int count() {
      return training.size();
    }

    BatchSource sampler(Recipe recipe) {
      CounterRandom random = CounterRandom.seeded(recipe.seed()).split("patches");
      List<Image> truths = training.stream().map(Sample::truth).toList();
      int scale = recipe.network().task().scale();
      return given
          ? PatchSampler.paired(
              training.stream().map(Sample::degraded).toList(),
              truths,
              scale,
              recipe.patch(),
              recipe.batch(),
              random)
          : PatchSampler.superResolution(
              truths, scale, recipe.patch() * scale, recipe.batch(), random);
    }

    ValidationSet validation(Task task, int most) {
      int count = Math.min(most, held.size());
      List<Sample> chosen = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        chosen.add(held.get((int) ((long) i * held.size() / count)));
      }
      return given
          ? ValidationSet.paired(
              chosen.stream()
                  .map(sample -> new ValidationSet.Pair(sample.degraded, sample.truth))
                  .toList(),
              task.scale())
          : ValidationSet.superResolution(
              chosen.stream().map(Sample::truth).toList(), task.scale());
    }
  }
}
