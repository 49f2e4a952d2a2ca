package io.github.taipan.tests.cli;

import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.testing.Fixtures;
import io.github.taipan.vmambair.model.Task;
import java.io.ByteArrayOutputStream;
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
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Weights and tensors that cannot be used: safetensors and PyTorch's files. */
final class BadCheckpoints {
  private static final String RESTORE = "restore --model $w.safetensors $a.png";
  private static final String FORWARD =
      "forward --model MODEL --input $w.safetensors --output $o.safetensors";
  private static final String CONVERT = "convert $w.pth $o.safetensors";
  private static final String OTHER =
      "these are not the parameters of a VmambaIR network: patch_embed.proj.weight or"
          + " encoder_level1.0.attn.x_proj_weight is missing";
  private static final String UNFIT = "the checkpoint does not fit the network: ";

  private BadCheckpoints() {}

  static List<BadInput> rows() throws IOException {
    return Stream.of(safetensors(), networks(), inputs(), pytorch()).flatMap(List::stream).toList();
  }

  private static List<BadInput> safetensors() {
    String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    return List.of(
        header(
            "overlapping tensors",
            "{%s,%s}".formatted(a, a.replace("\"a\"", "\"b\"").replace("0,8", "4,12")),
            12,
            "tensor 'b' overlaps the tensor before it at data byte 4"),
        header(
            "a shape that overflows",
            "{" + a.replace("[2]", "[4294967296,4294967296]") + "}",
            8,
            "tensor 'a' is too large: over 2 GiB by its shape"),
        header("bad JSON", "{\"a\":", 0, "has a bad header at character 5: it ends too early"),
        header(
            "deep JSON",
            "{\"a\":" + "[".repeat(50_000),
            0,
            "has a bad header at character 13: nested too deeply"),
        header(
            "a bad dtype",
            "{" + a.replace("F32", "F7") + "}",
            8,
            "tensor 'a' has an unknown dtype: F7"),
        header(
            "truncated",
            "{" + a + "}",
            3,
            "is truncated: tensor 'a' ends at data byte 8, and the file has 3"),
        header("of another network", "{" + a + "}", 8, OTHER),
        safetensors("empty", RESTORE, BadInput.file("w.safetensors", new byte[0]), "is empty"),
        safetensors(
            "a header's length that overflows",
            RESTORE,
            BadInput.file(
                "w.safetensors", ascii("\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f{")),
            "has a header of 9187201950435737471 bytes, and at most 16777216 are accepted"));
  }

  private static List<BadInput> networks() {
    String bias = "tail.1.bias";
    return List.of(
        network("a missing key", e -> e.remove(bias), UNFIT + "1 missing (tail.1.bias)"),
        network("a key too many", e -> e.put("b", vector(2)), UNFIT + "1 unexpected (b)"),
        network(
            "a misshapen key",
            e -> e.put(bias, vector(2)),
            UNFIT + "1 of another shape (tail.1.bias is [2], expected [3])"),
        network(
            "no bottleneck",
            e -> e.keySet().removeIf(key -> key.startsWith("latent")),
            "blocks are four counts from 1 to 100, got [1, 1, 1, 0]"));
  }

  private static List<BadInput> inputs() {
    String rule = "\"input\" is [batch, 3, height, width], sides being multiples of 8, got ";
    return List.of(
        input("no input", "x", Shape.of(1, 3, 8, 8), "holds no tensor \"input\""),
        input("one channel", "input", Shape.of(1, 1, 8, 8), rule + "[1, 1, 8, 8]"),
        input("no pixels", "input", Shape.of(1, 3, 0, 8), rule + "[1, 3, 0, 8]"),
        input("an odd side", "input", Shape.of(1, 3, 8, 12), rule + "[1, 3, 8, 12]"));
  }

