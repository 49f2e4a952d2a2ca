package io.github.taipan.vmambair.degradation;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.tensor.CounterRandom;
import java.util.List;

/** Shrinking by bicubic interpolation, as the usual x4 benchmarks were made; nothing is drawn. */
public record BicubicDegradation() implements Degradation {
  @Override
  public int scale() {
    return 4;
  }

  @Override
  public FloatImage degrade(FloatImage truth, CounterRandom random) {
    return FloatImage.of(Bicubic.shrink(truth.toImage(), scale()));
  }

  @Override
  public List<String> describe(CounterRandom random) {
    return List.of("bicubic");
  }
}
