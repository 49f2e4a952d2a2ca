package io.github.taipan.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErrorFunctionTest {
  /** erfc to 17 digits, computed with 50 digits. */
  private static final double[][] VALUES = {
    {-6, 2.00000000000000000e+00},
    {-2.75, 1.99989937807788043e+00},
    {-1, 1.84270079294971478e+00},
    {-0.25, 1.27632639016823690e+00},
    {0, 1.00000000000000000e+00},
    {0.0009765625, 9.98898067569928161e-01},
    {0.125, 8.59683795198666223e-01},
    {0.5, 4.79500122186953481e-01},
    {1, 1.57299207050285134e-01},
    {1.5, 3.38948535246892738e-02},
    {2, 4.67773498104726623e-03},
    {2.4375, 5.66543254580164865e-04},
    {2.5, 4.06952017444958919e-04},
    {2.75, 1.00621922119636831e-04},
    {3, 2.20904969985854412e-05},
    {4, 1.54172579002800200e-08},
    {5, 1.53745979442803494e-12},
    {6.5, 3.84214832712064749e-20},
  };

  @Test
  void complementHasDoublePrecision() {
    for (double[] pair : VALUES) {
      double expected = pair[1];
      double actual = ErrorFunction.complement(pair[0]);
      assertEquals(expected, actual, 1e-15, "erfc(" + pair[0] + ")");
      double allowed = pair[0] < 2.5 ? 1e-12 : 1e-14; // 1 - erf cancels below the switch
      assertEquals(1, actual / expected, allowed, "erfc(" + pair[0] + ")");
    }
  }

  @Test
  void complementIsContinuousWhereTheFormulaChanges() {
    assertEquals(
        1, ErrorFunction.complement(Math.nextDown(2.5)) / ErrorFunction.complement(2.5), 1e-11);
  }
}
