package io.github.taipan.vmambair.training;

import io.github.taipan.nn.optim.LearningRate;
import io.github.taipan.vmambair.model.Configuration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Everything that decides what a training run computes. Two runs of equal recipes, data and devices
 * give equal weights, bit for bit, however often they are interrupted.
 *
 * @param network what is trained
 * @param patch side of an input patch in pixels, a multiple of 8
 * @param batch patches per step
 * @param steps length of the run
 * @param optimizer Adam or AdamW
 * @param weightDecay of the optimiser
 * @param schedule how the learning rate falls
 * @param learningRate at the start
 * @param floor at the end of a cosine
 * @param milestones steps at which a multi-step rate halves
 * @param clip limit of the global gradient norm; 0 for none
 * @param averageDecay decay of the exponential moving average of the weights
 * @param seed of weights and patches
 */
public record Recipe(
    Configuration network,
    int patch,
    int batch,
    long steps,
    Optimizer optimizer,
    double weightDecay,
    Schedule schedule,
    double learningRate,
    double floor,
    List<Long> milestones,
    double clip,
    double averageDecay,
    long seed) {

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

  /** How the learning rate falls. */
  public enum Schedule {
    /** Not at all. */
    CONSTANT,
    /** Half a cosine from start to floor over the whole run. */
    COSINE,
    /** Halved after each milestone. */
    MULTISTEP
  }

  /** Checks the numbers. */
  public Recipe {
    milestones = List.copyOf(milestones);
    require(patch >= 8 && patch % Configuration.SIZE_MULTIPLE == 0, "patch is a multiple of 8");
    require(batch >= 1, "batch is positive");
    require(steps >= 1, "steps is positive");
    require(learningRate > 0 && floor >= 0, "learning rates are positive");
    require(clip >= 0, "clip is not negative");
    require(averageDecay >= 0 && averageDecay < 1, "the average's decay is in [0, 1)");
    require(weightDecay >= 0, "weight decay is not negative");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("training: " + rule);
    }
  }

  /** The learning rate by step, counted from 1. */
  public LearningRate rate() {
    return switch (schedule) {
      case CONSTANT -> LearningRate.constant(learningRate);
      case COSINE -> LearningRate.cosine(learningRate, floor, steps);
      case MULTISTEP -> LearningRate.multiStep(learningRate, 0.5, milestones);
    };
  }

  /** The recipe as text by name, as a checkpoint keeps it. */
  public SequencedMap<String, String> describe() {
    SequencedMap<String, String> text = new LinkedHashMap<>();
    text.put("task", network.task().label());
    text.put("dim", Integer.toString(network.dim()));
    text.put("blocks", network.blocks().toString());
    text.put("refinement_blocks", Integer.toString(network.refinementBlocks()));
    text.put("variant", network.variant().name());
    text.put("patch", Integer.toString(patch));
    text.put("batch", Integer.toString(batch));
    text.put("steps", Long.toString(steps));
    text.put("optimizer", optimizer.name());
    text.put("weight_decay", Double.toString(weightDecay));
    text.put("schedule", schedule.name());
    text.put("learning_rate", Double.toString(learningRate));
    text.put("floor", Double.toString(floor));
    text.put("milestones", milestones.toString());
    text.put("clip", Double.toString(clip));
    text.put("average_decay", Double.toString(averageDecay));
    text.put("seed", Long.toString(seed));
    return text;
  }
}
