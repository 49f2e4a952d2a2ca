package io.github.taipan.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Devices;
import io.github.taipan.tensor.Launch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RooflineTest {
  /** 2 GFLOP/s; 1 GB/s within 1 kB and half of that within 100 kB. */
  private final Roofline roofline =
      new Roofline(0.5e-9, new TreeMap<>(Map.of(1_000L, 1e-9, 100_000L, 2e-9)));

  @Test
  void aLaunchTakesTheLargerOfArithmeticAndBytes() {
    assertEquals(5e-6, roofline.seconds(10_000, 1_000), 1e-12);
    assertEquals(1e-6, roofline.seconds(100, 1_000), 1e-12);
  }

  @Test
  void copiesAreInterpolatedByLogarithm() {
    assertEquals(1.5e-9, roofline.copySeconds(10_000), 1e-15);
    assertEquals(1e-9, roofline.copySeconds(10));
    assertEquals(2e-9, roofline.copySeconds(1_000_000));
  }

  @Test
  void aNetworkTakesTheSumOfItsLaunches() {
    try (Device device = Devices.open("reference", 1)) {
      List<Launch> launches = Network.forward("sr4-light", 16, device).recorded().launches();
      double sum = launches.stream().mapToDouble(launch -> roofline.seconds(List.of(launch))).sum();
      assertEquals(sum, roofline.seconds(launches), 1e-12);
      int training = Network.training("sr4-light", 16, device).recorded().launches().size();
      assertTrue(training > 2 * launches.size());
    }
  }

  @Test
  void everyCaseHasShapesThatFit() {
    for (Case kernel : Case.all()) {
      assertTrue(kernel.bytes() > 0 && kernel.operations() >= kernel.flops(), kernel.name());
    }
  }
}
