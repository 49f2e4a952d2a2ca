package io.github.taipan.tensor.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Where a value of a fused launch lies: a whole map in an array of its own, or the pixels that a
 * task works on in the task's scratch.
 *
 * @param whole the map's array, or null
 * @param start in the scratch
 */
record Place(float @Nullable [] whole, int start, int channels) {
  float[] array(float[] scratch) {
    return whole == null ? scratch : whole;
  }

  /** The position of a pixel for a task that begins at {@code first}. */
  int at(int pixel, int first) {
    return whole == null ? start + (pixel - first) * channels : pixel * channels;
  }
}
