package io.github.taipan.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.image.Image;
import io.github.taipan.tensor.CounterRandom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedImagesTest {
  private static final CounterRandom RANDOM = CounterRandom.seeded(5);

  @TempDir Path folder;
  private final AtomicInteger decoded = new AtomicInteger();
  private final List<Path> files = new ArrayList<>();

  /** A "picture file" is height, width, channels and the samples. */
  private Image decode(Path file) throws IOException {
    decoded.incrementAndGet();
    byte[] bytes = Files.readAllBytes(file);
    byte[] samples = new byte[bytes.length - 3];
    System.arraycopy(bytes, 3, samples, 0, samples.length);
    return Image.wrap(bytes[0], bytes[1], bytes[2], samples);
  }

  private Path make(String name, int height, int width, int channels) throws IOException {
    byte[] bytes = new byte[3 + height * width * channels];
    CounterRandom random = RANDOM.split(name);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.bits(i);
    }
    bytes[0] = (byte) height;
    bytes[1] = (byte) width;
    bytes[2] = (byte) channels;
    return Files.write(folder.resolve(name), bytes);
  }

  @BeforeEach
  void pictures() throws IOException {
    files.add(make("a", 41, 50, 3));
    files.add(make("b", 32, 35, 1));
    files.add(make("c", 9, 12, 3));
  }

  private Path cache() {
    return folder.resolve("pictures.cache");
  }

  private MappedImages open() throws IOException {
    return MappedImages.open(cache(), files, "as they are", this::decode);
  }

  private List<Image> inMemory() throws IOException {
    List<Image> images = new ArrayList<>();
    for (Path file : files) {
      images.add(decode(file));
    }
    return images;
  }

  private static void assertEqual(BatchSource expected, BatchSource actual) {
    for (long step = 0; step < 20; step++) {
      assertArrayEquals(expected.batch(step).degraded(), actual.batch(step).degraded());
      assertArrayEquals(expected.batch(step).truth(), actual.batch(step).truth());
    }
  }

  @Test
  void batchesAreThoseOfPicturesInMemory() throws IOException {
    MappedImages mapped = open();
    assertEquals(3, mapped.size());
    assertEquals(files.get(1).toString(), mapped.name(1));
    assertEquals(ImageStore.of(inMemory()).picture(1), mapped.picture(1));
    assertEqual(
        PatchSampler.paired(inMemory(), inMemory(), 1, 16, 4, RANDOM),
        new PatchSampler(new ImagePairs(mapped, mapped, 1), Patches.of(16, 4), RANDOM));
    files.removeLast(); // smaller than a patch
    Path second = folder.resolve("two.cache");
    MappedImages large = MappedImages.open(second, files, "as they are", this::decode);
    MappedImages small = MappedImages.shrunk(folder.resolve("two_x4.cache"), large, 4);
    assertEqual(
        PatchSampler.superResolution(inMemory(), 4, 16, 4, RANDOM),
        new PatchSampler(new ImagePairs(small, large, 4), Patches.of(4, 4), RANDOM));
  }

  @Test
  void aCacheIsUsedUntilASourceOrThePreparationChanges() throws IOException {
    open();
    open();
    assertEquals(3, decoded.get());
    Files.setLastModifiedTime(files.get(1), FileTime.fromMillis(123_456_000));
    open();
    assertEquals(6, decoded.get());
    make("c", 10, 12, 3);
    assertEquals(10, open().height(2));
    assertEquals(9, decoded.get());
    MappedImages.open(cache(), files, "otherwise", this::decode);
    assertEquals(12, decoded.get());
    files.removeFirst();
    assertEquals(2, open().size());
  }

  @Test
  void aDamagedCacheIsMadeAnew() throws IOException {
    open();
    byte[] whole = Files.readAllBytes(cache());
    for (int length : new int[] {8, 20, whole.length / 2, whole.length - 1}) {
      Files.write(cache(), Arrays.copyOf(whole, length));
      assertEquals(50, open().width(0));
      assertArrayEquals(whole, Files.readAllBytes(cache()));
    }
    byte[] flipped = whole.clone();
    flipped[whole.length - 20] ^= 4;
    Files.write(cache(), flipped);
    open();
    assertArrayEquals(whole, Files.readAllBytes(cache()));
    assertEquals(3 * 6, decoded.get());
  }

  @Test
  void aFileThatIsNoCacheIsLeftAlone() throws IOException {
    Files.writeString(cache(), "somebody's diary");
    String message = String.valueOf(assertThrows(IOException.class, this::open).getMessage());
    assertTrue(message.endsWith("is no cache of pictures: remove it, or choose another place"));
    assertEquals("somebody's diary", Files.readString(cache()));
  }

  @Test
  void aPictureThatCannotBeDecodedLeavesNoCache() throws IOException {
    IOException failure = new IOException("b is damaged");
    assertEquals(
        failure,
        assertThrows(
            IOException.class,
            () ->
                MappedImages.open(
                    cache(),
                    files,
                    "",
                    file -> {
                      throw failure;
                    })));
    assertFalse(Files.exists(cache()));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(3, left.count());
    }
  }

  @Test
  void cropsOutsideAreRefused() throws IOException {
    MappedImages mapped = open();
    assertThrows(IllegalArgumentException.class, () -> mapped.crop(2, 0, 0, 10, 12));
    assertThrows(IllegalArgumentException.class, () -> mapped.crop(2, 0, -1, 1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> mapped.crop(3, 0, 0, 1, 1));
  }

  /** A file with holes, so that it takes no room. */
  @Test
  void aCacheMayBeLargerThanAnArray() throws IOException {
    long far = 5L << 30;
    MappedIndex index =
        new MappedIndex(
            "as they are",
            List.of(new MappedIndex.Entry(MappedIndex.Source.of(files.get(0)), 2, 2, far)));
    try (FileChannel channel =
        FileChannel.open(
            cache(),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      ByteBuffer bytes = index.encode();
      channel.write(MappedIndex.header(far + 12, bytes), 0);
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), far);
      channel.write(bytes, far + 12);
    }
    files.subList(1, 3).clear();
    assertEquals(12, open().crop(0, 1, 1, 1, 1).sample(0, 0, 2));
    assertEquals(0, decoded.get());
  }
}
