package io.github.taipan.vmambair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.taipan.nn.image.Image;
import java.util.List;
import org.junit.jupiter.api.Test;

class TilesTest {
  private static List<Integer> starts(Tiles tiles, int length) {
    return tiles.places(tiles.size(), length).stream().map(Tiles.Place::left).toList();
  }

  @Test
  void aRestGetsATileAtTheBorder() {
    Tiles tiles = new Tiles(480, 240, 0);
    assertEquals(List.of(0), starts(tiles, 480));
    assertEquals(List.of(0, 1), starts(tiles, 481));
    assertEquals(List.of(0, 240), starts(tiles, 720));
    assertEquals(List.of(0, 240, 480, 720, 960, 1200, 1440, 1560), starts(tiles, 2040));
    assertEquals(List.of(), starts(tiles, 479));
  }

  @Test
  void aSmallRestIsDropped() {
    Tiles tiles = new Tiles(100, 50, 20);
    assertEquals(List.of(0, 50), starts(tiles, 170));
    assertEquals(List.of(0, 50, 71), starts(tiles, 171));
  }

  @Test
  void placesGoByRows() {
    Tiles tiles = new Tiles(4, 2, 0);
    List<Tiles.Place> places = tiles.places(7, 6);
    assertEquals(6, places.size());
    assertEquals(new Tiles.Place(0, 2), places.get(1));
    assertEquals(new Tiles.Place(3, 2), places.get(5));
    Image small = Image.wrap(3, 3, 1, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8});
    assertEquals(4, tiles.cut(small, new Tiles.Place(2, 2), 2).sample(0, 0, 0));
  }

  @Test
  void impossibleTilesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Tiles(0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Tiles(1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Tiles(1, 1, -1));
  }
}
