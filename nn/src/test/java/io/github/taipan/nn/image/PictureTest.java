package io.github.taipan.nn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {
  private static final Image COLOUR =
      Image.of(1, 2, 3, new byte[] {0, 127, -1, (byte) 200, 64, 10});
  private static final Image GREY = Image.of(2, 3, 1, new byte[] {0, 1, 64, 127, (byte) 200, -1});
  private static final Image ALPHA = Image.of(2, 3, 1, new byte[] {-1, 0, 1, 2, 127, (byte) 128});

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void javaTypesKeepTheirColours(int type) {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.setRGB(0, 0, 0xFF007FFF);
    image.setRGB(1, 0, 0xFFC8400A);
    Picture picture = Picture.from(image);
    assertEquals(COLOUR, picture.colour());
    assertEquals(image.getColorModel().hasAlpha(), picture.alpha() != null);
  }

  @Test
  void fiveBitsAreSpread() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_565_RGB);
    image.setRGB(0, 0, 0xFFFFFFFF);
    assertEquals(Image.of(1, 1, 3, new byte[] {-1, -1, -1}), Picture.from(image).colour());
  }

  @Test
  void everyKindRoundTrips() {
    Image colour = Image.of(2, 3, 3, GREY.toRgb().toBytes()).turn(Dihedral.TURN_180);
    for (Picture picture :
        new Picture[] {
          Picture.opaque(GREY),
          new Picture(GREY, ALPHA),
          Picture.opaque(colour),
          new Picture(colour, ALPHA)
        }) {
      assertEquals(picture, Picture.from(picture.toBufferedImage()));
    }
  }

  @Test
  void sixteenBitsAreScaledWithRounding() {
    BufferedImage grey = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setPixels(0, 0, 3, 1, new int[] {65535, 257 * 100 + 128, 257 * 100 + 129});
    assertEquals(Image.of(1, 3, 1, new byte[] {-1, 100, 101}), Picture.from(grey).colour());

    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {0, 257 * 3, 65535, 257 * 77});
    Picture picture = Picture.from(new BufferedImage(model, raster, false, null));
    assertEquals(Image.of(1, 1, 3, new byte[] {0, 3, -1}), picture.colour());
    assertEquals(77, Objects.requireNonNull(picture.alpha()).sample(0, 0, 0));
  }

  @Test
  void palettesAreColouredOrGrey() {
    byte[] ramp = {0, 100, (byte) 200};
    byte[] other = {5, 6, 7};
    Picture grey = Picture.from(indexed(new IndexColorModel(8, 3, ramp, ramp, ramp)));
    assertTrue(grey.colour().isGrey());
    assertEquals(100, grey.colour().sample(0, 1, 0));
    assertNull(grey.alpha());
    Picture coloured = Picture.from(indexed(new IndexColorModel(8, 3, ramp, other, ramp, 2)));
    assertEquals(6, coloured.colour().sample(0, 1, 1));
    assertEquals(
        Image.of(1, 3, 1, new byte[] {-1, -1, 0}), Objects.requireNonNull(coloured.alpha()));
  }

  private static BufferedImage indexed(IndexColorModel model) {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, model);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 1, 2});
    return image;
  }

  @Test
  void aViewOfALargerRasterIsReadWhereItLies() {
    BufferedImage whole = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    whole.getRaster().setSample(2, 3, 0, 99);
    assertEquals(99, Picture.from(whole.getSubimage(2, 3, 1, 1)).colour().sample(0, 0, 0));
  }

  @Test
  void otherColourSpacesAreConverted() {
    ColorSpace linear = ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);
    ComponentColorModel model =
        new ComponentColorModel(linear, false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1, 1, 3, new Point());
    raster.setPixel(0, 0, new int[] {0, 55, 255});
    Image colour = Picture.from(new BufferedImage(model, raster, false, null)).colour();
    assertEquals(0, colour.sample(0, 0, 0));
    assertEquals(128, colour.sample(0, 0, 1), 2);
    assertEquals(255, colour.sample(0, 0, 2));
  }

  @Test
  void alphaMustFit() {
    assertThrows(IllegalArgumentException.class, () -> new Picture(COLOUR, ALPHA));
    assertThrows(IllegalArgumentException.class, () -> new Picture(COLOUR, COLOUR));
    Picture turned = new Picture(GREY, ALPHA).turn(Dihedral.TURN_90);
    assertEquals(GREY.turn(Dihedral.TURN_90), turned.colour());
    assertEquals(ALPHA.turn(Dihedral.TURN_90), turned.alpha());
  }
}
