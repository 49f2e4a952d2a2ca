package io.github.taipan.bench.report;

import io.github.taipan.nn.data.ImageFolder;
import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.degradation.Rain;
import io.github.taipan.vmambair.degradation.RainStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Prints the statistics of given rain and of synthetic rain on the same pictures. */
public final class RainTable {
  private static final int VERSIONS = 5;
  private static final long SEED = 1;

  private RainTable() {}

  /** Arguments: the folder of clean pictures and that of rainy ones. */
  public static void main(String[] folders) throws IOException {
    List<RainStatistics> given = new ArrayList<>();
    List<RainStatistics> synthetic = new ArrayList<>();
    for (var pair : ImageFolder.pairs(Path.of(folders[1]), Path.of(folders[0]))) {
      Image clean = ImageFiles.read(pair.truth()).colour().toRgb();
      given.add(RainStatistics.of(clean, ImageFiles.read(pair.degraded()).colour().toRgb()));
      CounterRandom random = CounterRandom.seeded(SEED).split(pair.name());
      for (int version = 0; version < VERSIONS; version++) {
        FloatImage rainy = new Rain().degrade(FloatImage.of(clean), random.split(version));
        synthetic.add(RainStatistics.of(clean, rainy.toImage()));
      }
    }
    Map<String, ToDoubleFunction<RainStatistics>> numbers = new LinkedHashMap<>();
    numbers.put("strength", RainStatistics::strength);
    numbers.put("deviation", RainStatistics::deviation);
    numbers.put("dry pixels", RainStatistics::dry);
    numbers.put("correlation, 1 pixel beside", RainStatistics::across);
    numbers.put("2 pixels beside", RainStatistics::acrossTwo);
    numbers.put("8 pixels below", RainStatistics::along);
    numbers.put("angle", RainStatistics::angle);
    numbers.put("coherence", RainStatistics::coherence);
    System.out.printf(
        "%d pairs, %d synthetic (seed %d); mean and range%n%n",
        given.size(), synthetic.size(), SEED);
    System.out.println("| | given | synthetic |\n|---|---|---|");
    numbers.forEach(
        (name, number) ->
            System.out.printf(
                "| %s | %s | %s |%n", name, text(given, number), text(synthetic, number)));
  }

  private static String text(List<RainStatistics> all, ToDoubleFunction<RainStatistics> number) {
    double[] values = all.stream().mapToDouble(number).sorted().toArray();
    return "%.3f (%.3f to %.3f)"
        .formatted(RainStatistics.mean(all, number), values[0], values[values.length - 1]);
  }
}
