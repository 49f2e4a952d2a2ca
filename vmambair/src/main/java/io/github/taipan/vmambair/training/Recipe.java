package io.github.taipan.vmambair.training;

import io.github.taipan.nn.optim.LearningRate;
import io.github.taipan.vmambair.model.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * Everything that decides what a training run computes. Two runs of equal recipes, data and devices
 * give equal weights, bit for bit, however often they are interrupted. {@link RecipeText} writes
 * and reads it as text.
 *
 * @param network what is trained
 * @param stages one after the other, so that patches can grow while batches shrink
 * @param sampling what the patches are
 * @param optimization how the network follows its gradient
 * @param objective what it minimises
 * @param adversary the discriminator, which plays a part where the objective has an adversarial
 *     loss
 * @param memory what is traded for memory
 * @param seed of weights and patches
 */
public record Recipe(
    Configuration network,
    List<Stage> stages,
    Sampling sampling,
    Optimization optimization,
    Objective objective,
    Adversary adversary,
    Memory memory,
    long seed) {

  /**
   * A stretch of a run.
   *
   * @param steps its length
   * @param patch side of an input patch in pixels, a multiple of 8
   * @param batch patches a step
   */
  public record Stage(long steps, int patch, int batch) {
    /** Checks the numbers. */
    public Stage {
      require(steps >= 1, "steps is positive");
      require(patch >= 8 && patch % Configuration.SIZE_MULTIPLE == 0, "patch is a multiple of 8");
      require(batch >= 1, "batch is positive");
    }
  }

  /** How the degraded pictures come about. */
  public enum Degrading {
    /** They are given, beside the true ones. */
    PAIRS,
    /** The true pictures are shrunk by MATLAB-style bicubic interpolation. */
    BICUBIC,
    /** Synthetic rain falls on them, another each time. */
    RAIN,
    /** The two-stage chain of real-world super-resolution, another each time. */
    REAL_WORLD
  }

  /**
   * What the patches are.
   *
   * @param degrading how their degraded side comes about
   * @param crop side of the true crop that is degraded, of which the patch is a part; 0 for the
   *     patch itself
   * @param pool pairs among which those of a real-world batch are mixed; 0 for none
   * @param texture of so many candidate patches the one with the largest gradients is taken
   * @param mixup parameter of the Beta distribution by which samples are mixed; 0 for not at all,
   *     as in all published recipes
   */
  public record Sampling(Degrading degrading, int crop, int pool, int texture, double mixup) {
    /** Plain patches. */
    public static Sampling of(Degrading degrading) {
      return new Sampling(degrading, 0, 0, 1, 0);
    }

    /** Checks the numbers. */
    public Sampling {
      require(crop >= 0 && crop % 4 == 0, "crop is a multiple of 4, or 0");
      require(pool >= 0, "pool is not negative");
      require(texture >= 1, "texture is positive");
      require(mixup >= 0, "mixup is not negative");
    }
  }

  /** The optimisers of the published recipes, with their momenta. */
  public enum Optimizer {
    /** Adam with β = (0.9, 0.99): super-resolution. */
    ADAM(0.99, false),
    /** AdamW with β = (0.9, 0.999): deraining. */
    ADAMW(0.999, true);

    private final double beta2;
    private final boolean decoupled;

    Optimizer(double beta2, boolean decoupled) {
      this.beta2 = beta2;
      this.decoupled = decoupled;
    }

    double beta1() {
      return 0.9;
    }

    double beta2() {
      return beta2;
    }

    boolean decoupled() {
      return decoupled;
    }
  }

  /** How a learning rate changes. */
  public enum Schedule {
    /** Not at all. */
    CONSTANT,
    /** Half a cosine from start to floor over the whole run, or one for each given period. */
    COSINE,
    /** Halved after each milestone. */
    MULTISTEP,
    /** Halved after each period. */
    DECAY
  }

  /**
   * A learning rate by step.
   *
   * @param start at the first step
   * @param schedule how it changes
   * @param floors at the end of each cosine
   * @param periods lengths of the cosines, none for the whole run; or the period of the decay
   * @param milestones steps at which a multi-step rate halves
   */
  public record Rate(
      double start,
      Schedule schedule,
      List<Double> floors,
      List<Long> periods,
      List<Long> milestones) {
    /** Checks the numbers. */
    public Rate {
      floors = List.copyOf(floors);
      periods = List.copyOf(periods);
      milestones = List.copyOf(milestones);
      require(start > 0, "rate is positive");
      require(floors.stream().allMatch(floor -> floor >= 0), "floor is not negative");
      require(periods.stream().allMatch(period -> period > 0), "period is positive");
      require(
          schedule != Schedule.COSINE || floors.size() == Math.max(1, periods.size()),
          "a cosine has one floor for each period");
      require(schedule != Schedule.DECAY || periods.size() == 1, "a decay has one period");
    }

    /** A rate that never changes. */
    public static Rate constant(double rate) {
      return new Rate(rate, Schedule.CONSTANT, List.of(), List.of(), List.of());
    }

    /** Half a cosine over the whole run. */
    public static Rate cosine(double start, double floor) {
      return new Rate(start, Schedule.COSINE, List.of(floor), List.of(), List.of());
    }

    /** The rate by step, counted from 1, of a run of so many steps. */
    public LearningRate over(long steps) {
      return switch (schedule) {
        case CONSTANT -> LearningRate.constant(start);
        case COSINE -> {
          List<Long> lengths = periods.isEmpty() ? List.of(steps) : periods;
          List<LearningRate.Cycle> cycles = new ArrayList<>();
          for (int i = 0; i < lengths.size(); i++) {
            cycles.add(new LearningRate.Cycle(lengths.get(i), 1, floors.get(i)));
          }
          yield LearningRate.cosineCycles(start, cycles);
        }
        case MULTISTEP -> LearningRate.multiStep(start, 0.5, milestones);
        case DECAY -> LearningRate.decay(start, 0.5, periods.getFirst());
      };
    }
  }

  /**
   * How the network follows its gradient.
   *
   * @param optimizer Adam or AdamW
   * @param weightDecay of the optimiser
   * @param rate the learning rate
   * @param clip limit of the global gradient norm; 0 for none
   * @param averageDecay decay of the exponential moving average of the weights; 0 for none
   */
  public record Optimization(
      Optimizer optimizer, double weightDecay, Rate rate, double clip, double averageDecay) {
    /** Checks the numbers. */
    public Optimization {
      require(weightDecay >= 0, "weight decay is not negative");
      require(clip >= 0, "clip is not negative");
      require(averageDecay >= 0 && averageDecay < 1, "the average's decay is in [0, 1)");
    }
  }

  /**
   * The loss of the restoring network: a weighted sum.
   *
   * @param l1 weight of the mean absolute error
   * @param perceptual weight of the difference of VGG-19's features; 0 leaves it out
   * @param adversarial weight of the discriminator's verdict; 0 leaves it out
   */
  public record Objective(double l1, double perceptual, double adversarial) {
    /** The mean absolute error alone. */
    public static final Objective L1 = new Objective(1, 0, 0);

    /** Checks the weights. */
    public Objective {
      require(l1 >= 0 && perceptual >= 0 && adversarial >= 0, "weights of losses are not negative");
      require(l1 + perceptual + adversarial > 0, "a loss has a weight");
    }
  }

  /**
   * The discriminator.
   *
   * @param features of its first layer, 64 in the published recipes
   * @param rate its learning rate; its optimiser is Adam without weight decay
   */
  public record Adversary(int features, Rate rate) {
    /** The published size. */
    public static final Adversary STANDARD = new Adversary(64, Rate.constant(1e-4));

    /** Checks the numbers. */
    public Adversary {
      require(features >= 1, "discriminator_features is positive");
    }
  }

  /**
   * What is traded for memory. Neither changes what is learned, but for rounding.
   *
   * @param accumulation equal parts of a batch whose gradients are computed one after the other
   * @param checkpointing whether of each block only the input is kept for the backward pass
   */
  public record Memory(int accumulation, boolean checkpointing) {
    /** As fast as it goes. */
    public static final Memory PLENTY = new Memory(1, false);

    /** Checks the number. */
    public Memory {
      require(accumulation >= 1, "accumulation is positive");
    }
  }

  /** Checks what concerns several parts. */
  public Recipe {
    stages = List.copyOf(stages);
    require(!stages.isEmpty(), "there is a stage");
    boolean shrinks =
        sampling.degrading == Degrading.BICUBIC || sampling.degrading == Degrading.REAL_WORLD;
    require(
        sampling.degrading == Degrading.PAIRS || shrinks == network.task().scale() > 1,
        "degradation %s does not fit the task %s"
            .formatted(sampling.degrading, network.task().label()));
    for (Stage stage : stages) {
      require(
          stage.batch % memory.accumulation == 0,
          "a batch of %d does not part into %d".formatted(stage.batch, memory.accumulation));
      require(
          sampling.crop == 0 || sampling.crop >= stage.patch * network.task().scale(),
          "a patch is a part of the crop");
    }
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("training: " + rule);
    }
  }

  /** The length of the run. */
  public long steps() {
    return stages.stream().mapToLong(Stage::steps).sum();
  }

  /** The stage that a step, counted from 0, is part of; steps after the end are of the last. */
  public Stage stage(long step) {
    long end = 0;
    for (Stage stage : stages) {
      end += stage.steps;
      if (step < end) {
        return stage;
      }
    }
    return stages.getLast();
  }

  /** The recipe as text by name, as a checkpoint keeps it. */
  public SequencedMap<String, String> describe() {
    return RecipeText.of(this);
  }
}
