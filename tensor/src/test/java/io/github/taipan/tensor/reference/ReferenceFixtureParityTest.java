package io.github.taipan.tensor.reference;

import io.github.taipan.tensor.testing.FixtureParity;

/** The fixtures are float64 results rounded to float32: that rounding is all that may be seen. */
class ReferenceFixtureParityTest extends FixtureParity {
  ReferenceFixtureParityTest() {
    super(new ReferenceDevice());
  }

  @Override
  protected double limit(String testedCase) {
    return 1e-7;
  }
}
