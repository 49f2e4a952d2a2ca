package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.tensor.CounterRandom;
import java.util.List;
import java.util.stream.IntStream;

/** Spoils true pictures at random, so that a network can learn to restore them. */
public interface Degradation {
  /** How many times smaller the spoilt picture is, along each side. */
  int scale();

  /**
   * The spoilt version of a picture, a pure function of the picture and the random stream.
   *
   * @param truth sides that are multiples of the scale; it is not changed
   */
  FloatImage degrade(FloatImage truth, CounterRandom random);

  /**
   * The spoilt version of one picture of a batch. Some degradations draw a part of their choices
   * once for a whole batch; unless that is said, there are none.
   *
   * @param batch what those choices are drawn from
   * @param own what this picture's own choices are drawn from
   */
  default FloatImage degrade(FloatImage truth, CounterRandom batch, CounterRandom own) {
    return degrade(truth, own);
  }

  /** The spoilt versions of a batch, made on several threads; picture i draws from split(i). */
  default List<FloatImage> degrade(List<FloatImage> truths, CounterRandom random) {
    return IntStream.range(0, truths.size())
        .parallel()
        .mapToObj(i -> degrade(truths.get(i), random, random.split(i)))
        .toList();
  }

  /** What {@link #degrade(FloatImage, CounterRandom)} would draw, in a few short lines. */
  default List<String> describe(CounterRandom random) {
    return List.of();
  }
}
