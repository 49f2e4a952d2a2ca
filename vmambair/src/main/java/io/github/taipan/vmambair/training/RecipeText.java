package io.github.taipan.vmambair.training;

import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.training.Recipe.Adversary;
import io.github.taipan.vmambair.training.Recipe.Degrading;
import io.github.taipan.vmambair.training.Recipe.Memory;
import io.github.taipan.vmambair.training.Recipe.Objective;
import io.github.taipan.vmambair.training.Recipe.Optimization;
import io.github.taipan.vmambair.training.Recipe.Optimizer;
import io.github.taipan.vmambair.training.Recipe.Rate;
import io.github.taipan.vmambair.training.Recipe.Sampling;
import io.github.taipan.vmambair.training.Recipe.Schedule;
import io.github.taipan.vmambair.training.Recipe.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A recipe as text by name: what configuration files and checkpoints hold. Lists are separated by
 * commas. {@code steps}, {@code patch} and {@code batch} are lists where a run has stages.
 */
public final class RecipeText {
  private final Map<String, String> text;

  private RecipeText(Map<String, String> text) {
    this.text = text;
  }

  /** The names of all knobs, with what they are without a word about them. */
  public static SequencedMap<String, String> defaults() {
    return of(
        new Recipe(
            new Configuration(Task.SR4, 16, List.of(1, 1, 1, 1), 1, Variant.FULL),
            List.of(new Stage(20_000, 32, 8)),
            Sampling.of(Degrading.BICUBIC),
            new Optimization(Optimizer.ADAM, 0, Rate.cosine(5e-4, 1e-6), 0, 0.999),
            Objective.L1,
            Adversary.STANDARD,
            Memory.PLENTY,
            1));
  }

  /** The recipe of these texts; all names are there. */
  public static Recipe parse(Map<String, String> text) {
    return new RecipeText(text).recipe();
  }

  /** A recipe's texts, in the order in which people read them. */
  static SequencedMap<String, String> of(Recipe recipe) {
    SequencedMap<String, String> text = new LinkedHashMap<>();
    Configuration network = recipe.network();
    text.put("task", network.task().label());
    text.put("dim", Integer.toString(network.dim()));
    text.put("blocks", join(network.blocks()));
    text.put("refinement_blocks", Integer.toString(network.refinementBlocks()));
    text.put("variant", lower(network.variant()));
    text.put("steps", join(recipe.stages().stream().map(Stage::steps).toList()));
    text.put("patch", join(recipe.stages().stream().map(Stage::patch).toList()));
    text.put("batch", join(recipe.stages().stream().map(Stage::batch).toList()));
    Sampling sampling = recipe.sampling();
    text.put("degradation", lower(sampling.degrading()));
    text.put("crop", Integer.toString(sampling.crop()));
    text.put("pool", Integer.toString(sampling.pool()));
    text.put("texture", Integer.toString(sampling.texture()));
    text.put("mixup", Double.toString(sampling.mixup()));
    Optimization optimization = recipe.optimization();
    text.put("optimizer", lower(optimization.optimizer()));
    text.put("weight_decay", Double.toString(optimization.weightDecay()));
    put(text, "", optimization.rate());
    text.put("clip", Double.toString(optimization.clip()));
    text.put("average_decay", Double.toString(optimization.averageDecay()));
    Objective objective = recipe.objective();
    text.put("l1", Double.toString(objective.l1()));
    text.put("perceptual", Double.toString(objective.perceptual()));
    text.put("adversarial", Double.toString(objective.adversarial()));
    text.put("discriminator_features", Integer.toString(recipe.adversary().features()));
    put(text, "discriminator_", recipe.adversary().rate());
    text.put("accumulation", Integer.toString(recipe.memory().accumulation()));
    text.put("checkpointing", Boolean.toString(recipe.memory().checkpointing()));
    text.put("seed", Long.toString(recipe.seed()));
    return text;
  }

  private static void put(Map<String, String> text, String prefix, Rate rate) {
    text.put(prefix + "rate", Double.toString(rate.start()));
    text.put(prefix + "schedule", lower(rate.schedule()));
    text.put(prefix + "floor", join(rate.floors()));
    text.put(prefix + "periods", join(rate.periods()));
    text.put(prefix + "milestones", join(rate.milestones()));
  }

  private Recipe recipe() {
    return new Recipe(
        new Configuration(
            Task.of(get("task")),
            integer("dim"),
            list("blocks", Integer::valueOf),
            integer("refinement_blocks"),
            choice("variant", Variant.class)),
        stages(),
        new Sampling(
            choice("degradation", Degrading.class),
            integer("crop"),
            integer("pool"),
            integer("texture"),
            number("mixup")),
        new Optimization(
            choice("optimizer", Optimizer.class),
            number("weight_decay"),
            rate(""),
            number("clip"),
            number("average_decay")),
        new Objective(number("l1"), number("perceptual"), number("adversarial")),
        new Adversary(integer("discriminator_features"), rate("discriminator_")),
        new Memory(integer("accumulation"), truth("checkpointing")),
        one("seed", Long::valueOf, "a whole number"));
  }

  /** A single patch or batch holds for all stages. */
  private List<Stage> stages() {
    List<Long> steps = list("steps", Long::valueOf);
    List<Integer> patches = list("patch", Integer::valueOf);
    List<Integer> batches = list("batch", Integer::valueOf);
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      stages.add(
          new Stage(
              steps.get(i), each("patch", patches, i, steps), each("batch", batches, i, steps)));
    }
    return stages;
  }

  private static int each(String name, List<Integer> values, int stage, List<Long> steps) {
    if (values.size() != 1 && values.size() != steps.size()) {
      throw new IllegalArgumentException(
          "%s has %d values for %d stages".formatted(name, values.size(), steps.size()));
    }
    return values.get(values.size() == 1 ? 0 : stage);
  }

  private Rate rate(String prefix) {
    return new Rate(
        number(prefix + "rate"),
        choice(prefix + "schedule", Schedule.class),
        list(prefix + "floor", Double::valueOf),
        list(prefix + "periods", Long::valueOf),
        list(prefix + "milestones", Long::valueOf));
  }

  private String get(String name) {
    String value = text.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value.strip();
  }

  private int integer(String name) {
    return one(name, Integer::valueOf, "a whole number");
  }

  private double number(String name) {
    return one(name, Double::valueOf, "a number");
  }

  private boolean truth(String name) {
    return switch (get(name)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, "true or false");
    };
  }

  private <T> T one(String name, Function<String, T> reader, String kind) {
    try {
      return reader.apply(get(name));
    } catch (NumberFormatException e) {
      throw wrong(name, kind);
    }
  }

  private <T> List<T> list(String name, Function<String, T> reader) {
    String all = get(name);
    if (all.isEmpty()) {
      return List.of();
    }
    try {
      return Arrays.stream(all.split(",", -1)).map(part -> reader.apply(part.strip())).toList();
    } catch (NumberFormatException e) {
      throw wrong(name, "a list of numbers");
    }
  }

  private <E extends Enum<E>> E choice(String name, Class<E> kind) {
    try {
      return Enum.valueOf(kind, get(name).toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw wrong(
          name,
          Arrays.stream(kind.getEnumConstants())
              .map(RecipeText::lower)
              .collect(Collectors.joining(", ")));
    }
  }

  private IllegalArgumentException wrong(String name, String wanted) {
    return new IllegalArgumentException("%s is %s, got \"%s\"".formatted(name, wanted, get(name)));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String join(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
