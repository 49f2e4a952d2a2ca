package io.github.taipan.tests.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.testing.Fixtures;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.model.VmambaIR;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, order and shapes of the released state dicts, and the counts that follow. */
class ParameterTableTest {
  @ParameterizedTest
  @CsvSource({"derain, derain", "sr4, sisr", "realsr4, realsr"})
  void namesOrderAndShapesAreTheReleasedOnes(String preset, String table) throws IOException {
    List<String> lines = Files.readAllLines(Fixtures.path("params/params_" + table + ".tsv"));
    List<String> expected =
        lines.subList(1, lines.size()).stream()
            .map(line -> line.split("\t")[0] + " " + line.split("\t")[1])
            .toList();
    List<String> actual =
        parameters(Configuration.named().get(preset)).shapes().entrySet().stream()
            .map(
                entry ->
                    entry.getKey()
                        + " "
                        + Arrays.stream(entry.getValue().toArray())
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining("x")))
            .toList();
    assertEquals(expected, actual);
    System.out.printf("%s: %d parameters equal in name, order and shape%n", preset, actual.size());
  }

  @ParameterizedTest
  @CsvSource({
    "derain, FULL, 28709875",
    "sr4, FULL, 12028273",
    "realsr4, FULL, 10497813",
    "derain-paper, FULL, 25871770",
    "sr4-paper, FULL, 11724496",
    "realsr4, ONE_DIRECTION, 9870945",
    "realsr4, NO_CHANNEL_SCAN, 10488417",
    "realsr4, NO_EFFN, 6713607",
    "realsr4, LINEAR_LAYERS, 10488885"
  })
  void countsAreTheDocumentedOnes(String preset, Variant variant, long count) {
    assertEquals(count, parameters(Configuration.named().get(preset).with(variant)).count());
  }

  @ParameterizedTest
  @CsvSource({"sr4-light", "realsr4-light", "derain-light"})
  void lightNetworksHaveHalfToOneAndAHalfMillion(String preset) {
    long count = parameters(Configuration.named().get(preset)).count();
    System.out.printf("%s: %,d parameters%n", preset, count);
    assertTrue(500_000 <= count && count <= 1_500_000);
  }

  private static Parameters parameters(Configuration configuration) {
    try (Device device = new CpuDevice(1)) {
      Parameters parameters = Parameters.zeros(device);
      VmambaIR network = new VmambaIR(configuration, parameters);
      assertEquals(configuration, network.configuration());
      return parameters;
    }
  }
}
