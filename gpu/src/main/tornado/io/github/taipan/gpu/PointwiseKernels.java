package io.github.taipan.gpu;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Device code of the primitives that work element by element: one thread per element. */
final class PointwiseKernels {
  static final int EXP = 0;
  static final int LOG = 1;
  static final int SQRT = 2;
  static final int SIGMOID = 3;
  static final int SILU = 4;
  static final int GELU = 5;
  static final int SOFTPLUS = 6;
  static final int TANH = 7;
  static final int ABS = 8;
  static final int AFFINE = 9;
  static final int LEAKY_RELU = 10;
  static final int CLAMP = 11;
  static final int IDENTITY = 12;

  static final int ADD = 0;
  static final int SUBTRACT = 1;
  static final int MULTIPLY = 2;
  static final int DIVIDE = 3;

  private PointwiseKernels() {}

  /** y ← value. Launch: y, count, value. */
  static void fillElements(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(1)) {
      memory.set(launch.get(0) + i, memory.get(launch.get(2)));
    }
  }

  /** y ← f(x). Launch: function, x, y, count, the function's two parameters. */
  static void mapElements(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(3)) {
      float x = memory.get(launch.get(1) + i);
      float p = memory.get(launch.get(4));
      float q = memory.get(launch.get(5));
      memory.set(launch.get(2) + i, apply(launch.get(0), x, p, q));
    }
  }

  /** dx ← f'(x) · dy. Launch: function, x, dy, dx, count, the function's two parameters. */
  static void mapGradients(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(4)) {
      float x = memory.get(launch.get(1) + i);
      float dy = memory.get(launch.get(2) + i);
      float p = memory.get(launch.get(5));
      float q = memory.get(launch.get(6));
      memory.set(launch.get(3) + i, gradient(launch.get(0), x, dy, p, q));
    }
  }

  /**
   * y ← f(a) ∘ b with broadcasting. Launch: operation, a, b, y, count, f and its two parameters,
   * the {@link Axes} of y with the strides of a and b.
   */
  static void combineElements(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(4)) {
      int rank = launch.get(8);
      int a = launch.get(1);
      int b = launch.get(2);
      int rest = i;
      for (int axis = rank - 1; axis >= 0; axis--) {
        int size = launch.get(9 + axis);
        int at = rest % size;
        rest /= size;
        a += at * launch.get(9 + rank + axis);
        b += at * launch.get(9 + 2 * rank + axis);
      }
      float p = memory.get(launch.get(6));
      float q = memory.get(launch.get(7));
      float x = apply(launch.get(5), memory.get(a), p, q);
      memory.set(launch.get(3) + i, combine(launch.get(0), x, memory.get(b)));
    }
  }

  /**
   * A step of Adam or AdamW ({@link io.github.taipan.tensor.Update.Adam}). Launch: p, g, m, v, step
   * numbers, count, β1, 1 − β1, β2, 1 − β2, ε, coupled and decoupled weight decay.
   */
  static void stepAdam(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(5)) {
      int step = launch.get(4);
      float learningRate = memory.get(step);
      float p = memory.get(launch.get(0) + i);
      float g =
          memory.get(step + 3) * memory.get(launch.get(1) + i) + memory.get(launch.get(11)) * p;
      float m = memory.get(launch.get(6)) * memory.get(launch.get(2) + i);
      float v = memory.get(launch.get(8)) * memory.get(launch.get(3) + i);
      m += memory.get(launch.get(7)) * g;
      v += memory.get(launch.get(9)) * g * g;
      float root = TornadoMath.sqrt(v / memory.get(step + 2)) + memory.get(launch.get(10));
      p -= learningRate * memory.get(launch.get(12)) * p;
      p -= learningRate * (m / memory.get(step + 1)) / root;
      memory.set(launch.get(0) + i, p);
      memory.set(launch.get(2) + i, m);
      memory.set(launch.get(3) + i, v);
    }
  }

  /** e ← decay · e + (1 − decay) · p. Launch: e, p, count, decay, 1 − decay. */
  static void moveAverages(KernelContext context, FloatArray memory, IntArray launch) {
    int i = context.globalIdx;
    if (i < launch.get(2)) {
      float kept = memory.get(launch.get(3)) * memory.get(launch.get(0) + i);
      memory.set(
          launch.get(0) + i, kept + memory.get(launch.get(4)) * memory.get(launch.get(1) + i));
    }
  }

  static float combine(int operation, float a, float b) {
    float y = a + b;
    if (operation == SUBTRACT) {
      y = a - b;
    } else if (operation == MULTIPLY) {
      y = a * b;
    } else if (operation == DIVIDE) {
      y = a / b;
    }
    return y;
  }

  /** The functions of {@link io.github.taipan.tensor.Unary}. */
  static float apply(int function, float x, float p, float q) {
    float y = x;
    switch (function) {
      case EXP -> y = TornadoMath.exp(x);
      case LOG -> y = TornadoMath.log(x);
      case SQRT -> y = TornadoMath.sqrt(x);
      case SIGMOID -> y = sigmoid(x);
      case SILU -> y = x * sigmoid(x);
      case GELU -> y = x * normalProbability(x);
      case SOFTPLUS -> y = softplus(x);
      case TANH -> y = TornadoMath.tanh(x);
      case ABS -> y = TornadoMath.abs(x);
      case AFFINE -> y = p * x + q;
      case LEAKY_RELU -> y = x > 0 ? x : p * x;
      case CLAMP -> y = TornadoMath.min(TornadoMath.max(x, p), q);
      default -> {}
    }
    return y;
  }

  static float gradient(int function, float x, float dy, float p, float q) {
    float dx = dy;
    switch (function) {
      case EXP -> dx = TornadoMath.exp(x) * dy;
      case LOG -> dx = dy / x;
      case SQRT -> dx = 0.5f * dy / TornadoMath.sqrt(x);
      case SIGMOID -> dx = sigmoid(x) * sigmoid(-x) * dy;
      case SILU -> dx = sigmoid(x) * (1 + x * sigmoid(-x)) * dy;
      case GELU ->
          // The density is exp(-x²/2) / √(2π).
          dx = (normalProbability(x) + x * 0.3989422804f * TornadoMath.exp(-0.5f * x * x)) * dy;
      case SOFTPLUS -> dx = sigmoid(x) * dy;
      case TANH -> dx = 4 * sigmoid(2 * x) * sigmoid(-2 * x) * dy;
      case ABS -> dx = x > 0 ? dy : x < 0 ? -dy : 0;
      case AFFINE -> dx = p * dy;
      case LEAKY_RELU -> dx = x > 0 ? dy : p * dy;
      case CLAMP -> dx = x >= p && x <= q ? dy : 0;
      default -> {}
    }
    return dx;
  }

  static float sigmoid(float x) {
    return 1 / (1 + TornadoMath.exp(-x));
  }

  /**
   * log(1 + exp(x)), and x itself above 20. The sum's rounding is undone by the factor e / (w − 1),
   * as in Kahan's log1p.
   */
  static float softplus(float x) {
    float e = TornadoMath.exp(x);
    float w = 1 + e;
    float y = w == 1 ? e : TornadoMath.log(w) * (e / (w - 1));
    return x > 20 ? x : y;
  }

  /** The probability that a standard normal variable is below x, by the fit of the CPU's loops. */
  static float normalProbability(float x) {
    float u = 1 / (1 + 0.34f * TornadoMath.abs(x));
    float p = ((-0.026121652f * u + 0.13950466f) * u - 0.2731422f) * u + 0.20219232f;
    p = ((((p * u - 0.04472426f) * u + 0.11536129f) * u + 0.1151972f) * u + 0.13611226f) * u;
    float tail = TornadoMath.exp(-0.5f * x * x) * u * (p + 0.1356205f);
    return x < 0 ? tail : 1 - tail;
  }
}
