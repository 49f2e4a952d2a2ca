package io.github.taipan.nn.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Bytes that can be read at any position; a read is checked against the size before it allocates.
 */
sealed interface Bytes {

  /** How many bytes there are. */
  long size();

  /** Fills the buffer from an offset; the range is known to be inside. */
  void fill(ByteBuffer buffer, long offset) throws IOException;

  /** The bytes of a range; {@code what} names them in the error. */
  default byte[] read(long offset, long length, String what) throws IOException {
    if (offset < 0 || length < 0 || length > size() - offset) {
      throw new CheckpointException(
          "is truncated: %s should take %d bytes from byte %d, and there are %d in all"
              .formatted(what, length, offset, size()));
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw new CheckpointException(what + " is too large: over 2 GiB");
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) length);
    fill(buffer, offset);
    return buffer.array();
  }

  /** Bytes in memory. */
  final class InMemory implements Bytes {
    private final byte[] bytes;

    InMemory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void fill(ByteBuffer buffer, long offset) {
      buffer.put(bytes, (int) offset, buffer.remaining());
    }
  }

  /** An open file. */
  record InFile(Path path, FileChannel channel, long size) implements Bytes, AutoCloseable {

    static InFile open(Path path) throws IOException {
      if (Files.isDirectory(path)) {
        throw new CheckpointException("is a folder, not a checkpoint");
      }
      FileChannel channel = FileChannel.open(path);
      return new InFile(path, channel, channel.size());
    }

    @Override
    public void fill(ByteBuffer buffer, long offset) throws IOException {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new CheckpointException("shrank while it was read");
        }
      }
    }

    /** The bytes from the start; closing the stream closes the file. */
    InputStream stream() throws IOException {
      return Channels.newInputStream(channel.position(0));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
