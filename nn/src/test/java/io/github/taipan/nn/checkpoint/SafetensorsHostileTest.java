package io.github.taipan.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged and hostile safetensors: each gives its sentence, and takes no memory it has no bytes
 * for.
 */
class SafetensorsHostileTest {
  private static final String A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void isRefused(String name, byte[] bytes, String sentence) throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, bytes);
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> Checkpoint.read(file), name);
    assertEquals(file + ": " + sentence, refused.getMessage());
  }

  static Stream<Arguments> files() {
    return Stream.of(
        hostile("empty", new byte[0], "is empty"),
        hostile(
            "another format",
            "\u0089PNG\r\n\u001a\n....".getBytes(StandardCharsets.ISO_8859_1),
            "is no checkpoint: neither safetensors nor a file written by torch.save"),
        hostile(
            "a header of 2^63 bytes",
            file(Long.MIN_VALUE, "{}", 0),
            "has a header of 9223372036854775808 bytes, and at most 16777216 are accepted"),
        hostile(
            "a header of 2^64 - 1 bytes",
            file(-1, "{}", 0),
            "has a header of 18446744073709551615 bytes, and at most 16777216 are accepted"),
        hostile(
            "a header longer than the file",
            file(1 << 20, "{}", 0),
            "is truncated: the header should take 1048576 bytes from byte 8,"
                + " and there are 10 in all"),
        hostile(
            "no JSON", file("{\"a\":", 0), "has a bad header at character 5: it ends too early"),
        hostile(
            "more after the header",
            file("{}{}", 0),
            "has a bad header at character 2: expected the end"),
        hostile(
            "deep nesting",
            file("{\"a\":" + "[".repeat(100_000), 0),
            "has a bad header at character 13: nested too deeply"),
        hostile(
            "a number beyond 64 bits",
            file(tensor("F32", "[99999999999999999999]", "[0,8]"), 8),
            "has a bad header at character 49: a number beyond 64 bits"),
        hostile(
            "a fraction",
            file(tensor("F32", "[2.5]", "[0,8]"), 8),
            "has a bad header at character 32: expected a whole number"),
        hostile(
            "the same key twice",
            file("{" + A + "," + A + "}", 8),
            "has a bad header at character 106: the key 'a' comes twice"),
        hostile(
            "a header that is not UTF-8",
            file("{\"\u00ff\":1}", 0, StandardCharsets.ISO_8859_1),
            "has a header that is not UTF-8"),
        hostile(
            "half a surrogate pair",
            file("{\"\\ud800\":1}", 0),
            "has a bad header at character 9: half a surrogate pair in a text"),
        hostile(
            "metadata that is no text",
            file("{\"__metadata__\":{\"a\":1}}", 0),
            "has metadata that is not a table of texts"),
        hostile(
            "a tensor that is a number",
            file("{\"a\":1}", 0),
            "tensor 'a' should have dtype, shape and data_offsets, no more"),
        hostile(
            "a tensor without offsets",
            file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8),
            "tensor 'a' should have dtype, shape and data_offsets, no more"),
        hostile(
            "an unknown dtype",
            file(tensor("F8_E4M3", "[8]", "[0,8]"), 8),
            "tensor 'a' has an unknown dtype: F8_E4M3"),
        hostile(
            "a negative size",
            file(tensor("F32", "[-2,-1]", "[0,8]"), 8),
            "tensor 'a' has a negative size in its shape"),
        hostile(
            "a shape whose product overflows",
            file(tensor("F32", "[4294967296,4294967296,4294967296]", "[0,8]"), 8),
            "tensor 'a' is too large: over 2 GiB by its shape"),
        hostile(
            "a thousand axes",
            file(tensor("F32", "[1" + ",1".repeat(999) + "]", "[0,4]"), 4),
            "tensor 'a' has 1000 axes"),
        hostile(
            "offsets that run backwards",
            file(tensor("F32", "[2]", "[8,0]"), 8),
            "tensor 'a' has data_offsets that are no range"),
        hostile(
            "a negative offset",
            file(tensor("F32", "[2]", "[-8,0]"), 8),
            "tensor 'a' has data_offsets that are no range"),
        hostile(
            "offsets near 2^63",
            file(tensor("F32", "[2]", "[9223372036854775799,9223372036854775807]"), 8),
            "is truncated: tensor 'a' ends at data byte 9223372036854775807, and the file has 8"),
        hostile(
            "a range that does not match the shape",
            file(tensor("F32", "[3]", "[0,8]"), 8),
            "tensor 'a' has 8 bytes, and shape [3] of F32 takes 12"),
        hostile(
            "tensors that overlap",
            file("{" + A + "," + b("[4,12]") + "}", 12),
            "tensor 'b' overlaps the tensor before it at data byte 4"),
        hostile(
            "two tensors in one place",
            file("{" + A + "," + b("[0,8]") + "}", 8),
            "tensor 'b' overlaps the tensor before it at data byte 0"),
        hostile(
            "a hole",
            file("{" + A + "," + b("[12,20]") + "}", 20),
            "has a hole of 4 bytes before tensor 'b'"),
        hostile(
            "bytes after the last tensor",
            file("{" + A + "}", 9),
            "has 1 bytes after its last tensor"),
        hostile(
            "truncated in a tensor",
            file("{" + A + "}", 7),
            "is truncated: tensor 'a' ends at data byte 8, and the file has 7"),
        hostile(
            "control characters in a name",
            file("{\"\\u001b[2J\":1}", 0),
            "tensor '?[2J' should have dtype, shape and data_offsets, no more"),
        hostile(
            "a name with and without the prefix",
            file("{" + A + "," + b("[8,16]").replace("\"b\"", "\"module.a\"") + "}", 16),
            "tensor 'a' is there twice, with and without 'module.'"));
  }

  private static Arguments hostile(String name, byte[] bytes, String sentence) {
    return Arguments.of(name, bytes, sentence);
  }

  private static String b(String offsets) {
    return "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + offsets + "}";
  }

  private static String tensor(String dtype, String shape, String offsets) {
    return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  private static byte[] file(String header, int data) {
    return file(header, data, StandardCharsets.UTF_8);
  }

  private static byte[] file(String header, int data, Charset charset) {
    byte[] json = header.getBytes(charset);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
    return file.putLong(json.length).put(json).array();
  }

  private static byte[] file(long headerLength, String header, int data) {
    byte[] file = file(header, data);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength);
    return file;
  }
}
