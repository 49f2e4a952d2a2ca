package io.github.taipan.nn.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Named tensors in order, and text metadata beside them. Immutable.
 *
 * <p>Reads safetensors and the files of PyTorch's {@code torch.save} (the zip format and the one
 * before it), told apart by their content; writes safetensors.
 *
 * @param entries the tensors by name, in the order of the file
 * @param metadata text by name; empty for PyTorch's files
 */
public record Checkpoint(SequencedMap<String, Entry> entries, Map<String, String> metadata) {
  /** The averaged weights where there are any: how super-resolution networks are loaded. */
  public static final List<String> AVERAGED_FIRST = List.of("params_ema", "params", "state_dict");

  /** The plain weights: how deraining networks are loaded. */
  public static final List<String> PLAIN_FIRST = List.of("params", "state_dict");

  private static final String DATA_PARALLEL_PREFIX = "module.";

  public Checkpoint {
    entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** Reads a file, preferring {@link #AVERAGED_FIRST averaged weights} where several are inside. */
  public static Checkpoint read(Path file) throws CheckpointException {
    return read(file, AVERAGED_FIRST);
  }

  /**
   * Reads a file. A PyTorch file may hold several dictionaries of tensors: the first of {@code
   * preference} that is there is read, or the top level where none is; what is no tensor is passed
   * over. A leading {@code module.} is dropped from each name.
   *
   * @param preference keys of the top level, best first
   * @throws CheckpointException one sentence that names the file and what is wrong with it
   */
  public static Checkpoint read(Path file, List<String> preference) throws CheckpointException {
    try (Bytes.InFile bytes = Bytes.InFile.open(file)) {
      Checkpoint read =
          switch (Format.of(bytes)) {
            case SAFETENSORS -> Safetensors.read(bytes);
            case PYTORCH_ZIP -> PyTorchZip.read(bytes, preference);
            case PYTORCH_LEGACY -> PyTorchLegacy.read(bytes, preference);
          };
      return read.withoutPrefix();
    } catch (CheckpointException e) {
      throw e.in(file);
    } catch (NoSuchFileException e) {
      throw new CheckpointException("there is no such file").in(file);
    } catch (AccessDeniedException e) {
      throw new CheckpointException("may not be read").in(file);
    } catch (IOException e) {
      throw new CheckpointException("cannot be read: " + e.getMessage()).in(file);
    }
  }

  /**
   * Reads safetensors from a stream, such as a resource on the class path, to its end.
   *
   * @throws CheckpointException one sentence about what is wrong with it
   */
  public static Checkpoint read(InputStream safetensors) throws IOException {
    return Safetensors.read(new Bytes.InMemory(safetensors.readAllBytes())).withoutPrefix();
  }

  /**
   * The tensor of a name.
   *
   * @throws CheckpointException where there is none
   */
  public Entry entry(String name) throws CheckpointException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new CheckpointException("holds no " + Entry.named(name));
    }
    return entry;
  }

  /**
   * Writes safetensors. The file is there whole or not at all: it is written aside, forced to the
   * disk and renamed.
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, channel -> Safetensors.write(this, channel));
  }

  private Checkpoint withoutPrefix() throws CheckpointException {
    SequencedMap<String, Entry> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      String name = entry.getKey();
      String bare =
          name.startsWith(DATA_PARALLEL_PREFIX)
              ? name.substring(DATA_PARALLEL_PREFIX.length())
              : name;
      if (renamed.put(bare, entry.getValue()) != null) {
        throw new CheckpointException(
            Entry.named(bare) + " is there twice, with and without 'module.'");
      }
    }
    return new Checkpoint(renamed, metadata);
  }

  /** The formats, by their first bytes. */
  private enum Format {
    SAFETENSORS,
    PYTORCH_ZIP,
    PYTORCH_LEGACY;

    static Format of(Bytes.InFile file) throws IOException {
      if (file.size() == 0) {
        throw new CheckpointException("is empty");
      }
      byte[] head = file.read(0, Math.min(file.size(), 9), "the first bytes");
      if (head.length == 9 && head[8] == '{') {
        return SAFETENSORS;
      }
      if (head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4) {
        return PYTORCH_ZIP;
      }
      if (head[0] == (byte) 0x80) {
        return PYTORCH_LEGACY;
      }
      throw new CheckpointException(
          "is no checkpoint: neither safetensors nor a file written by torch.save");
    }
  }
}
