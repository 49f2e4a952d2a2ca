package io.github.taipan.nn.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;

/** Files that are there whole or not at all, whatever happens while they are written. */
public final class AtomicFile {
  /** The names of files that are being written: a dot, the name, and a UUID. */
  private static final Pattern ASIDE = Pattern.compile("\\..+\\.[-0-9a-f]{36}");

  private AtomicFile() {}

  /** What writes the content. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to the channel, which is closed by its owner. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Checks, before any work, that a file could be written.
   *
   * @throws IOException one sentence: its place is a folder, or in none that can be written to
   */
  public static void check(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    String obstacle =
        folder == null || Files.isDirectory(file)
            ? "it is a folder"
            : !Files.isDirectory(folder)
                ? "there is no such folder"
                : !Files.isWritable(folder) ? "its folder is not writable" : "";
    if (!obstacle.isEmpty()) {
      throw new IOException("%s cannot be written: %s".formatted(file, obstacle));
    }
  }

  /** Writes a text in UTF-8, as {@link #write(Path, Content)} does. */
  public static void write(Path file, String text) throws IOException {
    write(
        file,
        channel -> {
          ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /**
   * Writes a file beside its place, forces it to the disk, then renames it over what was there.
   * Where anything fails, the old file stays as it was and nothing is left beside it. A thread that
   * is interrupted meanwhile stays so, and the file is written all the same; the content may be
   * asked for again.
   */
  public static void write(Path file, Content content) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!writeUnlessInterrupted(file, content)) {
        interrupted = Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean writeUnlessInterrupted(Path file, Content content) throws IOException {
    Path place = file.toAbsolutePath();
    Path aside = place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (ClosedByInterruptException e) {
      return false;
    } finally {
      Files.deleteIfExists(aside);
    }
    forceFolder(place);
    return true;
  }

  /**
   * Deletes what programs left in a folder that were killed while they wrote; none may be writing
   * there now.
   */
  public static void sweep(Path folder) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            folder, file -> ASIDE.matcher(file.getFileName().toString()).matches())) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Makes the rename itself last; a system that cannot open folders makes it last in its own way.
   */
  private static void forceFolder(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // The file is complete and in place; only its durability is left to the system.
    }
  }
}
