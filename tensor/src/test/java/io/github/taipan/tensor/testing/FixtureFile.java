package io.github.taipan.tensor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A trusted {@code .safetensors} fixture, read whole: for tests of the modules below {@code nn},
 * which has the careful reader. Bytes become 0 to 255.
 */
public final class FixtureFile {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\"([^\"]+)\":\\{\"dtype\":\"(\\w+)\",\"shape\":\\[([\\d,]*)],"
              + "\"data_offsets\":\\[(\\d+),(\\d+)]}");

  private record Entry(int[] shape, float[] values) {}

  private final String file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private FixtureFile(String file, ByteBuffer bytes) {
    this.file = file;
    int headerLength = Math.toIntExact(bytes.getLong(0));
    String header = StandardCharsets.UTF_8.decode(bytes.slice(8, headerLength)).toString();
    for (Matcher entry = ENTRY.matcher(header.replace(" ", "")); entry.find(); ) {
      int[] shape =
          Stream.of(entry.group(3).split(","))
              .filter(size -> !size.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      int start = 8 + headerLength + Integer.parseInt(entry.group(4));
      float[] values = new float[elements(shape)];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (entry.group(2)) {
              case "F32" -> bytes.getFloat(start + 4 * i);
              case "U8" -> bytes.get(start + i) & 0xff;
              default -> throw new IllegalArgumentException(file + " has dtype " + entry.group(2));
            };
      }
      entries.put(entry.group(1), new Entry(shape, values));
    }
  }

  /** Reads a fixture, named relative to {@code tests/fixtures}. */
  public static FixtureFile load(String name) {
    try {
      byte[] bytes = Files.readAllBytes(Fixtures.path(name));
      return new FixtureFile(name, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of the tensors, in the file's order. */
  public Set<String> names() {
    return entries.keySet();
  }

  /** A copy of a tensor's values, row-major. */
  public float[] values(String name) {
    return entry(name).values.clone();
  }

  /** The sizes of a tensor's axes, none for a scalar. */
  public int[] shape(String name) {
    return entry(name).shape.clone();
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(file + " has no tensor " + name);
    }
    return entry;
  }

  private static int elements(int[] shape) {
    int elements = 1;
    for (int size : shape) {
      elements *= size;
    }
    return elements;
  }
}
