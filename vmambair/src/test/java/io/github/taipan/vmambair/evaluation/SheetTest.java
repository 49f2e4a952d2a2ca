package io.github.taipan.vmambair.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Protocol;
import io.github.taipan.vmambair.Comparison.Region;
import io.github.taipan.vmambair.evaluation.Evaluation.Compared;
import io.github.taipan.vmambair.evaluation.Evaluation.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class SheetTest {
  private static final Measure PSNR = new Measure.Psnr(Protocol.y(0));
  private static final int RED = 0xE00000;

  /** Grey 100 everywhere, and another value in a rectangle. */
  private static Image picture(int height, int width, Region part, int value) {
    byte[] samples = new byte[height * width * 3];
    for (int i = 0; i < samples.length; i++) {
      int y = i / 3 / width;
      int x = i / 3 % width;
      boolean inside =
          y >= part.top()
              && y < part.top() + part.height()
              && x >= part.left()
              && x < part.left() + part.width();
      samples[i] = (byte) (inside ? value : 100);
    }
    return Image.of(height, width, 3, samples);
  }

  private static Compared compared(Image truth, Image... results) {
    List<List<Double>> values = List.of(results).stream().map(r -> List.of(30.0)).toList();
    return new Compared(new Row("name", values), truth, List.of(results));
  }

  private static int colour(Image image, int y, int x) {
    return image.sample(y, x, 0) << 16 | image.sample(y, x, 1) << 8 | image.sample(y, x, 2);
  }

  private static Image draw(Image truth, Region region) {
    return Sheet.draw(compared(truth, truth, truth), List.of("bicubic", "m"), PSNR, region);
  }

  @Test
  void theBoxIsWhereTheModelHelpsMost() {
    Region helped = new Region(90, 30, 64, 64);
    Image truth = picture(150, 200, helped, 100);
    Image baseline = picture(150, 200, helped, 140);
    assertEquals(helped, Sheet.window(List.of(baseline, truth), truth));
    Region harmed = new Region(0, 80, 64, 64);
    Image model = picture(150, 200, harmed, 180);
    assertEquals(helped, Sheet.window(List.of(baseline, model), truth));
  }

  @Test
  void theBoxIsNoLargerThanThePicture() {
    Image truth = picture(20, 100, new Region(0, 0, 1, 1), 100);
    Image baseline = picture(20, 100, new Region(95, 0, 5, 20), 0);
    assertEquals(new Region(36, 0, 64, 20), Sheet.window(List.of(baseline, truth), truth));
  }

  @Test
  void aSheetIsTheTruthWithABoxAndPanels() {
    Region region = new Region(100, 40, 64, 64);
    Image truth = picture(256, 256, region, 200);
    Image sheet = draw(truth, region);
    assertEquals(12 + 4 * (256 + 12), sheet.width());
    assertEquals(12 + 256 + 6 + 2 * Canvas.LINE, sheet.height());
    assertEquals(RED, colour(sheet, 12 + 40 - 1, 12 + 100)); // around the region, not in it
    assertEquals(RED, colour(sheet, 12 + 40 + 64, 12 + 100 + 64));
    assertEquals(0xC8C8C8, colour(sheet, 12 + 40, 12 + 100));
    assertEquals(0x646464, colour(sheet, 12 + 40 - 3, 12 + 100));
    for (int panel = 1; panel < 4; panel++) { // each shows the region alone, to its corners
      int left = 12 + panel * (256 + 12);
      assertEquals(0xC8C8C8, colour(sheet, 12, left));
      assertEquals(0xC8C8C8, colour(sheet, 12 + 255, left + 255));
      assertEquals(0xFFFFFF, colour(sheet, 12, left - 1));
      assertEquals(0xFFFFFF, colour(sheet, 12 + 256, left + 255));
    }
  }

  @Test
  void theBoxOfALargePictureIsShrunkWithIt() {
    Region region = new Region(1024, 512, 256, 256);
    Image sheet = draw(picture(1024, 2048, region, 200), region);
    assertEquals(12 + 512 + 12 + 3 * (256 + 12), sheet.width());
    assertEquals(RED, colour(sheet, 12 + 128 - 1, 12 + 256));
    assertEquals(RED, colour(sheet, 12 + 128 + 64, 12 + 256 + 64));
  }

  @Test
  void tinyPicturesAndGreyOnesHaveSheets() {
    Image grey = picture(3, 5, new Region(0, 0, 1, 1), 90).toGrey();
    Image sheet = draw(grey, new Region(0, 0, 5, 3));
    assertEquals(0x5A5A5A, colour(sheet, 12, 12 + 15 * Canvas.ADVANCE + 12));
    assertTrue(sheet.height() > 3 * 51);
  }

  @Test
  void aRegionOutsideIsRefused() {
    Image truth = picture(16, 16, new Region(0, 0, 1, 1), 100);
    assertThrows(IllegalArgumentException.class, () -> draw(truth, new Region(8, 8, 9, 8)));
  }

  @Test
  void lettersAreInkOnWhiteAndNeverLeaveTheirRoom() {
    Canvas canvas = new Canvas(Canvas.LINE, 4 * Canvas.ADVANCE);
    canvas.write("\u00e9I~ too long", 0, 0, 3); // shown as "?.."
    Image text = canvas.toImage();
    Canvas same = new Canvas(Canvas.LINE, 4 * Canvas.ADVANCE);
    same.write("?..", 0, 0, 3);
    assertEquals(same.toImage(), text);
    assertEquals(0, colour(text, 0, 2)); // the question mark's bow
    assertEquals(0xFFFFFF, colour(text, 0, 3 * Canvas.ADVANCE));
  }
}
