package io.github.taipan.tests.cli;

import static io.github.taipan.tests.cli.BadCommands.failing;
import static io.github.taipan.tests.cli.BadCommands.misspelt;
import static io.github.taipan.tests.cli.BadCommands.pictures;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/** Training runs that cannot be. None of them leaves a folder behind. */
final class BadTrainings {
  private static final String RECIPES =
      "sr4-light, derain-light, realsr4-light, realsr4-light-gan, sr4, sr4-gan, realsr4,"
          + " realsr4-gan, derain, derain-finetune, derain-long";

  private BadTrainings() {}

  static List<BadInput> rows() {
    return Stream.of(settings(), recipes(), files()).flatMap(List::stream).toList();
  }

  /** What the command line itself asks for. */
  private static List<BadInput> settings() {
    String train = "train --data d --out o ";
    return List.of(
        misspelt("train --out o", "--data is missing: a folder"),
        misspelt("train --data d", "--out is missing: a folder"),
        misspelt(train + "--set fog=1", "there is no setting \"fog\"; --print-config shows all"),
        misspelt(
            train + "--set dim",
            "Value for option option '--set' (NAME=VALUE) should be in KEY=VALUE format but was"
                + " dim"),
        misspelt(train + "--set dim=7", "dim is an even number from 2 to 1024, got 7"),
        misspelt(train + "--set crop=30", "training: crop is a multiple of 4, or 0"),
        misspelt(train + "--set rate=nan", "rate is a number, got \"nan\""),
        misspelt(train + "--set rate=NaN", "training: rate is positive"),
        misspelt(train + "--set workers=0", "workers is a positive whole number, got \"0\""),
        misspelt(
            train + "--log-every often", "log_every is a positive whole number, got \"often\""),
        misspelt(train + "--optimizer sgd", "optimizer is adam, adamw, got \"sgd\""),
        misspelt(train + "--patch 30", "training: patch is a multiple of 8"),
        misspelt(train + "--set accumulation=3", "training: a batch of 2 does not part into 3"),
        misspelt(
            train + "--set degradation=rain",
            "training: degradation RAIN does not fit the task sr4"),
        misspelt(train + "--recipe derain --steps 9", "patch has 6 values for 1 stages"),
        misspelt(
            train + "--recipe realsr4-gan",
            "the recipe has a perceptual loss, which needs VGG-19's weights: give their file (--vgg),"
                + " or train without it (--set perceptual=0)"));
  }

  private static List<BadInput> recipes() {
    return List.of(
        failing(
            "train --recipe sr5 --print-config",
            "no recipe is named \"sr5\", and there is no such file; there are " + RECIPES),
        failing(
            "train --recipe $hr --print-config",
            folder -> pictures(folder, 0, 0),
            "hr: is no regular file"),
        recipe("fog: 1", "does not know \"fog\"; there are accumulation, adversarial, average_..."),
        recipe("dim: [8", "is no YAML: expected ',' or ']', but got..."),
        recipe("sr4", "is no YAML mapping of names to values"),
        recipe("dim: wide", "dim is a whole number, got \"wide\""),
        recipe("blocks: {a: 1}", "blocks is a list of numbers, got \"{a=1}\""),
        recipe("workers: 0", "workers is a positive whole number, got \"0\""),
        recipe("task: derain", "training: degradation BICUBIC does not fit the task derain"));
  }

  private static BadInput recipe(String yaml, String sentence) {
    return failing(
        "train --recipe $r.yaml --set dim=8 --print-config",
        folder -> Files.writeString(folder.resolve("r.yaml"), yaml),
        "r.yaml: " + sentence);
  }

  private static List<BadInput> files() {
    String run = "train --data $hr --hold-out a --out $run ";
    BadInput.Content two = folder -> pictures(folder, 2, 0);
    return List.of(
        failing(
            run + "--degraded $lq",
            folder -> pictures(folder, 2, 2),
            "lq/a.png is 12x10 and hr/a.png 12x8: the sides should be 4 times as long"),
        failing(
            run + "--recipe derain",
            two,
            "a recipe of pairs needs --degraded, the folder of the degraded pictures"),
        failing(
            "train --data $hr --out $run",
            two,
            "2 pictures to train on and 0 held out: both are needed (--hold-out)"),
        failing(run + "--resume", two, "there is no run to resume in run"),
        failing(
            "train --data $hr --hold-out a --out $hr/a.png",
            two,
            "hr/a.png: is a file, not a folder"),
        failing("train --data $none --hold-out a --out $run", "there is no folder none"),
        failing(
            run,
            folder -> {
              pictures(folder, 2, 0);
              Files.write(folder.resolve("hr/b.png"), new byte[] {1, 2, 3});
            },
            "hr/b.png is no picture that can be read: PNG, JPEG, BMP, TIFF and WebP are"),
        failing(
            run + "--init MODEL",
            two,
            "model.safetensors has the weights of a network of task sr4, dim 4, blocks [1, 1, 1, 1]"
                + " and 0, variant full, the recipe's is of task sr4, dim 16, blocks [1, 1, 1, 1]"
                + " and 1, variant full"),
        failing(
            run + "--init sr4", two, "sr4 comes without weights: give a file of weights as well"),
        failing(
            run + "--set perceptual=1 --vgg $none.pth", two, "none.pth: there is no such file..."),
        failing(
            run + "--set perceptual=1 --vgg MODEL",
            two,
            "model.safetensors: is no VGG-19: it has no tensor 'features.0.weight' of shape [64, 3,"
                + " 3, 3]"));
  }
}
