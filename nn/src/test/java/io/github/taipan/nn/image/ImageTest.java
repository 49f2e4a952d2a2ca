package io.github.taipan.nn.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.taipan.tensor.CounterRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageTest {
  private static final Image IMAGE = random(5, 7, 3);

  private static Image random(int height, int width, int channels) {
    byte[] samples = new byte[height * width * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) CounterRandom.seeded(11).bits(i);
    }
    return Image.of(height, width, channels, samples);
  }

  @Test
  void floatsRoundTrip() {
    float[] values = IMAGE.toFloats();
    assertEquals(IMAGE.sample(1, 2, 1) / 255f, values[(7 + 2) * 3 + 1]);
    assertEquals(IMAGE, Image.fromFloats(5, 7, 3, values));
  }

  @Test
  void floatsAreClampedAndRoundedHalfToEven() {
    float[] values = {-1, 2, 0.5f / 255, 1.5f / 255, 2.5f / 255, Float.POSITIVE_INFINITY};
    assertArrayEquals(new byte[] {0, -1, 0, 2, 2, -1}, Image.fromFloats(1, 6, 1, values).toBytes());
  }

  @Test
  void anImageDoesNotShareItsSamples() {
    byte[] samples = {1, 2, 3};
    Image image = Image.of(1, 1, 3, samples);
    samples[0] = 9;
    image.toBytes()[1] = 9;
    assertEquals(Image.of(1, 1, 3, new byte[] {1, 2, 3}), image);
  }

  @Test
  void impossibleSizesAreRefused() {
    byte[] none = new byte[0];
    assertThrows(IllegalArgumentException.class, () -> Image.of(0, 1, 3, none));
    assertThrows(IllegalArgumentException.class, () -> Image.of(1, 1, 2, new byte[2]));
    assertThrows(IllegalArgumentException.class, () -> Image.of(1, 1, 3, none));
    assertThrows(IllegalArgumentException.class, () -> Image.of(1 << 16, 1 << 16, 3, none));
    assertThrows(IllegalArgumentException.class, () -> IMAGE.crop(1, 0, 5, 7));
    assertThrows(IllegalArgumentException.class, () -> IMAGE.crop(0, -1, 5, 7));
    assertThrows(IllegalArgumentException.class, () -> IMAGE.crop(1, 0, Integer.MAX_VALUE, 7));
  }

  @ParameterizedTest
  @EnumSource
  void turnsInvertAndAgreeWithTurnedCrops(Dihedral turn) {
    Image turned = IMAGE.turn(turn);
    assertEquals(IMAGE, turned.turn(turn.inverse()));
    float[] crop = new float[1 + 3 * 4 * 3];
    IMAGE.copyTo(1, 2, 3, 4, turn, crop, 1);
    float[] expected = IMAGE.crop(1, 2, 3, 4).turn(turn).toFloats();
    assertArrayEquals(expected, java.util.Arrays.copyOfRange(crop, 1, crop.length));
  }

  @Test
  void turnsAreTheEightDifferentOnes() {
    Set<Image> all = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      all.add(IMAGE.turn(Dihedral.of(i)));
    }
    assertEquals(8, all.size());
    assertThrows(IllegalArgumentException.class, () -> Dihedral.of(8));
    Image turned = IMAGE.turn(Dihedral.TURN_90);
    assertEquals(IMAGE.sample(0, 6, 0), turned.sample(0, 0, 0)); // top right goes to top left
    assertEquals(turned.turn(Dihedral.FLIP), IMAGE.turn(Dihedral.TURN_90_FLIP));
    assertEquals(turned.turn(Dihedral.TURN_90), IMAGE.turn(Dihedral.TURN_180));
    assertEquals(IMAGE.sample(4, 0, 0), IMAGE.turn(Dihedral.FLIP).sample(0, 0, 0));
  }

  @Test
  void paddingMirrorsWithTheEdge() {
    Image padded = IMAGE.padTo(7, 3);
    assertEquals("Image[7x7x3]", padded.toString());
    assertEquals(IMAGE, padded.crop(0, 0, 5, 7));
    assertEquals(IMAGE.crop(4, 0, 1, 7), padded.crop(5, 0, 1, 7));
    assertEquals(IMAGE.crop(3, 0, 1, 7), padded.crop(6, 0, 1, 7));
    assertEquals(IMAGE, IMAGE.padTo(2, 2));
  }

  @Test
  void greyBecomesColourAndBack() {
    Image grey = random(4, 3, 1);
    assertEquals(grey, grey.toRgb().toGrey());
    assertEquals(grey.sample(2, 1, 0), grey.toRgb().sample(2, 1, 2));
    Image red = Image.of(1, 1, 3, new byte[] {-1, 0, 0});
    assertEquals(76, red.toGrey().sample(0, 0, 0));
  }

  @Test
  void croppedToAMultiple() {
    assertEquals(IMAGE.crop(0, 0, 4, 4), IMAGE.cropToMultiple(4));
    assertNotEquals(IMAGE, IMAGE.cropToMultiple(2));
    assertEquals(IMAGE, IMAGE.cropToMultiple(1));
  }
}
