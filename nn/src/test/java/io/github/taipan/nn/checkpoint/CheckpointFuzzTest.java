package io.github.taipan.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files changed at random: each is read, or refused by a {@link CheckpointException}. */
class CheckpointFuzzTest {
  private static final long SEED = 2025;
  private static final int ROUNDS = 400;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"pth/views_zip.pt", "pth/views_legacy.pt", "pth/hostile_reduce.pth"})
  void changedPyTorchFiles(String name) throws IOException {
    fuzz(name, Files.readAllBytes(Fixtures.path(name)));
  }

  @Test
  void changedSafetensors() throws IOException {
    Path file = folder.resolve("views.safetensors");
    Checkpoint.read(Fixtures.path("pth/views_zip.pt")).write(file);
    fuzz("views.safetensors", Files.readAllBytes(file));
  }

  private void fuzz(String name, byte[] bytes) throws IOException {
    Random random = new Random(SEED);
    Path file = folder.resolve("changed");
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] changed = bytes.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      if (round % 4 == 0) {
        changed = Arrays.copyOf(changed, random.nextInt(changed.length));
      }
      Files.write(file, changed);
      try {
        Checkpoint.read(file);
      } catch (CheckpointException expected) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(name + ", seed " + SEED + ", round " + round, e);
      }
    }
    System.out.printf("%s, seed %d: %d of %d refused%n", name, SEED, refused, ROUNDS);
    assertTrue(refused > ROUNDS / 4, refused + " of " + ROUNDS + " refused");
  }
}
