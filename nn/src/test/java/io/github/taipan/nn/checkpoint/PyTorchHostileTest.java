package io.github.taipan.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged and hostile PyTorch files: each gives its sentence, and nothing they name is run. */
class PyTorchHostileTest {
  private static final String ONLY_TENSORS = ", and nothing but tensors and plain values is read";
  private static final long[] TWO = {2};
  private static final long[] ONE = {1};

  @TempDir Path folder;

  /**
   * What {@link PickleWriter} makes is right, so that the files below are wrong in one way only.
   */
  @Test
  void thePlainFilesAreRead() throws IOException {
    byte[] zip = PickleWriter.zip(PickleWriter.vector(), 8);
    byte[] legacy = PickleWriter.legacy(PickleWriter.vector(), List.of("0"), 2, 8);
    for (byte[] bytes : List.of(zip, legacy)) {
      Checkpoint read = Checkpoint.read(Files.write(folder.resolve("model.pth"), bytes));
      assertArrayEquals(new float[2], read.entry("a").floats());
    }
  }

  @Test
  void valuesThatHoldThemselvesAreNoTrouble() throws IOException {
    PickleWriter pickle = new PickleWriter().op('}', 'q', 0, '(');
    pickle.text("a").tensor("0", 2, 0, TWO, ONE);
    pickle.text("self").op('h', 0);
    pickle.text("list").op(']', 'q', 1, '(', 'h', 1, 'h', 1, 'e');
    // Each level holds the one before it twice: 2^200 leaves, were they ever walked through.
    pickle.text("laughs").op(')');
    for (int i = 0; i < 200; i++) {
      pickle.op('q', 2, 'h', 2, 0x86);
    }
    byte[] bytes = PickleWriter.zip(pickle.op('u').stop(), 8);
    Checkpoint read = Checkpoint.read(Files.write(folder.resolve("model.pth"), bytes));
    assertEquals(List.of("a"), List.copyOf(read.entries().keySet()));
  }

