package io.github.taipan.vmambair.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.taipan.vmambair.training.Recipe;
import io.github.taipan.vmambair.training.RecipeText;
import io.github.taipan.vmambair.training.Trainer.Intervals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All knobs of a training run by name, as text: those of the recipe, which decide what is computed,
 * and those of the run. Each comes from the command line, else from the recipe's file, else from
 * the defaults.
 */
record TrainingSettings(SequencedMap<String, String> values) {
  /** The recipes that come with Taipan. */
  static final List<String> RECIPES =
      List.of(
          "sr4-light",
          "derain-light",
          "realsr4-light",
          "realsr4-light-gan",
          "sr4",
          "sr4-gan",
          "realsr4",
          "realsr4-gan",
          "derain",
          "derain-finetune",
          "derain-long");

  private static final List<String> COUNTS =
      List.of("validation_images", "workers", "log_every", "validate_every", "checkpoint_every");

  private static final SequencedMap<String, String> RUN = new LinkedHashMap<>();

  static {
    RUN.put("data", "");
    RUN.put("degraded", "");
    RUN.put("hold_out", "");
    RUN.put("validation_images", "12");
    RUN.put("init", "");
    RUN.put("vgg", "");
    RUN.put("cache", "");
    RUN.put("workers", "1");
    RUN.put("log_every", "100");
    RUN.put("validate_every", "1000");
    RUN.put("checkpoint_every", "500");
  }

  /**
   * The settings of a run.
   *
   * @param recipe one of {@link #RECIPES}, or a YAML file
   * @param chosen on the command line
   * @throws IOException one sentence about the recipe, which holds without what is chosen, too
   * @throws IllegalArgumentException one sentence about what is chosen
   */
  static TrainingSettings of(String recipe, Map<String, String> chosen) throws IOException {
    SequencedMap<String, String> values = new LinkedHashMap<>(RecipeText.defaults());
    values.putAll(RUN);
    try {
      Map<?, ?> settings = read(recipe);
      YamlFile.requireKnown(settings, values.keySet());
      settings.forEach((name, value) -> values.put(String.valueOf(name), text(value)));
      new TrainingSettings(values).check();
    } catch (IllegalArgumentException e) {
      throw new IOException(recipe + ": " + e.getMessage(), e);
    }
    for (String name : chosen.keySet()) {
      if (!values.containsKey(name)) {
        throw new IllegalArgumentException(
            "there is no setting \"%s\"; --print-config shows all".formatted(name));
      }
    }
    values.putAll(chosen);
    TrainingSettings all = new TrainingSettings(values);
    all.check();
    return all;
  }

  private void check() {
    recipe();
    intervals();
    COUNTS.forEach(this::count);
  }

  private static Map<?, ?> read(String recipe) throws IOException {
    if (!RECIPES.contains(recipe)) {
      if (!Files.exists(Path.of(recipe))) {
        throw new IOException(
            "no recipe is named \"%s\", and there is no such file; there are %s"
                .formatted(recipe, String.join(", ", RECIPES)));
      }
      return YamlFile.mapping(Path.of(recipe), "recipe");
    }
    try (InputStream text =
        TrainingSettings.class.getResourceAsStream(
            "/io/github/taipan/vmambair/recipes/" + recipe + ".yaml")) {
      if (text == null) {
        throw new IOException("the recipe " + recipe + " is missing from this build");
      }
      return YamlFile.mapping(recipe, new String(text.readAllBytes(), UTF_8));
    }
  }

  /** A value as text, a list's separated by commas; none is empty. */
  private static String text(@Nullable Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : Objects.toString(value, "");
  }

  /** The recipe. */
  Recipe recipe() {
    return RecipeText.parse(values);
  }

  /** How often what is done. */
  Intervals intervals() {
    return new Intervals(count("log_every"), count("validate_every"), count("checkpoint_every"));
  }

  /** A setting as text; empty where it is not set. */
  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("no setting is named " + name);
    }
    return value.strip();
  }

  /** A file or folder; null where it is not set. */
  @Nullable Path path(String name) {
    return text(name).isEmpty() ? null : Path.of(text(name));
  }

  /** A positive number. */
  int count(String name) {
    try {
      int count = Integer.parseInt(text(name));
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // The sentence below holds for it, too.
    }
    throw new IllegalArgumentException(
        "%s is a positive whole number, got \"%s\"".formatted(name, text(name)));
  }

  /** A list; none where it is not set. */
  List<String> list(String name) {
    return text(name).isEmpty()
        ? List.of()
        : Arrays.stream(text(name).split(",", -1)).map(String::strip).toList();
  }

  /** As YAML that {@code --recipe} reads. */
  String yaml() {
    SequencedMap<String, String> all = new LinkedHashMap<>(values);
    all.putAll(recipe().describe());
    return all.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + yaml(entry.getKey(), entry.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  /** Names of files can be any text; what a recipe has are words, numbers and lists of them. */
  private static String yaml(String name, String value) {
    if (RUN.containsKey(name)) {
      return COUNTS.contains(name) ? value : Json.quote(value);
    }
    return value.isEmpty() || value.contains(",") ? "[" + value + "]" : value;
  }
}
