package io.github.taipan.tensor.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FixturesTest {
  private static final String NAME = "encoder_level1.0.attn.Ds";

  @Test
  void hashFillGivesItsCheckValues() {
    assertEquals(0xAF63DC4C8601EC8CL, HashFill.hash("a"));
    assertEquals(0x616D90ADB773BED7L, HashFill.hash(NAME));
    assertEquals(0.9859999491093852, HashFill.uniform(NAME, 0));
    assertEquals(0.5932429701824367, HashFill.uniform(NAME, 1));
    assertEquals(0.08696894060680926, HashFill.uniform(NAME, 2));
    assertArrayEquals(
        new float[] {1.4859999418258667f, 1.0932430028915405f, 0.5869689583778381f},
        HashFill.values(NAME, 3, 1, 0.5));
  }

  @Test
  void hashFillGivesTheStoredTinyWeights() {
    FixtureFile weights = FixtureFile.load("tiny8_realsr_weights.safetensors");
    float[] stored = weights.values(NAME);
    assertArrayEquals(stored, HashFill.values(NAME, stored.length, 1, 0.5));
    assertArrayEquals(new int[] {8, 3, 3, 3}, weights.shape("patch_embed.proj.weight"));
  }

  @Test
  void anUnknownTensorIsNamed() {
    FixtureFile file = FixtureFile.load("op_metrics.safetensors");
    assertThrows(IllegalArgumentException.class, () -> file.values("none"));
    assertThrows(IllegalArgumentException.class, () -> Fixtures.path("none.safetensors"));
  }
}
