package io.github.taipan.nn.checkpoint;

import io.github.taipan.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The safetensors format: the header's length in 8 bytes, the header in JSON, then the tensors'
 * bytes, which together fill the rest of the file with neither a gap nor an overlap.
 */
final class Safetensors {
  private static final String METADATA = "__metadata__";
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");
  private static final int LENGTH_BYTES = 8;

  /** Room for 100,000 tensors; a longer header is taken for an attack on the memory. */
  private static final long LONGEST_HEADER = 16L << 20;

  private Safetensors() {}

  /** Where a tensor lies; offsets count from the end of the header. */
  private record Place(String name, Dtype dtype, Shape shape, long begin, long end) {}

  static Checkpoint read(Bytes file) throws IOException {
    byte[] head = file.read(0, LENGTH_BYTES, "the header's length");
    long headerLength = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerLength < 0 || headerLength > LONGEST_HEADER) {
      throw new CheckpointException(
          "has a header of %s bytes, and at most %d are accepted"
              .formatted(Long.toUnsignedString(headerLength), LONGEST_HEADER));
    }
    Object header = Json.parse(file.read(LENGTH_BYTES, headerLength, "the header"));
    if (!(header instanceof Map<?, ?> fields)) {
      throw new CheckpointException("has a header that is no object");
    }

    Map<String, String> metadata = Map.of();
    List<Place> places = new ArrayList<>();
    for (Map.Entry<?, ?> field : fields.entrySet()) {
      String name = (String) field.getKey();
      if (name.equals(METADATA)) {
        metadata = metadata(field.getValue());
      } else {
        places.add(place(name, field.getValue()));
      }
    }
    long dataStart = LENGTH_BYTES + headerLength;
    checkCover(places, file.size() - dataStart);

    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    for (Place place : places) {
      long length = place.end - place.begin;
      byte[] bytes = file.read(dataStart + place.begin, length, Entry.named(place.name));
      entries.put(place.name, new Entry(place.shape, place.dtype, bytes));
    }
    return new Checkpoint(entries, metadata);
  }

  static void write(Checkpoint checkpoint, FileChannel channel) throws IOException {
    // The widest values come first, so that each tensor is aligned to its own values.
    List<Map.Entry<String, Entry>> ordered = new ArrayList<>(checkpoint.entries().entrySet());
    ordered.sort(Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes()));
    Map<String, Long> begins = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, Entry> entry : ordered) {
      begins.put(entry.getKey(), end);
      end += entry.getValue().buffer().remaining();
    }

    writeFully(channel, header(checkpoint, begins));
    for (Map.Entry<String, Entry> entry : ordered) {
      writeFully(channel, entry.getValue().buffer());
    }
  }

  private static ByteBuffer header(Checkpoint checkpoint, Map<String, Long> begins)
      throws CheckpointException {
    StringJoiner header = new StringJoiner(",", "{", "}");
    if (!checkpoint.metadata().isEmpty()) {
      StringJoiner metadata = new StringJoiner(",", "{", "}");
      checkpoint
          .metadata()
          .forEach((key, value) -> metadata.add(Json.quote(key) + ":" + Json.quote(value)));
      header.add(Json.quote(METADATA) + ":" + metadata);
    }
    for (Map.Entry<String, Entry> named : checkpoint.entries().entrySet()) {
      Entry entry = named.getValue();
      if (named.getKey().equals(METADATA)) {
        throw new CheckpointException("a tensor may not be named " + METADATA);
      }
      long begin = begins.getOrDefault(named.getKey(), 0L);
      header.add(
          "%s:{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(
                  Json.quote(named.getKey()),
                  entry.dtype(),
                  entry.shape().toString().replace(" ", ""),
                  begin,
                  begin + entry.buffer().remaining()));
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + LENGTH_BYTES - 1) / LENGTH_BYTES * LENGTH_BYTES;
    if (padded > LONGEST_HEADER) {
      throw new CheckpointException("the header would be longer than " + LONGEST_HEADER + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.allocate(LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(padded).put(json);
    while (buffer.hasRemaining()) {
      buffer.put((byte) ' ');
    }
    return buffer.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static Map<String, String> metadata(@Nullable Object json) throws CheckpointException {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (json instanceof Map<?, ?> fields) {
      for (Map.Entry<?, ?> field : fields.entrySet()) {
        if (field.getKey() instanceof String key && field.getValue() instanceof String value) {
          metadata.put(key, value);
        }
      }
      if (metadata.size() == fields.size()) {
        return metadata;
      }
    }
    throw new CheckpointException("has metadata that is not a table of texts");
  }

  private static Place place(String name, @Nullable Object json) throws CheckpointException {
    String tensor = Entry.named(name);
    if (!(json instanceof Map<?, ?> fields) || !fields.keySet().equals(FIELDS)) {
      throw new CheckpointException(tensor + " should have dtype, shape and data_offsets, no more");
    }
    Dtype dtype = dtype(tensor, fields.get("dtype"));
    List<Long> sizes = numbers(tensor, "shape", fields.get("shape"));
    Shape shape = Entry.shape(name, dtype, sizes);
    List<Long> offsets = numbers(tensor, "data_offsets", fields.get("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) < offsets.get(0)) {
      throw new CheckpointException(tensor + " has data_offsets that are no range");
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    long expected = (long) shape.elements() * dtype.bytes();
    if (end - begin != expected) {
      throw new CheckpointException(
          "%s has %d bytes, and shape %s of %s takes %d"
              .formatted(tensor, end - begin, shape, dtype, expected));
    }
    return new Place(name, dtype, shape, begin, end);
  }

  private static Dtype dtype(String tensor, @Nullable Object json) throws CheckpointException {
    for (Dtype dtype : Dtype.values()) {
      if (dtype.name().equals(json)) {
        return dtype;
      }
    }
    String given = json instanceof String text ? CheckpointException.quote(text) : "no text";
    throw new CheckpointException(tensor + " has an unknown dtype: " + given);
  }

  private static List<Long> numbers(String tensor, String field, @Nullable Object json)
      throws CheckpointException {
    List<Long> numbers = new ArrayList<>();
    if (json instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof Long number) {
          numbers.add(number);
        }
      }
      if (numbers.size() == items.size()) {
        return numbers;
      }
    }
    throw new CheckpointException(tensor + " has a " + field + " that is no list of whole numbers");
  }

  /** The tensors, sorted by place, must follow each other and end where the file ends. */
  private static void checkCover(List<Place> places, long available) throws CheckpointException {
    List<Place> sorted = new ArrayList<>(places);
    sorted.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
    long covered = 0;
    for (Place place : sorted) {
      String tensor = Entry.named(place.name);
      if (place.end > available) {
        throw new CheckpointException(
            "is truncated: %s ends at data byte %d, and the file has %d"
                .formatted(tensor, place.end, available));
      }
      if (place.begin < covered) {
        throw new CheckpointException(
            tensor + " overlaps the tensor before it at data byte " + place.begin);
      }
      if (place.begin > covered) {
        throw new CheckpointException(
            "has a hole of %d bytes before %s".formatted(place.begin - covered, tensor));
      }
      covered = place.end;
    }
    if (covered < available) {
      throw new CheckpointException(
          "has %d bytes after its last tensor".formatted(available - covered));
    }
  }
}
