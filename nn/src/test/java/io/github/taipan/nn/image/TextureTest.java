package io.github.taipan.nn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TextureTest {
  /** Columns rise by 3 and rows by 1, in all channels: the mean of both is 2. */
  @Test
  void theMeanDifferenceOfNeighboursIsTaken() {
    byte[] samples = new byte[20 * 30 * 3];
    byte[] grey = new byte[20 * 30];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) (3 * (i % 30) + i / 30);
      samples[3 * i] = samples[3 * i + 1] = samples[3 * i + 2] = grey[i];
    }
    for (int stride : new int[] {1, 4}) {
      assertEquals(2, Texture.of(Image.wrap(20, 30, 3, samples), stride));
      assertEquals(2, Texture.of(Image.wrap(20, 30, 1, grey), stride));
    }
    assertEquals(0, Texture.of(Image.wrap(1, 1, 1, new byte[1]), 1));
  }
}
