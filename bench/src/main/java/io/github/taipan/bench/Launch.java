package io.github.taipan.bench;

import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Normalization.LayerNorm;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Scan.SelectiveScan;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import java.util.List;

/**
 * A primitive with its shapes, as the first level of a network of width 48 launches it on a 64x64
 * map.
 */
public enum Launch {
  CONVOLUTION_1X1(new Conv2d(1, 0, 1), map(48), Shape.of(96, 48, 1, 1)),
  CONVOLUTION_3X3(new Conv2d(1, 1, 1), map(48), Shape.of(48, 48, 3, 3)),
  CONVOLUTION_DEPTHWISE(new Conv2d(1, 1, 96), map(96), Shape.of(96, 1, 3, 3)),
  LAYER_NORM(new LayerNorm(1e-5), map(48), Shape.of(48), Shape.of(48)),
  SCAN_ROWS(new SelectiveScan(List.of(ScanPath.ROWS), 1, true), scan(1)),
  SCAN_FOUR_PATHS(new SelectiveScan(List.of(ScanPath.values()), 1, true), scan(4));

  private final Primitive primitive;
  private final List<Shape> inputs;

  Launch(Primitive primitive, Shape... inputs) {
    this.primitive = primitive;
    this.inputs = List.of(inputs);
  }

  /** What is executed. */
  public Primitive primitive() {
    return primitive;
  }

  /** The shapes of its inputs. */
  public List<Shape> inputs() {
    return inputs;
  }

  private static Shape map(int channels) {
    return Shape.of(1, 64, 64, channels);
  }

  /** The inputs of a scan over 48 channels with 16 states: u, delta, A, B, C, D, bias. */
  private static Shape[] scan(int paths) {
    int channels = paths * 48;
    Shape weights = map(paths * 16);
    return new Shape[] {
      map(48),
      map(channels),
      Shape.of(channels, 16),
      weights,
      weights,
      Shape.of(channels),
      Shape.of(channels)
    };
  }
}
