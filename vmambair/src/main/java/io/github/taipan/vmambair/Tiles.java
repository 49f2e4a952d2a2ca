package io.github.taipan.vmambair;

import io.github.taipan.nn.image.Image;
import java.util.ArrayList;
import java.util.List;

/**
 * Overlapping square tiles of a large picture, as training sets are prepared: one at every step,
 * and where more than a threshold of a row or column is left, one more that ends at its border.
 *
 * @param size side of a tile in pixels
 * @param step from one tile to the next
 * @param threshold a rest of at most so many pixels is dropped
 */
public record Tiles(int size, int step, int threshold) {
  /** Checks the numbers. */
  public Tiles {
    if (size < 1 || step < 1 || threshold < 0) {
      throw new IllegalArgumentException(
          "tiles have a positive size and step and no negative threshold, not %d, %d and %d"
              .formatted(size, step, threshold));
    }
  }

  /** Where a tile begins. */
  public record Place(int top, int left) {}

  /** The places of a picture's tiles, by rows; none where it is smaller than a tile. */
  public List<Place> places(int height, int width) {
    List<Place> places = new ArrayList<>();
    for (int top : starts(height)) {
      for (int left : starts(width)) {
        places.add(new Place(top, left));
      }
    }
    return places;
  }

  private List<Integer> starts(int length) {
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start + size <= length; start += step) {
      starts.add(start);
    }
    if (!starts.isEmpty() && length - (starts.getLast() + size) > threshold) {
      starts.add(length - size);
    }
    return starts;
  }

  /** A tile of a picture that is so many times smaller than the one that was divided. */
  public Image cut(Image image, Place place, int scale) {
    return image.crop(place.top / scale, place.left / scale, size / scale, size / scale);
  }
}
