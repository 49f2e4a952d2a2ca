package io.github.taipan.nn.optim;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Update;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) over the parameters of a
 * network; the arithmetic of a step is {@link Update.Adam}. A parameter without a gradient is left
 * alone.
 */
public final class Adam {
  private record Moments(Tensor first, Tensor second) {}

  private final Parameters parameters;
  private final Update.Adam update;
  private final Tensor numbers;
  private final SequencedMap<String, Moments> moments = new LinkedHashMap<>();
  private long steps;

  /** An optimiser whose moments are zero; ε is 1e-8. */
  public Adam(
      Parameters parameters, double beta1, double beta2, double weightDecay, boolean decoupled) {
    this.parameters = parameters;
    this.update = new Update.Adam(beta1, beta2, 1e-8, weightDecay, decoupled);
    Device device = parameters.device();
    this.numbers = device.zeros(Shape.of(Update.Adam.STEP_NUMBERS));
    parameters
        .named()
        .forEach(
            (name, variable) ->
                moments.put(
                    name,
                    new Moments(device.zeros(variable.shape()), device.zeros(variable.shape()))));
  }

  /** How many steps were made. */
  public long steps() {
    return steps;
  }

  /** One step along the gradients, each multiplied by {@code gradientScale} first. */
  public void step(double learningRate, double gradientScale) {
    begin(learningRate, gradientScale);
    SequencedMap<String, Variable> named = parameters.named();
    update(name -> Objects.requireNonNull(named.get(name)).gradient());
  }

  /** Counts a step and sets its numbers, which {@link #update} then uses. */
  public void begin(double learningRate, double gradientScale) {
    steps++;
    parameters
        .device()
        .write(
            numbers,
            new double[] {
              learningRate,
              1 - Math.pow(update.beta1(), (double) steps),
              1 - Math.pow(update.beta2(), (double) steps),
              gradientScale
            });
  }

  /**
   * Launches the updates of a step that has begun; may be recorded, and run once for each step.
   *
   * @param gradients by the parameter's name; null leaves a parameter alone
   */
  public void update(Function<String, @Nullable Tensor> gradients) {
    parameters
        .named()
        .forEach(
            (name, variable) -> {
              Tensor gradient = gradients.apply(name);
              Moments moment = moments.get(name);
              if (gradient != null && moment != null) {
                parameters
                    .device()
                    .run(update, variable.value(), gradient, moment.first, moment.second, numbers);
              }
            });
  }

  /** The moments under the names {@code first.NAME} and {@code second.NAME}, for saving. */
  public SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    moments.forEach(
        (name, moment) -> {
          state.put("first." + name, moment.first);
          state.put("second." + name, moment.second);
        });
    return state;
  }

  /** Continues after so many steps; the tensors of {@link #state} are overwritten by the caller. */
  public void resumeAfter(long doneSteps) {
    steps = doneSteps;
  }
}
