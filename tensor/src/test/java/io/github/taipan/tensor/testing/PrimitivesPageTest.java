package io.github.taipan.tensor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrimitivesPageTest {
  private static final Path PAGE = Path.of("..", "docs", "primitives.md");
  private static final String WRITE = "taipan.docs.write";

  @Test
  void thePageIsWhatTheCodeSays() throws IOException {
    try (Device reference = new ReferenceDevice();
        Device cpu = new CpuDevice()) {
      List<Device> devices = List.of(reference, cpu);
      String page = new SupportTable(Path.of("src", "main", "java"), devices).page();
      if (Boolean.getBoolean(WRITE)) {
        Files.writeString(PAGE, page);
      }
      assertEquals(
          page,
          Files.readString(PAGE),
          "write docs/primitives.md anew: ./mvnw -pl tensor -Dtest=PrimitivesPageTest -D%s=true test"
              .formatted(WRITE));
    }
  }
}
