package io.github.taipan.nn.data;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.CounterRandom.Cursor;

/**
 * Mixes the samples of half of all batches (mixup, Zhang et al. 2018, as in Restormer's training):
 * each sample becomes {@code λ · itself + (1 − λ) · another}, degraded and true picture alike, with
 * one λ from Beta(β, β) for the batch and the others by a random permutation.
 *
 * @param source what is mixed
 * @param beta the distribution's parameter, positive; the published option files have 1.2, unused
 * @param random which batches, how, and which samples
 */
public record Mixup(BatchSource source, double beta, CounterRandom random) implements BatchSource {
  /** Checks the parameter. */
  public Mixup {
    if (!(beta > 0)) {
      throw new IllegalArgumentException("mixup's beta is positive, not " + beta);
    }
  }

  @Override
  public Batch batch(long step) {
    Batch batch = source.batch(step);
    Cursor draws = random.split(step).cursor(0);
    if (draws.uniform() < 0.5) {
      return batch;
    }
    double a = gamma(beta, draws);
    float share = (float) (a / (a + gamma(beta, draws)));
    int[] others = permutation(batch.size(), draws);
    return new Batch(
        mixed(batch.degraded(), others, share),
        mixed(batch.truth(), others, share),
        batch.size(),
        batch.degradedSide(),
        batch.truthSide());
  }

  private static float[] mixed(float[] samples, int[] others, float share) {
    int length = samples.length / others.length;
    float[] mixed = new float[samples.length];
    for (int i = 0; i < others.length; i++) {
      for (int k = 0; k < length; k++) {
        mixed[i * length + k] =
            share * samples[i * length + k] + (1 - share) * samples[others[i] * length + k];
      }
    }
    return mixed;
  }

  private static int[] permutation(int size, Cursor draws) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int at = draws.below(i + 1);
      order[i] = order[at];
      order[at] = i;
    }
    return order;
  }

  /** Gamma with this shape (Marsaglia and Tsang 2000; shapes below 1 by raising a uniform). */
  private static double gamma(double shape, Cursor draws) {
    if (shape < 1) {
      return gamma(shape + 1, draws) * Math.pow(1 - draws.uniform(), 1 / shape);
    }
    double d = shape - 1 / 3.0;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = draws.normal();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - draws.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
