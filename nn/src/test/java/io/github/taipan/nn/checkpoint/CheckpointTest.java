package io.github.taipan.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.tensor.testing.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final FixtureFile TINY = FixtureFile.load("tiny8_realsr_weights.safetensors");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny8_realsr_weights.safetensors",
        "pth/basicsr_zip.pth",
        "pth/basicsr_legacy.pth",
        "pth/state_dict_module_prefix.pth"
      })
  void everyFormatGivesTheSameWeights(String file) throws IOException {
    assertTiny(Checkpoint.read(Fixtures.path(file), Checkpoint.PLAIN_FIRST), 1);
  }

  @Test
  void averagedWeightsArePreferredWhereAskedFor() throws IOException {
    assertTiny(Checkpoint.read(Fixtures.path("pth/basicsr_zip.pth")), 0.5f);
    assertTiny(Checkpoint.read(Fixtures.path("pth/basicsr_legacy.pth")), 1);
    CheckpointException refused =
        assertThrows(
            CheckpointException.class,
            () -> Checkpoint.read(Fixtures.path("pth/basicsr_zip.pth"), List.of("absent")));
    assertTrue(refused.getMessage().endsWith("the keys of its top level: params, params_ema"));
  }

  private static void assertTiny(Checkpoint checkpoint, float scale) throws IOException {
    assertEquals(TINY.names().size(), checkpoint.entries().size());
    for (String name : TINY.names()) {
      Entry entry = checkpoint.entry(name);
      assertEquals(Dtype.F32, entry.dtype(), name);
      assertEquals(Shape.of(TINY.shape(name)), entry.shape(), name);
      float[] expected = TINY.values(name);
      for (int i = 0; i < expected.length; i++) {
        expected[i] *= scale;
      }
      assertArrayEquals(expected, entry.floats(), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pth/views_zip.pt", "pth/views_legacy.pt"})
  void viewsAndDtypesAreRead(String file) throws IOException {
    Checkpoint views = Checkpoint.read(Fixtures.path(file));
    assertEquals(
        List.of(
            "contiguous F32 [4, 6]",
            "transposed F32 [6, 4]",
            "shared_a F32 [3, 4]",
            "shared_b F32 [3, 4]",
            "stride0 F32 [4, 3]",
            "half F16 [7]",
            "bfloat16 BF16 [7]",
            "double F64 [5]",
            "int64 I64 [3]",
            "scalar F32 []",
            "empty F32 [0, 3]",
            "parameter F32 [2, 2]"),
        views.entries().entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
    for (int i = 0; i < 24; i++) {
      assertEquals(i, views.entry("contiguous").floats()[i]);
      assertEquals(i % 4 * 6 + i / 4, views.entry("transposed").floats()[i]);
    }
    for (int i = 0; i < 12; i++) {
      assertEquals(i, views.entry("shared_a").floats()[i]);
      assertEquals(i + 6, views.entry("shared_b").floats()[i]);
      assertEquals(i % 3 + 1, views.entry("stride0").floats()[i]);
    }
    float tiny = -5.960464477539063e-08f;
    assertArrayEquals(
        new float[] {-2, -1.3330078f, -0.6665039f, tiny, 0.6665039f, 1.3330078f, 2},
        views.entry("half").floats());
    assertArrayEquals(
        new float[] {-2, -1.3359375f, -0.66796875f, tiny, 0.66796875f, 1.3359375f, 2},
        views.entry("bfloat16").floats());
    assertArrayEquals(new double[] {-1, -0.5, 0, 0.5, 1}, views.entry("double").doubles());
    assertArrayEquals(new long[] {1, -2, 3}, views.entry("int64").longs());
    assertArrayEquals(new float[] {3.5f}, views.entry("scalar").floats());
    assertArrayEquals(new float[0], views.entry("empty").floats());
    assertArrayEquals(new float[] {1, 1, 1, 1}, views.entry("parameter").floats());
  }

  @Test
  void thePickleThatCallsIsRefused() {
    Path file = Fixtures.path("pth/hostile_reduce.pth");
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> Checkpoint.read(file));
    assertEquals(
        file
            + ": is refused: its pickle names posix.getcwd,"
            + " and nothing but tensors and plain values is read",
        refused.getMessage());
  }

  @Test
  void everyFixtureIsReadAsTheTestsReadIt() throws IOException {
    int tensors = 0;
    try (Stream<Path> files = Files.list(Fixtures.path("."))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        Checkpoint checkpoint = Checkpoint.read(file);
        FixtureFile expected = FixtureFile.load(file.getFileName().toString());
        assertEquals(List.copyOf(expected.names()), List.copyOf(checkpoint.entries().keySet()));
        for (String name : expected.names()) {
          assertArrayEquals(expected.values(name), checkpoint.entry(name).floats(), name);
          tensors++;
        }
      }
    }
    assertTrue(tensors > 3000, "only " + tensors + " tensors found");
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    entries.put("bytes", Entry.of(Shape.of(3), Dtype.U8, new byte[] {0, 127, -1}));
    entries.put("é \"quoted\" \\ \n", Entry.of(Shape.of(2, 1), new float[] {1.5f, Float.NaN}));
    entries.put("empty", Entry.of(Shape.of(0, 4), new float[0]));
    entries.put("step", Entry.of(Shape.of(), new long[] {Long.MIN_VALUE}));
    entries.put("truth", Entry.of(Shape.of(2), Dtype.BOOL, new byte[] {0, 1}));
    entries.put("small", Entry.of(Shape.of(2), Dtype.I8, new byte[] {-128, 127}));
    entries.put("exact", Entry.of(Shape.of(1), new double[] {0.1}));
    Checkpoint written = new Checkpoint(entries, Map.of("dim", "8", "note", "a\tb"));
    Path file = folder.resolve("model.safetensors");
    written.write(file);
    written.write(file);

    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(0, bytes[0] % 8, "the data start at a multiple of 8");
    Checkpoint read = Checkpoint.read(file);
    assertEquals(written.metadata(), read.metadata());
    assertEquals(List.copyOf(entries.keySet()), List.copyOf(read.entries().keySet()));
    for (String name : entries.keySet()) {
      Entry again = read.entry(name);
      assertEquals(written.entry(name).toString(), again.toString());
      assertEquals(written.entry(name).buffer(), again.buffer(), name);
    }
    assertArrayEquals(new long[] {0, 127, 255}, read.entry("bytes").longs());
    assertArrayEquals(new long[] {0, 1}, read.entry("truth").longs());
    assertArrayEquals(new double[] {-128, 127}, read.entry("small").doubles());
    assertEquals(
        read.entries().keySet(), Checkpoint.read(Files.newInputStream(file)).entries().keySet());
  }

  @Test
  void aFailedWriteLeavesTheOldFileAlone() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.writeString(file, "old");
    assertThrows(
        IOException.class,
        () ->
            AtomicFile.write(
                file,
                channel -> {
                  channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                  throw new IOException("the disk is full");
                }));
    assertEquals("old", Files.readString(file));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void aPyTorchFileConverts() throws IOException {
    Path file = folder.resolve("converted.safetensors");
    Checkpoint.read(Fixtures.path("pth/basicsr_zip.pth"), Checkpoint.PLAIN_FIRST).write(file);
    assertTiny(Checkpoint.read(file), 1);
  }

  @Test
  void everyHalfAndBfloat16IsExact() {
    byte[] bytes = new byte[2 << 16];
    for (int bits = 0; bits < 1 << 16; bits++) {
      bytes[2 * bits] = (byte) bits;
      bytes[2 * bits + 1] = (byte) (bits >> 8);
    }
    float[] halves = Entry.of(Shape.of(1 << 16), Dtype.F16, bytes).floats();
    float[] bfloats = Entry.of(Shape.of(1 << 16), Dtype.BF16, bytes).floats();
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertEquals(value(bits, 5, 10), halves[bits]);
      assertEquals(value(bits, 8, 7), bfloats[bits]);
    }
  }

  /** The value of a sign, an exponent and a fraction, as IEEE 754 defines it. */
  private static float value(int bits, int exponentBits, int fractionBits) {
    int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
    double fraction = Math.scalb((double) (bits & ((1 << fractionBits) - 1)), -fractionBits);
    int bias = (1 << (exponentBits - 1)) - 1;
    double magnitude;
    if (exponent == (1 << exponentBits) - 1) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb(fraction, 1 - bias);
    } else {
      magnitude = Math.scalb(1 + fraction, exponent - bias);
    }
    return (float) (bits >> 15 == 0 ? magnitude : -magnitude);
  }

  @Test
  void integersAreNotReadFromFloats() {
    Entry entry = Entry.of(Shape.of(1), new float[] {1});
    assertThrows(IllegalArgumentException.class, entry::longs);
    assertFalse(Dtype.I64.isFloat());
  }
}
