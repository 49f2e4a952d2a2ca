package io.github.taipan.vmambair.degradation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.taipan.nn.data.Batch;
import io.github.taipan.nn.data.ImageStore;
import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.vmambair.degradation.DegradedPatches.Options;
import io.github.taipan.vmambair.degradation.DegradedPatches.Pair;
import io.github.taipan.vmambair.degradation.DegradedPatches.Turns;
import io.github.taipan.vmambair.degradation.PairPool.Fresh;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DegradedPatchesTest {
  private static final CounterRandom RANDOM = CounterRandom.seeded(8).split("patches");
  private static final List<Image> TRUTHS =
      List.of(picture(1, 90, 70, 3), picture(2, 40, 100, 3), picture(3, 64, 64, 1));

  private static Image picture(long seed, int height, int width, int channels) {
    CounterRandom random = CounterRandom.seeded(seed);
    byte[] samples = new byte[height * width * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) random.bits(i);
    }
    return Image.of(height, width, channels, samples);
  }

  private static DegradedPatches patches(Degradation degradation, Turns turns, int pool) {
    return new DegradedPatches(
        ImageStore.of(TRUTHS), degradation, new Options(64, 32, 3, turns, pool, 1), RANDOM);
  }

  @Test
  void aBatchIsAPureFunctionOfTheStep() {
    for (int pool : new int[] {0, 6}) {
      DegradedPatches first = patches(new RealWorldDegradation(), Turns.MIRROR, pool);
      DegradedPatches second = patches(new RealWorldDegradation(), Turns.MIRROR, pool);
      first.batch(2);
      Batch batch = first.batch(11);
      Batch again = second.batch(11);
      assertArrayEquals(batch.degraded(), again.degraded());
      assertArrayEquals(batch.truth(), again.truth());
      assertFalse(Arrays.equals(batch.truth(), first.batch(12).truth()));
      assertEquals(8, batch.degradedSide());
      assertEquals(32, batch.truthSide());
      assertEquals(3 * 8 * 8 * 3, batch.degraded().length);
    }
  }

  @Test
  void thePoolHandsOutWhatWasFresh() {
    DegradedPatches pooled = patches(new RealWorldDegradation(), Turns.ALL, 6);
    Fresh fresh = new PairPool(6, 3, RANDOM.split("pool")).taken(11)[1];
    int length = 32 * 32 * 3;
    assertArrayEquals(
        pooled.pair(fresh).truth().toFloats(),
        Arrays.copyOfRange(pooled.batch(11).truth(), length, 2 * length));
  }

  /** Degraded by what shrinks each 4x4 block to its mean, a pair shows whether it is aligned. */
  @Test
  void pairsAreAligned() {
    Degradation blocks =
        new Degradation() {
          @Override
          public int scale() {
            return 4;
          }

          @Override
          public FloatImage degrade(FloatImage truth, CounterRandom random) {
            return means(truth);
          }
        };
    DegradedPatches patches = patches(blocks, Turns.ALL, 0);
    for (int i = 0; i < 30; i++) {
      Pair pair = patches.pair(new Fresh(i, 0));
      assertEquals(means(FloatImage.of(pair.truth())).toImage(), pair.degraded());
    }
  }

  private static FloatImage means(FloatImage image) {
    FloatImage out = FloatImage.black(image.height() / 4, image.width() / 4);
    for (int i = 0; i < image.values().length; i++) {
      int y = i / 3 / image.width() / 4;
      int x = i / 3 % image.width() / 4;
      out.values()[(y * out.width() + x) * 3 + i % 3] += image.values()[i] / 16;
    }
    return out;
  }

  @Test
  void bicubicIsThatOfTheBenchmarks() {
    Image truth = TRUTHS.getFirst().crop(0, 0, 64, 64);
    assertEquals(
        Bicubic.shrink(truth, 4),
        new BicubicDegradation().degrade(FloatImage.of(truth), RANDOM).toImage());
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    for (Options options :
        List.of(
            new Options(62, 32, 3, Turns.NONE, 0, 1),
            new Options(64, 68, 3, Turns.NONE, 0, 1),
            new Options(64, 32, 3, Turns.NONE, 7, 1))) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new DegradedPatches(
                  ImageStore.of(TRUTHS), new BicubicDegradation(), options, RANDOM));
    }
  }
}
