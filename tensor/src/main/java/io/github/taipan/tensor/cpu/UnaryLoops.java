package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Unary;

/** The loops of functions of one value, over a range of the arrays. */
interface UnaryLoops {
  /** {@code y = f(x)}. */
  void apply(Unary function, float[] x, float[] y, int from, int to);

  /** {@code dx = f'(x) · dy}. */
  void gradient(Unary function, float[] x, float[] dy, float[] dx, int from, int to);
}
