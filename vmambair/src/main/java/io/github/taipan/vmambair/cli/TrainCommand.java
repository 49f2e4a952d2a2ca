package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.perceptual.PerceptualLoss;
import io.github.taipan.nn.perceptual.Vgg;
import io.github.taipan.tensor.Device;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.training.DivergedException;
import io.github.taipan.vmambair.training.Recipe;
import io.github.taipan.vmambair.training.Trainer;
import io.github.taipan.vmambair.training.Trainer.Intervals;
import io.github.taipan.vmambair.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taipan train}. */
@Command(
    name = "train",
    description = "Trains a network on patches of a folder of pictures, by a recipe.",
    sortOptions = false,
    footer = {
      "",
      "Recipes that come with Taipan: sr4-light, derain-light, realsr4-light and realsr4-light-gan"
          + " for CPUs; sr4, sr4-gan, realsr4, realsr4-gan, derain, derain-finetune and derain-long"
          + " as published. A recipe is a YAML file of the settings that --print-config shows; --set"
          + " and the options change single ones.",
      "",
      "The run keeps in --out: state.safetensors (to resume from), weights.safetensors (averaged"
          + " weights), best.safetensors (those of the best validation), log.jsonl, curve.svg, the page"
          + " index.html with pictures, and events/ for TensorBoard. A signal that ends it lets it"
          + " save its state first.",
      "",
      "Examples:",
      "  taipan train --data photos --hold-out kitten,tower --out run",
      "  taipan train --data photos --hold-out kitten,tower --out run --resume",
      "  taipan train --recipe derain-light --data photos --hold-out kitten --out run",
      "  taipan train --recipe derain --data clean --degraded rainy --hold-out 7 --out run",
      "  taipan train --recipe realsr4 --print-config > mine.yaml"
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();

  /**
   * What the command line says of settings, by name. Methods put it there, whose order Java does
   * not keep: each option says its place in the help.
   */
  private final Map<String, String> chosen = new LinkedHashMap<>();

  @Option(
      order = 1,
      names = {"--recipe", "--model"},
      paramLabel = "NAME|FILE",
      description = "a recipe's name or YAML file (default: ${DEFAULT-VALUE})")
  private String recipeName = "sr4-light";

  @Option(order = 6, names = "--out", paramLabel = "DIR", description = "folder of the run")
  private @Nullable Path out;

  @Option(order = 7, names = "--resume", description = "continue the run of --out")
  private boolean resume;

  @Option(order = 11, names = "--print-config", description = "print all settings as YAML, and end")
  private boolean printsConfig;

  @Option(
      order = 10,
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "any setting by name; lists are separated by commas")
  void set(Map<String, String> settings) {
    chosen.putAll(settings);
  }

  @Option(order = 2, names = "--data", paramLabel = "DIR", description = "true pictures")
  void data(String value) {
    chosen.put("data", value);
  }

  @Option(
      order = 3,
      names = "--degraded",
      paramLabel = "DIR",
      description = "their degraded partners; without, they are made as the recipe says")
  void degraded(String value) {
    chosen.put("degraded", value);
    chosen.put("degradation", "pairs");
  }

  @Option(
      order = 4,
      names = "--hold-out",
      paramLabel = "PREFIX",
      description = "pictures whose names begin so are validated on, never trained on")
  void holdOut(List<String> values) {
    chosen.put("hold_out", String.join(",", values));
  }

  @Option(
      order = 5,
      names = "--validation-images",
      paramLabel = "N",
      description = "at most so many of them, evenly spread")
  void validationImages(String value) {
    chosen.put("validation_images", value);
  }

  @Option(
      order = 8,
      names = "--init",
      paramLabel = "FILE",
      description = "weights to start from: a file or a shipped model")
  void init(String value) {
    chosen.put("init", value);
  }

  @Option(
      order = 9,
      names = "--vgg",
      paramLabel = "FILE",
      description = "VGG-19's weights, for a perceptual loss (.pth or .safetensors)")
  void vgg(String value) {
    chosen.put("vgg", value);
  }

  @Option(order = 12, names = "--variant", paramLabel = "NAME", description = "an ablation")
  void variant(String value) {
    chosen.put("variant", value);
  }

  @Option(
      order = 13,
      names = "--steps",
      paramLabel = "N",
      description = "length of the run, or of each stage")
  void steps(String value) {
    chosen.put("steps", value);
  }

  @Option(order = 14, names = "--batch", paramLabel = "N", description = "patches a step")
  void batch(String value) {
    chosen.put("batch", value);
  }

  @Option(order = 15, names = "--patch", paramLabel = "N", description = "side of an input patch")
  void patch(String value) {
    chosen.put("patch", value);
  }

  @Option(order = 16, names = "--optimizer", paramLabel = "NAME", description = "adam or adamw")
  void optimizer(String value) {
    chosen.put("optimizer", value);
  }

  @Option(order = 17, names = "--weight-decay", paramLabel = "X", description = "of the optimiser")
  void weightDecay(String value) {
    chosen.put("weight_decay", value);
  }

  @Option(
      order = 18,
      names = "--schedule",
      paramLabel = "NAME",
      description = "constant, cosine, multistep or decay")
  void schedule(String value) {
    chosen.put("schedule", value);
  }

  @Option(
      order = 19,
      names = "--rate",
      paramLabel = "X",
      description = "learning rate at the start")
  void rate(String value) {
    chosen.put("rate", value);
  }

  @Option(order = 20, names = "--floor", paramLabel = "X", description = "end of a cosine")
  void floor(String value) {
    chosen.put("floor", value);
  }

  @Option(
      order = 21,
      names = "--milestones",
      paramLabel = "N",
      description = "steps at which a rate halves")
  void milestones(String value) {
    chosen.put("milestones", value);
  }

  @Option(
      order = 22,
      names = "--clip",
      paramLabel = "X",
      description = "limit of the gradient's norm")
  void clip(String value) {
    chosen.put("clip", value);
  }

  @Option(
      order = 23,
      names = "--average",
      paramLabel = "X",
      description = "decay of the weights' average")
  void average(String value) {
    chosen.put("average_decay", value);
  }

  @Option(order = 24, names = "--seed", paramLabel = "N", description = "of weights and patches")
  void seed(String value) {
    chosen.put("seed", value);
  }

  @Option(order = 25, names = "--log-every", paramLabel = "N", description = "steps")
  void logEvery(String value) {
    chosen.put("log_every", value);
  }

  @Option(order = 26, names = "--validate-every", paramLabel = "N", description = "steps")
  void validateEvery(String value) {
    chosen.put("validate_every", value);
  }

  @Option(order = 27, names = "--checkpoint-every", paramLabel = "N", description = "steps")
  void checkpointEvery(String value) {
    chosen.put("checkpoint_every", value);
  }

  @Override
  public Integer call() throws IOException, DivergedException, InterruptedException {
    TrainingSettings settings = settings();
    Recipe recipe = settings.recipe();
    if (printsConfig) {
      common.out().print(settings.yaml());
      return 0;
    }
    Path data = settings.path("data");
    if (out == null || data == null) {
      throw common.misuse((out == null ? "--out" : "--data") + " is missing: a folder");
    }
    if (recipe.objective().perceptual() > 0 && settings.path("vgg") == null) {
      throw common.misuse(
          "the recipe has a perceptual loss, which needs VGG-19's weights: give their file (--vgg),"
              + " or train without it (--set perceptual=0)");
    }
    Intervals intervals = settings.intervals();
    TrainingPictures pictures =
        TrainingPictures.read(
            recipe,
            data,
            settings.path("degraded"),
            settings.list("hold_out"),
            settings.count("validation_images"),
            settings.path("cache"));
    try (Device device = common.open()) {
      TrainingState state = new TrainingState(recipe, device, perceptual(settings, recipe, device));
      if (!resume && !settings.text("init").isEmpty()) {
        state.startFrom(Model.load(settings.text("init"), device));
      }
      Trainer trainer = new Trainer(state, pictures.validation(), out, intervals, resume);
      say("Training %s on %s", recipeName, device.description());
      say(
          "%d pictures to train on, seed %d, from step %d",
          pictures.truths().size(), recipe.seed(), trainer.step());
      try (TrainingProgress progress =
          new TrainingProgress(common, trainer.step(), recipe.steps(), intervals.log())) {
        int workers = Math.min(64, settings.count("workers"));
        untilSignalled(() -> trainer.run(pictures.batches(), workers, progress));
      }
    }
    return 0;
  }

  private TrainingSettings settings() throws IOException {
    try {
      return TrainingSettings.of(recipeName, chosen);
    } catch (IllegalArgumentException e) {
      throw common.misuse(Objects.requireNonNull(e.getMessage()));
    }
  }

  private static @Nullable PerceptualLoss perceptual(
      TrainingSettings settings, Recipe recipe, Device device) throws IOException {
    Path weights = settings.path("vgg");
    return weights == null || recipe.objective().perceptual() == 0
        ? null
        : new PerceptualLoss(Vgg.read(Vgg.Depth.VGG19, weights, device));
  }

  /** A training run. */
  private interface Training {
    void run() throws IOException, DivergedException, InterruptedException;
  }

  /** Runs the training; a signal that ends the program interrupts it, and waits for its state. */
  private void untilSignalled(Training run)
      throws IOException, DivergedException, InterruptedException {
    Thread trainer = Thread.currentThread();
    CountDownLatch done = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              trainer.interrupt();
              try {
                done.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      run.run();
    } catch (InterruptedException e) {
      say("Stopped; --resume goes on from here");
      throw e;
    } finally {
      done.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The program is ending already, and the hook has done its part.
      }
    }
  }

  private void say(String format, Object... values) {
    if (!common.quiet()) {
      common.err().printf(format + "%n", values);
    }
  }
}
