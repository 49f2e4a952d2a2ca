package io.github.taipan.tensor.cpu;

import static io.github.taipan.tensor.cpu.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions of float vectors, within a few units in the last place. The polynomials are
 * minimax fits made for this class. Not-a-number stays so; limits are set by blends, as the vector
 * minimum and maximum cost several instructions more to treat it right.
 */
final class VectorMath {
  /** Adding 1.5 · 2^23 rounds to an integer, which then stands in the low bits of the float. */
  private static final float ROUND = 0x1.8p23f;

  private static final float LOG2_E = 1.4426950408889634f;
  private static final float LN2 = 0.6931471805599453f;
  private static final float LN2_REST = (float) (0.6931471805599453 - LN2);
  private static final int SQRT_HALF_BITS = 0x3f3504f3;

  private VectorMath() {}

  /** e^x: 0 below -87 (no subnormal numbers), infinity above 88.7. */
  static FloatVector exp(FloatVector x) {
    // e^x = 2^n · e^r with |r| ≤ ln(2) / 2, as 2^(n−1) · 2e^r because 2^128 is no float.
    FloatVector limited = limit(x, -87.3f, 89f);
    FloatVector rounded = limited.fma(vector(LOG2_E), vector(ROUND));
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = n.fma(vector(-LN2_REST), n.fma(vector(-LN2), limited));
    FloatVector p = vector(0.002762893f).fma(r, vector(0.016737562f));
    p = p.fma(r, vector(0.083336785f)).fma(r, vector(0.3333304f)).fma(r, vector(0.9999999f));
    p = p.fma(r, vector(2)).fma(r, vector(2));
    return p.mul(powerOfTwo(rounded.reinterpretAsInts().add(126)));
  }

  /** The natural logarithm of normal positive numbers. */
  static FloatVector log(FloatVector x) {
    // x = 2^n · f with f between √½ and √2.
    IntVector bits = x.reinterpretAsInts();
    IntVector n = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    FloatVector f = bits.sub(n.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    FloatVector exponent = n.add(Float.floatToRawIntBits(ROUND)).reinterpretAsFloats().sub(ROUND);
    FloatVector log = exponent.fma(vector(LN2_REST), log1pSmall(f.sub(1)));
    return exponent.fma(vector(LN2), log);
  }

  /** log(1 + x) for x from -0.3 to 1, precise near 0 too. */
  static FloatVector log1pSmall(FloatVector x) {
    // log(1 + x) = 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + ...) with s = x / (2 + x).
    FloatVector s = x.div(x.add(2));
    FloatVector z = s.mul(s);
    FloatVector p = vector(0.121504694f).fma(z, vector(0.10713828f));
    p = p.fma(z, vector(0.14308442f)).fma(z, vector(0.19999439f)).fma(z, vector(0.33333337f));
    FloatVector twice = s.add(s);
    return twice.fma(z.mul(p), twice);
  }

  /** How likely a standard normal variable is below x, (1 + erf(x / √2)) / 2, given e^(-x²/2). */
  static FloatVector normalProbability(FloatVector x, FloatVector bell) {
    // The tail below -|x| is a polynomial in u times u and the bell: relative precision.
    FloatVector u = vector(1).div(x.abs().fma(vector(0.34f), vector(1)));
    FloatVector p = vector(-0.026121652f).fma(u, vector(0.13950466f));
    p = p.fma(u, vector(-0.2731422f)).fma(u, vector(0.20219232f)).fma(u, vector(-0.04472426f));
    p = p.fma(u, vector(0.11536129f)).fma(u, vector(0.1151972f)).fma(u, vector(0.13611226f));
    FloatVector tail = bell.mul(u).mul(p.fma(u, vector(0.1356205f)));
    return vector(1).sub(tail).blend(tail, x.compare(VectorOperators.LT, 0));
  }

  /** tanh(x) for |x| below 0.625. */
  static FloatVector tanhSmall(FloatVector x) {
    FloatVector z = x.mul(x);
    FloatVector p = vector(-0.005717037f).fma(z, vector(0.020650579f));
    p = p.fma(z, vector(-0.053743497f)).fma(z, vector(0.13331491f)).fma(z, vector(-0.33333284f));
    return x.fma(z.mul(p), x);
  }

  /** x limited to the range; not-a-number stays. */
  static FloatVector limit(FloatVector x, float minimum, float maximum) {
    return limitBelow(x, minimum).blend(maximum, x.compare(VectorOperators.GT, maximum));
  }

  static FloatVector limitBelow(FloatVector x, float minimum) {
    return x.blend(minimum, x.compare(VectorOperators.LT, minimum));
  }

  /** 2^(n − 127) from the low bits of n, which are the biased exponent. */
  private static FloatVector powerOfTwo(IntVector biased) {
    return biased.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  static FloatVector vector(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }
}
