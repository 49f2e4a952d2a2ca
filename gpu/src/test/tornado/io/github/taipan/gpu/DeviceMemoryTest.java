package io.github.taipan.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.OutOfDeviceMemoryException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
  private static final long SEED = 5;

  @Test
  void blocksNeverOverlapAndAllComeBack() {
    DeviceMemory memory = new DeviceMemory(28, 100_000);
    long free = memory.free();
    CounterRandom.Cursor random = CounterRandom.seeded(SEED).cursor(0);
    System.out.println("seed " + SEED);
    List<Block> held = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      if (held.isEmpty() || random.below(5) < 3) {
        try {
          Block block = memory.allocate(random.below(3_000));
          assertTrue(block.offset() % 32 == 28 && block.offset() + block.length() <= 100_000);
          for (Block other : held) {
            assertTrue(
                block.offset() + Math.max(1, block.length()) <= other.offset()
                    || other.offset() + Math.max(1, other.length()) <= block.offset(),
                () -> block + " overlaps " + other);
          }
          held.add(block);
        } catch (OutOfDeviceMemoryException full) {
          memory.release(held.remove(random.below(held.size())));
        }
      } else {
        memory.release(held.remove(random.below(held.size())));
      }
    }
    held.forEach(memory::release);
    assertEquals(free, memory.free());
    memory.allocate(99_000); // in one piece again
  }

  @Test
  void aLengthBeyondAllIsRefused() {
    DeviceMemory memory = new DeviceMemory(28, 1_000);
    assertThrows(OutOfDeviceMemoryException.class, () -> memory.allocate(1_001));
    assertThrows(OutOfDeviceMemoryException.class, () -> memory.allocate(Integer.MAX_VALUE - 8));
  }
}
