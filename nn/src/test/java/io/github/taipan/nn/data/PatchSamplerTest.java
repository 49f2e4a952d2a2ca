package io.github.taipan.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Dihedral;
import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PatchSamplerTest {
  private static final CounterRandom RANDOM = CounterRandom.seeded(31).split("data");
  private static final List<Image> PICTURES = List.of(random(1, 41, 50, 3), random(2, 32, 35, 1));

  private static Image random(long stream, int height, int width, int channels) {
    byte[] samples = new byte[height * width * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) RANDOM.split(stream).bits(i);
    }
    return Image.of(height, width, channels, samples);
  }

  private static Image sample(float[] values, int side, int index) {
    int length = side * side * 3;
    return Image.fromFloats(
        side, side, 3, Arrays.copyOfRange(values, index * length, (index + 1) * length));
  }

  @Test
  void aBatchIsAPureFunctionOfTheStep() {
    PatchSampler first = PatchSampler.superResolution(PICTURES, 4, 16, 3, RANDOM);
    PatchSampler second = PatchSampler.superResolution(PICTURES, 4, 16, 3, RANDOM);
    first.batch(0);
    assertArrayEquals(first.batch(7).degraded(), second.batch(7).degraded());
    assertArrayEquals(first.batch(7).truth(), second.batch(7).truth());
    assertFalse(Arrays.equals(first.batch(7).truth(), first.batch(8).truth()));
    assertFalse(
        Arrays.equals(
            first.batch(7).truth(),
            PatchSampler.superResolution(PICTURES, 4, 16, 3, CounterRandom.seeded(32))
                .batch(7)
                .truth()));
  }

  /** Each pair is found again in the pictures, turned back, at places that correspond. */
  @Test
  void patchesAreAlignedCropsOfThePictureAndItsWholeShrunk() {
    PatchSampler sampler = PatchSampler.superResolution(PICTURES, 4, 16, 40, RANDOM);
    Batch batch = sampler.batch(3);
    assertEquals(4, batch.degradedSide());
    assertEquals(16, batch.truthSide());
    Set<Dihedral> turns = EnumSet.noneOf(Dihedral.class);
    for (int i = 0; i < batch.size(); i++) {
      Image low = sample(batch.degraded(), 4, i);
      Image high = sample(batch.truth(), 16, i);
      Dihedral turn = find(low, high);
      assertTrue(turn != null, "sample " + i + " is nowhere in the pictures");
      turns.add(turn);
    }
    System.out.println("Samples found: " + batch.size() + ", turns seen: " + turns.size());
    assertEquals(8, turns.size());
  }

  private static @Nullable Dihedral find(Image low, Image high) {
    for (Image picture : PICTURES) {
      Image whole = picture.toRgb().cropToMultiple(4);
      Image shrunk = Bicubic.shrink(whole, 4);
      for (Dihedral turn : Dihedral.values()) {
        Image wanted = high.turn(turn.inverse());
        for (int top = 0; top + 4 <= shrunk.height(); top++) {
          for (int left = 0; left + 4 <= shrunk.width(); left++) {
            if (whole.crop(4 * top, 4 * left, 16, 16).equals(wanted)
                && shrunk.crop(top, left, 4, 4).equals(low.turn(turn.inverse()))) {
              return turn;
            }
          }
        }
      }
    }
    return null;
  }

  @Test
  void givenPairsAreCroppedAlike() {
    Image dark = Image.of(9, 12, 3, new byte[9 * 12 * 3]);
    PatchSampler same = PatchSampler.paired(PICTURES, PICTURES, 1, 16, 5, RANDOM);
    assertArrayEquals(same.batch(2).truth(), same.batch(2).degraded());
    PatchSampler mixed =
        PatchSampler.paired(List.of(dark), List.of(random(3, 9, 12, 3)), 1, 8, 2, RANDOM);
    assertArrayEquals(new float[2 * 8 * 8 * 3], mixed.batch(0).degraded());
    assertFalse(Arrays.equals(new float[2 * 8 * 8 * 3], mixed.batch(0).truth()));
  }

  /** Given the pictures that super-resolution makes itself, pairs give its very patches. */
  @Test
  void givenPairsOfTwoSizesAreCroppedAlike() {
    List<Image> high = PICTURES.stream().map(p -> p.toRgb().cropToMultiple(4)).toList();
    List<Image> low = high.stream().map(image -> Bicubic.shrink(image, 4)).toList();
    Batch given = PatchSampler.paired(low, high, 4, 4, 6, RANDOM).batch(5);
    Batch made = PatchSampler.superResolution(PICTURES, 4, 16, 6, RANDOM).batch(5);
    assertArrayEquals(made.degraded(), given.degraded());
    assertArrayEquals(made.truth(), given.truth());
    assertThrows(
        IllegalArgumentException.class, () -> PatchSampler.paired(low, high, 2, 4, 1, RANDOM));
    assertThrows(
        IllegalArgumentException.class, () -> PatchSampler.paired(low, high, 4, 9, 1, RANDOM));
  }

  @Test
  void smallPicturesAreMirrored() {
    Image small = random(4, 9, 10, 3);
    Batch batch = PatchSampler.superResolution(List.of(small), 4, 16, 1, RANDOM).batch(0);
    Image patch = sample(batch.truth(), 16, 0);
    Image padded = small.padTo(16, 16);
    assertTrue(Arrays.stream(Dihedral.values()).anyMatch(turn -> padded.turn(turn).equals(patch)));
  }

  @Test
  void impossibleRequestsAreRefused() {
    List<Image> one = PICTURES.subList(0, 1);
    assertThrows(
        IllegalArgumentException.class,
        () -> PatchSampler.superResolution(PICTURES, 4, 18, 1, RANDOM));
    assertThrows(
        IllegalArgumentException.class,
        () -> PatchSampler.superResolution(List.of(), 4, 16, 1, RANDOM));
    assertThrows(
        IllegalArgumentException.class, () -> PatchSampler.paired(one, PICTURES, 1, 8, 1, RANDOM));
    assertThrows(
        IllegalArgumentException.class,
        () -> PatchSampler.paired(one, PICTURES.subList(1, 2), 1, 8, 1, RANDOM));
    assertThrows(
        IllegalArgumentException.class, () -> PatchSampler.paired(one, one, 1, 8, 0, RANDOM));
  }

  /** Each picture is one window: what a part shows tells which window and part it is. */
  @Test
  void aStageTakesOnePartOfSomeWindows() {
    int[] windowsTaken = new int[6];
    Set<Integer> offsets = new TreeSet<>();
    List<Image> pictures =
        IntStream.range(0, 3000).mapToObj(i -> random(100 + i, 24, 24, 1)).toList();
    ImagePairs pairs = ImagePairs.of(pictures, pictures, 1);
    PatchSampler all = new PatchSampler(pairs, Patches.of(24, 6), RANDOM);
    PatchSampler stage = new PatchSampler(pairs, Patches.of(20, 2).within(24, 6), RANDOM);
    for (long step = 0; step < 300; step++) {
      Batch windows = all.batch(step);
      Batch batch = stage.batch(step);
      assertArrayEquals(batch.truth(), batch.degraded());
      Set<Integer> places = new TreeSet<>();
      Set<Integer> taken = new TreeSet<>();
      for (int i = 0; i < 2; i++) {
        Image patch = sample(batch.truth(), 20, i);
        for (int w = 0; w < 6; w++) {
          Image window = sample(windows.truth(), 24, w);
          for (int place = 0; place < 25; place++) {
            if (window.crop(place / 5, place % 5, 20, 20).equals(patch)) {
              places.add(place);
              taken.add(w);
            }
          }
        }
      }
      assertEquals(1, places.size(), "one part for the batch");
      offsets.addAll(places);
      assertEquals(2, taken.size(), "two different windows");
      taken.forEach(w -> windowsTaken[w]++);
    }
    System.out.println("Windows taken: " + Arrays.toString(windowsTaken));
    assertTrue(Arrays.stream(windowsTaken).allMatch(n -> n > 70 && n < 130));
    Set<Integer> expected = new TreeSet<>();
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        expected.add(5 * y + x); // floor(slack * U) never is the slack
      }
    }
    assertEquals(expected, offsets);
  }

  @Test
  void windowsOfTwoSizesAreCutAlike() {
    ImagePairs pairs = ImagePairs.superResolution(PICTURES, 4, 32);
    PatchSampler sampler = new PatchSampler(pairs, Patches.of(4, 20).within(8, 24), RANDOM);
    Batch batch = sampler.batch(1);
    for (int i = 0; i < batch.size(); i++) {
      Image low = sample(batch.degraded(), 4, i);
      assertTrue(find(low, sample(batch.truth(), 16, i)) != null, "sample " + i);
    }
  }

  @Test
  void picturesPlacesAndTurnsAreUniform() {
    byte[] places = new byte[20 * 20 * 3];
    for (int i = 0; i < 400; i++) {
      places[3 * i] = (byte) (i / 20);
      places[3 * i + 1] = (byte) (i % 20);
    }
    Image image = Image.wrap(20, 20, 3, places);
    BatchSource source = PatchSampler.paired(List.of(image), List.of(image), 1, 16, 4000, RANDOM);
    Batch batch = source.batch(0);
    int[] rows = new int[5];
    int[] turns = new int[8];
    for (int i = 0; i < batch.size(); i++) {
      Image patch = sample(batch.truth(), 16, i);
      int top = Math.min(patch.sample(0, 0, 0), patch.sample(15, 15, 0));
      int left = Math.min(patch.sample(0, 0, 1), patch.sample(15, 15, 1));
      Image crop = image.crop(top, left, 16, 16);
      for (Dihedral turn : Dihedral.values()) {
        turns[turn.ordinal()] += crop.turn(turn).equals(patch) ? 1 : 0;
      }
      rows[top]++;
    }
    System.out.println("Rows " + Arrays.toString(rows) + ", turns " + Arrays.toString(turns));
    assertTrue(Arrays.stream(rows).allMatch(n -> n > 700 && n < 900)); // 800, sigma 25
    assertTrue(Arrays.stream(turns).allMatch(n -> n > 415 && n < 585)); // 500, sigma 21
  }

  /** Half of the picture is flat: a place is in it as often as all candidates are. */
  @Test
  void texturedPlacesAreFavoured() {
    byte[] samples = new byte[40 * 400 * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = i / 3 % 400 < 200 ? (byte) RANDOM.bits(i) : 0;
    }
    ImagePairs pairs =
        ImagePairs.of(
            List.of(Image.wrap(40, 400, 3, samples)), List.of(Image.wrap(40, 400, 3, samples)), 1);
    double[] expected = {1 / 2.0, 1 / 4.0, 1 / 16.0};
    for (int k = 1, e = 0; k <= 4; k *= 2, e++) {
      Patches patches = Patches.of(8, 2000).textured(k);
      Batch batch = new PatchSampler(pairs, patches, RANDOM).batch(0);
      int flat = 0;
      for (int i = 0; i < batch.size(); i++) {
        Image patch = sample(batch.truth(), 8, i);
        flat += patch.equals(Image.wrap(8, 8, 3, new byte[8 * 8 * 3])) ? 1 : 0;
      }
      System.out.println("Flat patches with " + k + " candidates: " + flat / 2000.0);
      assertEquals(expected[e], flat / 2000.0, 0.05);
    }
  }

  @Test
  void impossiblePatchesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Patches.of(16, 2).within(8, 2));
    assertThrows(IllegalArgumentException.class, () -> Patches.of(16, 2).within(16, 1));
    assertThrows(IllegalArgumentException.class, () -> Patches.of(16, 2).textured(0));
  }
}
