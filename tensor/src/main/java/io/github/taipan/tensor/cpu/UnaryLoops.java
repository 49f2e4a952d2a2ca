package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Unary;

/** Functions of one value, prepared once per launch. The loops allocate nothing. */
interface UnaryLoops {
  /** The loop of {@code y = f(x)}. */
  Loop forward(Unary function);

  /** The loop of {@code dx = f'(x) · dy}. */
  GradientLoop gradient(Unary function);

  /** Computes {@code count} values, each array from its own position. */
  interface Loop {
    /** {@code y} may be {@code x} at the same position. */
    void apply(float[] x, int xAt, float[] y, int yAt, int count);
  }

  /** Computes {@code count} values, each array from its own position. */
  interface GradientLoop {
    /** {@code dx} may be {@code x} or {@code dy} at the same position. */
    void apply(float[] x, int xAt, float[] dy, int dyAt, float[] dx, int dxAt, int count);
  }
}
