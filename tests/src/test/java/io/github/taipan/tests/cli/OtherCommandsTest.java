package io.github.taipan.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.tensor.testing.Fixtures;
import io.github.taipan.vmambair.model.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code forward}, {@code inspect}, {@code convert}, and what every command has. */
class OtherCommandsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "derain, derain, cpu",
    "sr4, sisr, cpu",
    "realsr4, realsr, cpu",
    "realsr4, realsr, reference"
  })
  void forwardGivesPyTorchsOutput(String task, String name, String device) throws IOException {
    Path config = folder.resolve("tiny.yaml");
    Files.writeString(
        config, "task: " + task + "\ndim: 8\nblocks: [1, 1, 1, 1]\nrefinement_blocks: 1\n");
    Path weights = Fixtures.path("tiny8_" + name + "_weights.safetensors");
    Path output = folder.resolve("out.safetensors");
    Taipan.done(
        "forward",
        "--config",
        config,
        "--weights",
        weights,
        "--input",
        Fixtures.path("tiny8_" + name + "_io.safetensors"),
        "--output",
        output,
        "--device",
        device);
    Entry result = Checkpoint.read(output).entry("output");
    float[] expected = FixtureFile.load("tiny8_" + name + "_io.safetensors").values("output");
    assertEquals(expected.length, result.shape().elements());
    float[] actual = result.floats();
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i] - actual[i]));
    }
    System.out.printf("forward %s on %s: largest error %.2g%n", name, device, largest);
    assertTrue(largest <= 1e-5, "differs by " + largest);
  }

  /** A file of weights tells its network itself; and one file may give what another gave. */
  @Test
  void forwardTakesAFileAlone() throws IOException {
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");
    Path input = Fixtures.path("tiny8_realsr_io.safetensors");
    Path pth = Fixtures.path("pth/basicsr_legacy.pth");
    Path converted = folder.resolve("converted.safetensors");
    Taipan.done("convert", pth, converted);
    Taipan.done("forward", "--model", pth, "--input", input, "--output", first);
    Taipan.done("forward", "--model", converted, "--input", input, "--output", second);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
  }

  @Test
  void convertKeepsNamesShapesAndValues() throws IOException {
    Path out = folder.resolve("out.safetensors");
    Taipan run = Taipan.done("convert", Fixtures.path("pth/basicsr_zip.pth"), out, "--key=params");
    assertTrue(run.out().matches("\\S+: \\d+ tensors, [0-9,]+ values\\R"), run.out());
    FixtureFile expected = FixtureFile.load("tiny8_realsr_weights.safetensors");
    Checkpoint converted = Checkpoint.read(out);
    assertEquals(expected.names(), converted.entries().keySet());
    for (String name : expected.names()) {
      assertArrayEquals(expected.values(name), converted.entry(name).floats(), name);
    }
  }

  @Test
  void inspectCountsTheReleasedNetwork() {
    String table = Taipan.done("inspect", "--model", "realsr4").out();
    assertTrue(table.contains("10,497,813"), table);
    assertTrue(table.contains("19.45 G"), table);
    assertTrue(
        table.lines().anyMatch(line -> line.matches("encoder_level1\\S* +\\[1, 64.*")), table);
    String quiet = Taipan.done("inspect", "--quiet", "--model", "realsr4").out();
    assertTrue(quiet.startsWith("network "), quiet);
  }

  @Test
  void inspectPrintsJson() throws IOException {
    Path file = TestFiles.weights(folder.resolve("w.safetensors"), Task.SR4);
    Map<?, ?> json =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(
                    Taipan.done("inspect", "--json", "--size", "32x16", "--model", file).out());
    assertEquals(
        List.of(
            "model",
            "variant",
            "input",
            "parameters",
            "multiply_accumulates",
            "flops",
            "bytes",
            "peak_bytes",
            "launches",
            "layers"),
        List.copyOf(json.keySet()));
    assertEquals(file.toString(), json.get("model"));
    long values = 0;
    for (Entry entry : Checkpoint.read(file).entries().values()) {
      values += entry.shape().elements();
    }
    assertEquals(values, ((Number) json.get("parameters")).longValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restore",
        "evaluate",
        "train",
        "degrade",
        "subimages",
        "inspect",
        "forward",
        "convert",
        "kernels"
      })
  void helpHasExamples(String command) {
    String help = Taipan.done(command, "--help").out();
    assertTrue(help.startsWith("Usage: taipan " + command), help);
    for (String part : List.of("Example", "  taipan " + command, "--threads", "--device")) {
      assertTrue(help.contains(part), help);
    }
  }

  @Test
  void doctorNamesEveryDevice() {
    String out = Taipan.done("doctor").out();
    assertTrue(out.startsWith("taipan "), out);
    for (String line : List.of("cpu: ", "gpu hardware: ", "TornadoVM SDK: ", "reference: ")) {
      assertTrue(out.contains("\n" + line), out);
    }
  }

  @Test
  void kernelsAreListedAndTimed() {
    assertTrue(Taipan.done("kernels").out().contains("Conv2d(stride, padding, groups)\n"));
    String text = "ResizeGradient[resize=Resize[BILINEAR, 8, 8, 0.5, 0.5], height=4, width=4]";
    String out = Taipan.done("kernels", "--times", text, "1x8x8x3").out();
    assertTrue(out.startsWith("ResizeGradient[resize=Resize[filter=BILINEAR, "), out);
    assertTrue(out.contains("\ncpu: "), out);
    assertTrue(out.contains(" from the reference"), out);
  }

  @Test
  void theProgramHelpsAndTellsItsVersion() {
    String help = Taipan.done("--help").out();
    assertTrue(help.contains("Examples:"), help);
    assertTrue(Taipan.done("--version").out().startsWith("taipan "));
    String completion = Taipan.done("generate-completion").out();
    assertTrue(completion.startsWith("#!/usr/bin/env bash"), completion);
    assertTrue(completion.contains("evaluate"));
  }

  @Test
  void allThatIsPrintedReachesTheProcessOutput() throws Exception {
    List<String> arguments = List.of("train", "--recipe", "derain", "--print-config");
    ChildJava child = ChildJava.run(ChildJava.taipan(List.of(), arguments));
    assertEquals(Taipan.done(arguments.toArray()).out(), child.out());
    assertFalse(child.out().isEmpty());
  }

  @Test
  void memoryThatRunsOutIsASentence() throws Exception {
    Path input = folder.resolve("x.safetensors");
    Path output = folder.resolve("y.safetensors");
    Path model = TestFiles.weights(folder.resolve("w.safetensors"), Task.SR4);
    TestFiles.tensor(input, "input", Shape.of(1, 3, 512, 512));
    ChildJava child =
        ChildJava.run(
            ChildJava.taipan(
                List.of("-Xmx64m"),
                List.of("forward", "--model", model, "--input", input, "--output", output)));
    assertEquals(
        "taipan: there is not enough memory: give Java more, such as TAIPAN_JAVA_OPTIONS=-Xmx8g",
        child.err().lines().toList().getLast());
    assertEquals(1, child.exitCode());
    assertFalse(child.err().contains("\tat "), child.err());
    assertTrue(Files.notExists(output));
  }
}
