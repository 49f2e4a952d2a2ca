package io.github.taipan.nn.optim;

import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Update;

/**
 * An exponential moving average of a network's parameters: {@code average ← decay · average + (1 −
 * decay) · parameter} after each step.
 */
public final class MovingAverage {
  private final Parameters source;
  private final Parameters average;
  private final Update.Average update;

  /**
   * Starts from a copy of the parameters.
   *
   * @param average parameters of the same names, which become the average
   */
  public MovingAverage(Parameters source, Parameters average, double decay) {
    this.source = source;
    this.average = average;
    this.update = new Update.Average(decay);
    average
        .named()
        .forEach(
            (name, variable) ->
                average.device().write(variable.value(), source.value(name).toFloats()));
  }

  /** The averaged parameters. */
  public Parameters parameters() {
    return average;
  }

  /** Takes the current parameters into the average; may be recorded. */
  public void update() {
    average
        .named()
        .forEach(
            (name, variable) -> average.device().run(update, variable.value(), source.value(name)));
  }
}
