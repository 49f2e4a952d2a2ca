package io.github.taipan.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.tensor.testing.ConformanceSuite;
import io.github.taipan.tensor.testing.FixtureFile;
import org.junit.jupiter.api.Test;

/** The paths against PyTorch's cross scan (x [B, C, H, W] to [B, 4, C, L]) and its merge back. */
class ScanPathTest {
  private static final FixtureFile FIXTURES = FixtureFile.load("op_misc.safetensors");

  @Test
  void thePathsReadPixelsInTheOrderOfTheCrossScan() {
    float[] x = FIXTURES.values("cross_scan.x");
    int[] shape = FIXTURES.shape("cross_scan.x");
    float[] expected = FIXTURES.values("cross_scan.out");
    float[] actual = new float[expected.length];
    forEach(shape, (inMap, inSequences) -> actual[inSequences] = x[inMap]);
    assertArrayEquals(expected, actual);
  }

  @Test
  void addingUpThePathsIsTheCrossMerge() {
    float[] y = FIXTURES.values("cross_merge_h4_w5.y");
    float[] expected = FIXTURES.values("cross_merge_h4_w5.out");
    double[] actual = new double[expected.length];
    forEach(new int[] {2, 3, 4, 5}, (inMap, inSequences) -> actual[inMap] += y[inSequences]);
    double[] wide = new double[expected.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = expected[i];
    }
    assertEquals(0, ConformanceSuite.error(wide, actual), 1e-7);
  }

  private interface Positions {
    void visit(int inMap, int inSequences);
  }

  private static void forEach(int[] shape, Positions positions) {
    int channels = shape[1];
    int length = shape[2] * shape[3];
    for (int row = 0; row < shape[0] * channels; row++) {
      int image = row / channels;
      for (ScanPath path : ScanPath.values()) {
        for (int l = 0; l < length; l++) {
          int sequence = (image * 4 + path.ordinal()) * channels + row % channels;
          positions.visit(row * length + path.pixel(l, shape[2], shape[3]), sequence * length + l);
        }
      }
    }
  }
}
