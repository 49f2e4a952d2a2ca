package io.github.taipan.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.DeviceProvider.Availability.Unavailable;
import io.github.taipan.tensor.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuProviderTest {
  @TempDir Path folder;

  @Test
  void isFoundAsAService() {
    assertTrue(Devices.providers().stream().anyMatch(GpuProvider.class::isInstance));
  }

  @Test
  void openingItByNameSaysWhyThereIsNone() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Devices.open("gpu", 1));
    assertTrue(e.getMessage().startsWith("device gpu is unavailable: "), e.getMessage());
    assertTrue(e.getMessage().contains("TornadoVM"), e.getMessage());
  }

  @Test
  void withoutAnSdkItSaysHowToGetOne() {
    assertReason(
        "no TornadoVM SDK was found; install one with SDKMAN or set TORNADOVM_HOME to its folder",
        new GpuProvider(Map.of(), folder));
  }

  @Test
  void aWrongVariableIsNamed() {
    assertReason(
        "TORNADOVM_HOME is %s, where no TornadoVM SDK lies (it has no tornado-argfile); set it to the SDK's folder"
            .formatted(folder),
        new GpuProvider(Map.of("TORNADOVM_HOME", folder.toString()), folder));
  }

  @Test
  void anSdkAloneIsNotEnoughYet() throws IOException {
    Files.createFile(folder.resolve("tornado-argfile"));
    assertReason(
        "the TornadoVM SDK in %s was found, but this version of Taipan has no GPU kernels yet; use the cpu device"
            .formatted(folder),
        new GpuProvider(Map.of("TORNADOVM_HOME", folder.toString()), folder.resolve("home")));
  }

  @Test
  void looksWhereSdkmanPutsIt() throws IOException {
    Path sdk = Files.createDirectories(folder.resolve(".sdkman/candidates/tornadovm/current"));
    Files.createFile(sdk.resolve("tornado-argfile"));
    assertReason(
        "the TornadoVM SDK in %s was found, but this version of Taipan has no GPU kernels yet; use the cpu device"
            .formatted(sdk),
        new GpuProvider(Map.of("TORNADOVM_HOME", ""), folder));
  }

  private static void assertReason(String expected, GpuProvider provider) {
    assertEquals(new Unavailable(expected), provider.availability());
    Exception e = assertThrows(IllegalStateException.class, () -> provider.open(1));
    assertEquals(expected, e.getMessage());
  }
}
