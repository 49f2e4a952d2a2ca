package io.github.taipan.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Protocol;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.Restorer;
import io.github.taipan.vmambair.degradation.BicubicDegradation;
import io.github.taipan.vmambair.degradation.Degradation;
import io.github.taipan.vmambair.degradation.Rain;
import io.github.taipan.vmambair.degradation.RealWorldDegradation;
import io.github.taipan.vmambair.evaluation.Measure;
import io.github.taipan.vmambair.evaluation.Method;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The weights that ship do what they are for, on photographs that none of them was trained on. */
class ShippedModelsTest {
  private static final Path TRUTHS = Path.of("../examples/real-world/truths");

  private static final List<String> PHOTOGRAPHS =
      List.of("Rob_Bye", "kitten-on-lawn", "roman-colosseum", "tea-gardens");

  /**
   * @param draws how often each photograph is spoilt, where chance has a part in it
   */
  private record Purpose(Degradation degradation, int draws, double gain) {}

  /** Gains in decibels, well below what was measured, and above what another model would reach. */
  private static final Map<String, Purpose> PURPOSES =
      Map.of(
          "sr4-light", new Purpose(new BicubicDegradation(), 1, 0.5),
          "derain-light", new Purpose(new Rain(), 8, 8),
          "realsr4-light", new Purpose(new RealWorldDegradation(), 8, 0.3),
          "realsr4-light-gan", new Purpose(new RealWorldDegradation(), 8, 0.1));

  @TestFactory
  Stream<DynamicTest> restores() {
    assertEquals(Set.copyOf(Model.SHIPPED), PURPOSES.keySet());
    return PURPOSES.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> restores(entry.getKey(), entry.getValue())));
  }

  private static void restores(String name, Purpose purpose) throws IOException {
    Restorer restorer = Restorer.load(name);
    Degradation degradation = purpose.degradation();
    int scale = degradation.scale();
    assertEquals(scale, restorer.scale());
    Method baseline = Method.baseline(scale);
    Measure psnr = new Measure.Psnr(Protocol.y(scale == 1 ? 0 : scale));
    double gain = 0;
    int count = 0;
    for (String photograph : PHOTOGRAPHS) {
      Image truth = ImageFiles.read(TRUTHS.resolve(photograph + ".png")).colour();
      CounterRandom random = CounterRandom.seeded(4).split(photograph);
      for (int draw = 0; draw < purpose.draws(); draw++, count++) {
        Image input = degradation.degrade(FloatImage.of(truth), random.split(draw)).toImage();
        Image bare = baseline.restoration().apply(input);
        gain += psnr.of(restorer.restore(input), truth) - psnr.of(bare, truth);
      }
    }
    System.out.printf("%s: %+.3f dB on %d pictures%n", name, gain / count, count);
    assertTrue(gain / count > purpose.gain(), name + " gains " + gain / count);
  }
}
