package io.github.taipan.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.DeviceProvider.Availability.Unavailable;
import io.github.taipan.tensor.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        "no TornadoVM SDK was found; install one with SDKMAN (sdk install tornadovm) or set TORNADOVM_HOME to its folder",
        new GpuProvider(Map.of(), folder));
  }

  @Test
  void aWrongVariableIsNamed() {
    assertReason(
        "TORNADOVM_HOME is %s, where no TornadoVM SDK lies (it has no tornado-argfile.template); set it to the SDK's folder"
            .formatted(folder),
        new GpuProvider(Map.of("TORNADOVM_HOME", folder.toString()), folder));
  }

  @Test
  void anSdkWithoutItsOptionsIsNotEnough() throws IOException {
    Files.createFile(folder.resolve("tornado-argfile.template"));
    assertReason(
        withoutOptions(folder),
        new GpuProvider(Map.of("TORNADOVM_HOME", folder.toString()), folder.resolve("home")));
  }

  @Test
  void looksWhereSdkmanPutsIt() throws IOException {
    Path sdk = Files.createDirectories(folder.resolve(".sdkman/candidates/tornadovm/current"));
    Files.createFile(sdk.resolve("tornado-argfile.template"));
    assertReason(withoutOptions(sdk), new GpuProvider(Map.of("TORNADOVM_HOME", ""), folder));
  }

  @Test
  void reportsVersionAndPlace() throws IOException {
    Files.createFile(folder.resolve("tornado-argfile.template"));
    Files.createDirectories(folder.resolve("share/java/tornado"));
    Files.createFile(folder.resolve("share/java/tornado/tornado-api-5.2.0-jdk25.jar"));
    List<String> report =
        new GpuProvider(Map.of("TORNADOVM_HOME", folder.toString()), folder).report();
    assertTrue(report.contains("TornadoVM SDK: 5.2.0-jdk25, in " + folder), report.toString());
    assertEquals("gpu: unavailable: " + withoutOptions(folder), report.getLast());
  }

  private static String withoutOptions(Path sdk) {
    return "Java runs without the options of the TornadoVM SDK in %s; ./taipan adds them for --device gpu, other programs take them from its tornado-argfile.template"
        .formatted(sdk);
  }

  private static void assertReason(String expected, GpuProvider provider) {
    assertEquals(new Unavailable(expected), provider.availability());
    Exception e = assertThrows(IllegalStateException.class, () -> provider.open(1));
    assertEquals(expected, e.getMessage());
  }
}
