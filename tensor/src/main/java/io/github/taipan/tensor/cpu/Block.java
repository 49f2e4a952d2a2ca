package io.github.taipan.tensor.cpu;

import io.github.taipan.tensor.Shape;

/** A rectangle of pixels of one image of a batch. */
record Block(int image, int y, int x, int height, int width) {
  int pixels() {
    return height * width;
  }

  /** Where each pixel, row by row, starts in an NHWC array. */
  void rows(Shape map, int[] rows) {
    for (int i = 0; i < pixels(); i++) {
      int row = y + i / width;
      int column = x + i % width;
      rows[i] = ((image * map.size(1) + row) * map.size(2) + column) * map.size(3);
    }
  }
}
