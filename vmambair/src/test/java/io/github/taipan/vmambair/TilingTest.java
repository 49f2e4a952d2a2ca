package io.github.taipan.vmambair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TilingTest {
  /** Every length from one tile to ten, and so every kind of overlap, of three tiles too. */
  @ParameterizedTest
  @CsvSource({"64, 1", "64, 4", "72, 1", "128, 4", "200, 1"})
  void weightsAddUpToOneEverywhere(int tile, int scale) {
    for (int size = tile; size <= 10 * tile; size++) {
      Tiling rows = new Tiling(size, tile, tile, tile);
      Tiling columns = new Tiling(tile, size, tile, tile);
      double[] sums = new double[size * scale];
      assertEquals(0, rows.top(0));
      assertEquals(size, rows.top(rows.rows() - 1) + tile);
      assertEquals(rows.rows(), columns.columns());
      for (int row = 0; row < rows.rows(); row++) {
        float[] weights = rows.rowWeights(row, scale);
        assertEquals(tile * scale, weights.length);
        assertEquals(rows.top(row), columns.left(row));
        assertTrue(Arrays.equals(weights, columns.columnWeights(row, scale)));
        for (int i = 0; i < weights.length; i++) {
          assertTrue(weights[i] >= 0);
          sums[rows.top(row) * scale + i] += weights[i];
        }
      }
      for (int i = 0; i < sums.length; i++) {
        assertEquals(1, sums[i], 2e-7, "size " + size + ", place " + i);
      }
    }
  }

  @Test
  void twoTilesBlendLinearly() {
    Tiling tiling = new Tiling(64, 96, 64, 64);
    assertEquals(2, tiling.columns());
    float[] left = tiling.columnWeights(0, 1);
    for (int x = 0; x < 64; x++) {
      assertEquals(x < 32 ? 1 : (64 - x - 0.5) / 32, left[x], 1e-7);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 63, 64, 1000})
  void aPictureThatFitsIsWhole(int size) {
    Tiling tiling = Tiling.within(size, 8, 8L * Tiling.padded(size) * 10, 10, 1);
    assertTrue(tiling.isWhole());
    assertEquals("in one piece", tiling.toString());
  }

  @ParameterizedTest
  @CsvSource({"3000, 2000, 1000000", "100, 5000, 1500000", "4000, 50, 300000", "65, 65, 100000"})
  void tilesStayWithinTheMemory(int height, int width, long memory) {
    Tiling tiling = Tiling.within(height, width, memory, 20, 3);
    long tile = (long) Tiling.padded(tiling.tileHeight()) * Tiling.padded(tiling.tileWidth());
    assertTrue(!tiling.isWhole());
    assertTrue(tile * 20 + 3L * width * tiling.tileHeight() <= memory, tiling.toString());
    assertTrue(tiling.rows() * tiling.columns() > 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1000, 64 * 64 * 20})
  void tooLittleMemoryIsOneSentence(long memory) {
    var failure =
        assertThrows(IllegalArgumentException.class, () -> Tiling.within(100, 200, memory, 20, 3));
    assertEquals(
        "a picture of 200x100 does not fit into the memory, not even in tiles of 64 pixels: allow"
            + " more",
        failure.getMessage());
  }
}
