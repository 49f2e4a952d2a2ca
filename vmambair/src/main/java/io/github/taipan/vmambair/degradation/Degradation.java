package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.tensor.CounterRandom;

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
}
