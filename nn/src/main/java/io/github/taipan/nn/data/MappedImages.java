package io.github.taipan.nn.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.nn.image.Bicubic;
import io.github.taipan.nn.image.Image;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pictures decoded once into a cache file and mapped from there, so that a run holds of a data set
 * no more than the system's page cache does, and begins at once the next time. The file is {@link
 * MappedIndex a header, the samples and an index}; it is made anew when a source has changed, the
 * preparation is another, or the file is damaged.
 */
public final class MappedImages implements ImageStore {
  private static final int CHANNELS = 3;
  private static final int AT_ONCE = 32; // pictures decoded in parallel, then written in order

  private final MappedIndex index;
  private final MemorySegment file;

  private MappedImages(MappedIndex index, MemorySegment file) {
    this.index = index;
    this.file = file;
  }

  /** Makes a picture of a file. Called by several threads at once. */
  @FunctionalInterface
  public interface Decoder {
    /** The picture, grey or RGB. */
    Image decode(Path file) throws IOException;
  }

  @FunctionalInterface
  private interface Maker {
    Image make(int picture) throws IOException;
  }

  /**
   * The pictures of these files, decoded now unless the cache file has them.
   *
   * @param cache where the samples are kept; a file that is no such cache is refused, not replaced
   * @param preparation what the decoder does besides decoding, such as {@code "padded to 256"}: a
   *     cache with another preparation is made anew
   * @throws IOException what the decoder throws, or one sentence about the cache file
   */
  public static MappedImages open(Path cache, List<Path> files, String preparation, Decoder decoder)
      throws IOException {
    List<MappedIndex.Source> sources = new ArrayList<>();
    for (Path source : files) {
      sources.add(MappedIndex.Source.of(source));
    }
    return open(cache, sources, preparation, i -> decoder.decode(files.get(i)));
  }

  /** The pictures of a store cropped to multiples of the factor and shrunk whole by bicubic. */
  public static MappedImages shrunk(Path cache, MappedImages large, int factor) throws IOException {
    return open(
        cache,
        large.index.entries().stream().map(MappedIndex.Entry::source).toList(),
        large.index.preparation() + ", bicubic 1/" + factor,
        i -> Bicubic.shrink(large.picture(i).cropToMultiple(factor), factor));
  }

  private static MappedImages open(
      Path cache, List<MappedIndex.Source> sources, String preparation, Maker maker)
      throws IOException {
    if (Files.exists(cache)) {
      try (FileChannel channel = FileChannel.open(cache)) {
        var found = MappedIndex.read(cache, channel).filter(i -> i.fits(sources, preparation));
        if (found.isPresent()) {
          // Unmapped when nobody holds a crop's source any more: threads may still be reading.
          return new MappedImages(
              found.get(), channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        }
      }
    }
    AtomicFile.check(cache);
    boolean[] begun = {false};
    AtomicFile.write(
        cache,
        channel -> {
          if (begun[0]) { // asked again after an interruption: it would all be decoded again
            throw new InterruptedIOException("%s: writing was interrupted".formatted(cache));
          }
          begun[0] = true;
          write(channel, sources, preparation, maker);
        });
    return open(
        cache,
        sources,
        preparation,
        i -> {
          throw new IOException(cache + " was changed by another program while it was opened");
        });
  }

  private static void write(
      FileChannel channel, List<MappedIndex.Source> sources, String preparation, Maker maker)
      throws IOException {
    channel.position(MappedIndex.HEADER);
    List<MappedIndex.Entry> entries = new ArrayList<>();
    for (int from = 0; from < sources.size(); from += AT_ONCE) {
      int to = Math.min(from + AT_ONCE, sources.size());
      for (Image image : make(maker, from, to)) {
        entries.add(
            new MappedIndex.Entry(
                sources.get(entries.size()), image.height(), image.width(), channel.position()));
        writeFully(channel, ByteBuffer.wrap(image.toBytes()));
      }
    }
    long end = channel.position();
    MappedIndex index = new MappedIndex(preparation, entries);
    ByteBuffer bytes = index.encode();
    ByteBuffer header = MappedIndex.header(end, bytes);
    writeFully(channel, bytes);
    channel.position(0);
    writeFully(channel, header);
  }

  private static List<Image> make(Maker maker, int from, int to) throws IOException {
    try {
      return IntStream.range(from, to)
          .parallel()
          .mapToObj(
              i -> {
                try {
                  return maker.make(i).toRgb();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public int size() {
    return index.entries().size();
  }

  @Override
  public String name(int picture) {
    return index.entries().get(picture).source().file();
  }

  @Override
  public int height(int picture) {
    return index.entries().get(picture).height();
  }

  @Override
  public int width(int picture) {
    return index.entries().get(picture).width();
  }

  @Override
  public Image crop(int picture, int top, int left, int height, int width) {
    MappedIndex.Entry entry = index.entries().get(picture);
    if (top < 0
        || left < 0
        || height < 1
        || width < 1
        || height > entry.height() - top
        || width > entry.width() - left) {
      throw new IllegalArgumentException(
          "a crop of %dx%d at (%d, %d) is not inside %s of %dx%d"
              .formatted(height, width, top, left, name(picture), entry.height(), entry.width()));
    }
    int line = width * CHANNELS;
    byte[] samples = new byte[Math.multiplyExact(height, line)];
    for (int y = 0; y < height; y++) {
      long from = entry.offset() + ((long) (top + y) * entry.width() + left) * CHANNELS;
      MemorySegment.copy(file, JAVA_BYTE, from, samples, y * line, line);
    }
    return Image.wrap(height, width, CHANNELS, samples);
  }
}