  @Test
  void bigEndianStoragesAreReversed() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", PickleWriter.vector());
    entries.put("archive/byteorder", "big".getBytes(StandardCharsets.UTF_8));
    entries.put("archive/data/0", ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2).array());
    byte[] bytes = PickleWriter.zip(entries, ZipEntry.STORED);
    Checkpoint read = Checkpoint.read(Files.write(folder.resolve("model.pth"), bytes));
    assertArrayEquals(new float[] {1.5f, -2}, read.entry("a").floats());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"pickles", "zips", "legacies"})
  void isRefused(String name, byte[] bytes, String sentence) throws IOException {
    Path file = Files.write(folder.resolve("model.pth"), bytes);
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> Checkpoint.read(file), name);
    assertEquals(file + ": " + sentence, refused.getMessage());
  }

  @Test
  void folderAndMissingFileAreNamed() {
    assertTrue(message(folder).endsWith(": is a folder, not a checkpoint"));
    assertTrue(message(folder.resolve("none.pth")).endsWith(": there is no such file"));
  }

  private static String message(Path file) {
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> Checkpoint.read(file));
    return refused.getMessage();
  }

  static Stream<Arguments> pickles() {
    return Stream.of(
        pickle(
            "os.system by GLOBAL and REDUCE",
            start().global("os", "system").text("id").op(0x85, 'R'),
            "is refused: its pickle names os.system" + ONLY_TENSORS),
        pickle(
            "builtins.eval by STACK_GLOBAL",
            start().op(0x8c, 8).raw(ascii("builtins")).op(0x8c, 4).raw(ascii("eval")).op(0x93),
            "is refused: its pickle names builtins.eval" + ONLY_TENSORS),
        pickle(
            "subprocess.Popen by INST",
            start().op('(').text("id").op('i').raw(ascii("subprocess\nPopen\n")),
            "is refused: its pickle names subprocess.Popen" + ONLY_TENSORS),
        pickle(
            "a name that starts like a known one",
            start().global("torch", "FloatStorage.__reduce__"),
            "is refused: its pickle names torch.FloatStorage.__reduce__" + ONLY_TENSORS),
        pickle(
            "a known name made an object by NEWOBJ",
            start().global("collections", "OrderedDict").op(')', 0x81),
            "is refused: its pickle has the instruction 0x81, which no file of tensors needs"),
        pickle(
            "a storage's type called",
            start().global("torch", "FloatStorage").op(')', 'R'),
            "is refused: its pickle calls what is no function"),
        pickle(
            "a call of a text",
            start().text("x").op(')', 'R'),
            "is refused: its pickle calls what is no function"),
        pickle(
            "an OrderedDict of arguments",
            start().global("collections", "OrderedDict").op(']', 0x85, 'R'),
            "describes an OrderedDict in a way that torch.save does not"),
        pickle(
            "a Parameter of no tensor",
            start().global("torch._utils", "_rebuild_parameter").op('N', 0x85, 'R'),
            "describes a Parameter in a way that torch.save does not"),
        pickle(
            "attributes for a list",
            start().op(']', '}', 'b'),
            "has a damaged pickle: it gives attributes to what is no dictionary"),
        pickle(
            "a storage that is no tuple",
            start().text("0").op('Q'),
            "describes a storage in a way that torch.save does not"),
        pickle(
            "an extension's code",
            start().op(0x82, 1),
            "is refused: its pickle has the instruction 0x82, which no file of tensors needs"),
        pickle(
            "more taken from the stack than is there",
            new PickleWriter().op('0'),
            "has a damaged pickle: it takes more from its stack than is there"),
        pickle(
            "a mark that is not there",
            new PickleWriter().op('t'),
            "has a damaged pickle: it looks for a mark that is not there"),
        pickle(
            "the stack below a mark",
            start().op('(', 's'),
            "has a damaged pickle: it takes more from its stack than is there"),
        pickle(
            "a memo that was not stored",
            start().op('j').int32(-1),
            "has a damaged pickle: it recalls what it has not stored"),
        pickle(
            "a text of 4 GiB",
            start().op('X').int32(-1),
            "is truncated: its pickle ends too early"),
        pickle(
            "a text of 2^64 - 1 bytes",
            start().op(0x8d).int32(-1).int32(-1),
            "is truncated: its pickle ends too early"),
        pickle(
            "a text that is not UTF-8",
            start().op(0x8c, 1, 0xff),
            "has a pickle with a text that is not UTF-8"),
        pickle(
            "too many steps",
            new PickleWriter().raw(filled(2_000_001, 'N')),
            "has a pickle of over 2000000 steps"),
        pickle(
            "a name without an end",
            start().op('c').raw(filled(2000, 'x')),
            "has a damaged pickle: it names a function of over 1000 letters"),
        pickle(
            "protocol 9",
            new PickleWriter().op(0x80, 9),
            "has a pickle of protocol 9, and 2 to 5 are understood"),
        pickle(
            "a list at the top",
            new PickleWriter().op(']'),
            "holds no dictionary of tensors at its top level"),
        pickle(
            "no tensor at all",
            new PickleWriter().op('}', '(').text("epoch").whole(3).op('u'),
            "holds no tensors; the keys of its top level: epoch"),
        tensor(
            "a view beyond its storage",
            PickleWriter.one("0", 2, 1, TWO, ONE),
            "tensor 'a' of shape [2] reaches beyond its storage of 2 elements"),
        tensor(
            "an offset near 2^63",
            PickleWriter.one("0", 2, Long.MAX_VALUE, TWO, ONE),
            "tensor 'a' of shape [2] reaches beyond its storage of 2 elements"),
        tensor(
            "strides whose reach overflows",
            PickleWriter.one("0", 2, 0, new long[] {3, 3}, new long[] {1L << 62, 1L << 62}),
            "tensor 'a' of shape [3, 3] reaches beyond its storage of 2 elements"),
        tensor(
            "a negative stride",
            PickleWriter.one("0", 2, 1, TWO, new long[] {-1}),
            "describes a tensor by a negative number or one beyond 64 bits"),
        tensor(
            "a shape whose product overflows",
            PickleWriter.one("0", 2, 0, new long[] {1L << 32, 1L << 32}, new long[2]),
            "tensor 'a' is too large: over 2 GiB by its shape"),
        tensor(
            "two elements expanded to a gigabyte",
            PickleWriter.one("0", 2, 0, new long[] {1 << 28}, new long[1]),
            "expands to over 16 times its size at tensor 'a'"),
        tensor(
            "sizes without strides",
            PickleWriter.one("0", 2, 0, TWO, new long[0]),
            "describes a tensor in a way that torch.save does not"),
        tensor(
            "a storage of 2^62 elements",
            PickleWriter.one("0", 1L << 62, 0, TWO, ONE),
            "has 8 bytes in storage 0, which should hold 4611686018427387904 elements of F32"),
        tensor(
            "a storage that is not there",
            PickleWriter.one("7", 2, 0, TWO, ONE),
            "lacks the entry archive/data/7"),
        tensor(
            "a storage that is a path",
            PickleWriter.one("../../secret", 2, 0, TWO, ONE),
            "names a storage '../../secret', no number"),
        tensor(
            "a storage described in two ways",
            new PickleWriter()
                .op('}', '(')
                .text("a")
                .tensor("0", 2, 0, TWO, ONE)
                .text("b")
                .tensor("0", 1, 0, ONE, ONE)
                .op('u')
                .stop(),
            "describes the storage '0' twice, differently"));
  }

  static Stream<Arguments> zips() {
    byte[] whole = PickleWriter.zip(PickleWriter.vector(), 8);
    byte[] damaged = whole.clone();
    damaged[indexOf(damaged, "torch._utils")] = 'T';
    byte[] understated = whole.clone();
    understated[indexOf(understated, "PK\u0001\u0002") + 20] ^= 1;
    byte[] overstated = whole.clone();
    int last = lastIndexOf(overstated, "PK\u0001\u0002");
    ByteBuffer.wrap(overstated)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(last + 20, 0x7ffffff0)
        .putInt(last + 24, 0x7ffffff0);
    return Stream.of(
        hostile(
            "truncated",
            Arrays.copyOf(whole, whole.length - 30),
            "is a truncated or damaged zip file: zip END header not found"),
        hostile(
            "a bomb: 32 MiB of zeros compressed",
            PickleWriter.zip(Map.of("archive/data.pkl", new byte[32 << 20]), ZipEntry.DEFLATED),
            "is refused: its entry 'archive/data.pkl' is compressed, which torch.save never does"),
        hostile(
            "an entry whose two sizes differ",
            understated,
            "is refused: its entry 'archive/data.pkl' is compressed, which torch.save never does"),
        hostile(
            "an entry larger than the file",
            overstated,
            "is refused: its entries up to 'archive/data/0' declare more bytes than the file has"),
        hostile(
            "a path that points outside",
            zip("../data.pkl", PickleWriter.vector()),
            "is refused: its entry '../data.pkl' points outside"),
        hostile(
            "an absolute path",
            zip("/data.pkl", PickleWriter.vector()),
            "is refused: its entry '/data.pkl' points outside"),
        hostile(
            "another zip file",
            zip("word/document.xml", new byte[4]),
            "is a zip file with 0 entries NAME/data.pkl, and torch.save writes one"),
        hostile(
            "changed bytes",
            damaged,
            "is damaged: the bytes of archive/data.pkl do not match their sum"),
        hostile(
            "a storage that is too short",
            PickleWriter.zip(PickleWriter.vector(), 7),
            "has 7 bytes in storage 0, which should hold 2 elements of F32"),
        hostile(
            "an unknown byte order",
            PickleWriter.zip(
                Map.of(
                    "archive/data.pkl", PickleWriter.vector(),
                    "archive/byteorder", ascii("middle")),
                ZipEntry.STORED),
            "has an unknown byte order: middle"));
  }

  static Stream<Arguments> legacies() {
    byte[] value = PickleWriter.vector();
    byte[] whole = PickleWriter.legacy(value, List.of("0"), 2, 8);
    return Stream.of(
        hostile(
            "another pickle",
            new PickleWriter().whole(3).stop(),
            "is a pickle, but not one that torch.save wrote"),
        hostile(
            "truncated in a pickle",
            Arrays.copyOf(whole, 60),
            "is truncated: its pickle ends too early"),
        hostile(
            "truncated in a storage",
            Arrays.copyOf(whole, whole.length - 1),
            "is truncated: it ends inside storage '0'"),
        hostile(
            "a storage of 2^63 - 1 elements",
            PickleWriter.legacy(
                PickleWriter.one("0", Long.MAX_VALUE, 0, TWO, ONE),
                List.of("0"),
                Long.MAX_VALUE,
                8),
            "is truncated: it ends inside storage '0'"),
        hostile(
            "a storage of another size",
            PickleWriter.legacy(value, List.of("0"), 3, 12),
            "has 3 elements in storage '0', which should hold 2"),
        hostile(
            "bytes after the last storage",
            Arrays.copyOf(whole, whole.length + 5),
            "has 5 bytes after its last storage"),
        hostile(
            "a storage that no tensor has",
            PickleWriter.legacy(value, List.of("1"), 2, 8),
            "lists a storage that no tensor has"),
        hostile(
            "a storage listed twice",
            PickleWriter.legacy(value, List.of("0", "0"), 2, 24),
            "has 0 elements in storage '0', which should hold 2"),
        hostile(
            "a storage that is not listed",
            PickleWriter.legacy(value, List.of(), 0, 0),
            "has 8 bytes after its last storage"),
        hostile(
            "a pickle that calls",
            PickleWriter.legacy(
                new PickleWriter().global("os", "getcwd").op(')', 'R').stop(), List.of(), 0, 0),
            "is refused: its pickle names os.getcwd" + ONLY_TENSORS));
  }

  private static Arguments hostile(String name, byte[] bytes, String sentence) {
    return Arguments.of(name, bytes, sentence);
  }

  private static Arguments pickle(String name, PickleWriter pickle, String sentence) {
    return tensor(name, pickle.stop(), sentence);
  }

  private static Arguments tensor(String name, byte[] pickle, String sentence) {
    return hostile(name, PickleWriter.zip(pickle, 8), sentence);
  }

  private static PickleWriter start() {
    return new PickleWriter().op('}');
  }

  private static byte[] zip(String name, byte[] content) {
    return PickleWriter.zip(Map.of(name, content), ZipEntry.STORED);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static int lastIndexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
  }
}
