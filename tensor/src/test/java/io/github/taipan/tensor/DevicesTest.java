package io.github.taipan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class DevicesTest {
  @Test
  void theTensorModuleBringsTwoDevices() {
    assertEquals(
        List.of("cpu", "reference"),
        Devices.providers().stream().map(DeviceProvider::name).toList());
  }

  @Test
  void opensByName() {
    for (String name : List.of("cpu", "reference")) {
      try (Device device = Devices.open(name, 2)) {
        assertEquals(name, device.name());
      }
    }
  }

  @Test
  void autoIsTheCpu() {
    try (Device device = Devices.open(Devices.AUTO, 2)) {
      assertEquals("cpu", device.name());
    }
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Devices.open("tpu", 1));
    assertEquals("no device is named \"tpu\": there are auto, cpu, reference", e.getMessage());
  }
}