  private static List<BadInput> pytorch() throws IOException {
    byte[] views = Files.readAllBytes(Fixtures.path("pth/views_zip.pt"));
    byte[] legacy = Files.readAllBytes(Fixtures.path("pth/basicsr_legacy.pth"));
    byte[] hostile = Files.readAllBytes(Fixtures.path("pth/hostile_reduce.pth"));
    byte[] plain = {(byte) 0x80, 2, '}', 'X', 1, 0, 0, 0, 'n', 'K', 7, 's', '.'}; // {"n": 7}
    return List.of(
        pth(
            "one that calls",
            hostile,
            "is refused: its pickle names posix.getcwd, and nothing but tensors and plain values is"
                + " read"),
        pth(
            "a truncated zip",
            Arrays.copyOf(views, views.length / 2),
            "is a truncated or damaged zip file..."),
        pth(
            "truncated, of the old format",
            Arrays.copyOf(legacy, legacy.length / 2),
            "is truncated: it ends inside storage..."),
        pth(
            "text",
            ascii("Weights of a network, honestly."),
            "is no checkpoint: neither safetensors nor a file written by torch.save"),
        pth(
            "a bomb",
            zip("archive/data.pkl", new byte[100 << 20], ZipEntry.DEFLATED),
            "is refused: its entry 'archive/data.pkl' is compressed, which torch.save never does"),
        pth(
            "a zip of something else",
            zip("notes.txt", ascii("nothing"), ZipEntry.STORED),
            "is a zip file with 0 entries NAME/data.pkl, and torch.save writes one"),
        pth("empty", new byte[0], "is empty"),
        pth(
            "no tensors",
            zip("archive/data.pkl", plain, ZipEntry.STORED),
            "holds no tensors; the keys of its top level: n"),
        pth(
            "a folder",
            CONVERT,
            folder -> Files.createDirectory(folder.resolve("w.pth")),
            "is a folder, not a checkpoint"),
        pth("missing", CONVERT, BadInput.NOTHING, "there is no such file"),
        pth("wrong keys", "restore --model $w.pth $a.png", BadInput.file("w.pth", views), OTHER),
        pth(
            "of another preset",
            "restore --model sr4-light --weights $w.pth $a.png",
            BadInput.file("w.pth", legacy),
            UNFIT + "32 missing (encoder_level1.0.attn.conv_cin.weight, ..."));
  }

  private static BadInput header(String name, String json, int data, String sentence) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
    byte[] bytes = file.putLong(text.length).put(text).array();
    return safetensors(name, RESTORE, BadInput.file("w.safetensors", bytes), sentence);
  }

  private static BadInput network(
      String name, Consumer<Map<String, Entry>> change, String sentence) {
    BadInput.Content files =
        folder -> {
          Path file = TestFiles.weights(folder.resolve("w.safetensors"), Task.SR4);
          SequencedMap<String, Entry> entries =
              new LinkedHashMap<>(Checkpoint.read(file).entries());
          change.accept(entries);
          new Checkpoint(entries, Map.of()).write(file);
        };
    return safetensors(name, RESTORE, files, sentence);
  }

  private static BadInput input(String name, String key, Shape shape, String sentence) {
    return safetensors(
        name,
        FORWARD,
        folder -> TestFiles.tensor(folder.resolve("w.safetensors"), key, shape),
        sentence);
  }

  private static BadInput safetensors(
      String name, String command, BadInput.Content files, String sentence) {
    return new BadInput("safetensors", name, command, files, 1, "w.safetensors: " + sentence);
  }

  private static BadInput pth(String name, byte[] content, String sentence) {
    return pth(name, CONVERT, BadInput.file("w.pth", content), sentence);
  }

  private static BadInput pth(
      String name, String command, BadInput.Content files, String sentence) {
    return new BadInput("pth", name, command, files, 1, "w.pth: " + sentence);
  }

  private static Entry vector(int length) {
    return Entry.of(Shape.of(length), new float[length]);
  }

  private static byte[] zip(String name, byte[] content, int method) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(method);
      entry.setSize(content.length);
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(content);
    }
    return file.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
