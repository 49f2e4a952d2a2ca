package io.github.taipan.nn.perceptual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.autograd.GradientCheck;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.checkpoint.Entry;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VggTest {
  private final Device device = new ReferenceDevice();

  static Checkpoint zeros(Vgg.Depth depth) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    depth.shapes().forEach((n, s) -> entries.put(n, Entry.of(s, new float[s.elements()])));
    return new Checkpoint(entries, Map.of());
  }

  private static Vgg zeros(Vgg.Depth depth, Device device) throws CheckpointException {
    return Vgg.of(depth, zeros(depth), device);
  }

  /** Two stages of few channels, which is no network that anybody trained. */
  private Vgg narrow(Vgg.Depth depth) {
    Vgg.Convolution first = convolution(1, 3, 4);
    return new Vgg(depth, List.of(List.of(first), List.of(convolution(2, 4, 5))));
  }

  private Vgg.Convolution convolution(int number, int in, int out) {
    return new Vgg.Convolution(
        Variable.constant(random(number, Shape.of(out, in, 3, 3), -0.4, 0.4)),
        Variable.constant(random(10 + number, Shape.of(out), -0.1, 0.1)));
  }

  private Tensor random(int stream, Shape shape, double from, double to) {
    CounterRandom.Cursor cursor = CounterRandom.seeded(7).split(stream).cursor(0);
    double[] values = new double[shape.elements()];
    Arrays.setAll(values, _ -> cursor.uniform(from, to));
    return device.tensor(shape, values);
  }

  @Test
  void namesAreThoseOfTorchvision() {
    SequencedMap<String, Shape> vgg16 = Vgg.Depth.VGG16.shapes();
    assertEquals(26, vgg16.size());
    assertEquals("features.28.bias", vgg16.lastEntry().getKey());
    assertEquals(Shape.of(256, 128, 3, 3), vgg16.get("features.10.weight"));
    SequencedMap<String, Shape> vgg19 = Vgg.Depth.VGG19.shapes();
    assertEquals(32, vgg19.size());
    assertEquals("features.34.bias", vgg19.lastEntry().getKey());
    assertEquals(Shape.of(512, 256, 3, 3), vgg19.get("features.19.weight"));
  }

  @Test
  void theClassifierIsPassedOver(@TempDir Path folder) throws IOException {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>(zeros(Vgg.Depth.VGG16).entries());
    entries.put("classifier.6.bias", Entry.of(Shape.of(1000), new float[1000]));
    Path file = folder.resolve("vgg16.safetensors");
    new Checkpoint(entries, Map.of()).write(file);
    assertEquals(5, Vgg.read(Vgg.Depth.VGG16, file, device).stages().size());
  }

  @Test
  void whatIsNoVggIsToldInOneSentence(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("other.safetensors");
    Map<String, Entry> entries = Map.of("conv.weight", Entry.of(Shape.of(1), new float[1]));
    new Checkpoint(new LinkedHashMap<>(entries), Map.of()).write(file);
    var failure =
        assertThrows(CheckpointException.class, () -> Vgg.read(Vgg.Depth.VGG19, file, device));
    assertEquals(
        file + ": is no VGG-19: it has no tensor 'features.0.weight' of shape [64, 3, 3, 3]",
        failure.getMessage());
    new Checkpoint(zeros(Vgg.Depth.VGG16).entries(), Map.of()).write(file);
    failure =
        assertThrows(CheckpointException.class, () -> Vgg.read(Vgg.Depth.VGG19, file, device));
    assertTrue(failure.getMessage().contains("'features.16.weight'"), failure.getMessage());
  }

  @Test
  void mapsComeInTheOrderOfTheirNames() throws CheckpointException {
    Vgg vgg = zeros(Vgg.Depth.VGG19, new CpuDevice(1));
    Variable x = Variable.constant(vgg.device().zeros(Shape.of(1, 16, 24, 3)));
    List<Variable> maps = vgg.features(x, List.of("relu3_1", "conv1_2", "conv2_2"));
    assertEquals(
        List.of(Shape.of(1, 4, 6, 256), Shape.of(1, 16, 24, 64), Shape.of(1, 8, 12, 128)),
        maps.stream().map(Variable::shape).toList());
    assertThrows(IllegalArgumentException.class, () -> vgg.features(x, List.of("conv1_3")));
  }

  @Test
  void gradientsOfTheLossEqualFiniteDifferences() {
    PerceptualLoss loss =
        new PerceptualLoss(
            narrow(Vgg.Depth.VGG19),
            List.of(
                new PerceptualLoss.Layer("conv1_1", 0.1), new PerceptualLoss.Layer("conv2_1", 1)));
    Variable target = Variable.constant(random(4, Shape.of(1, 4, 6, 3), 0, 1));
    GradientCheck.check(
        inputs -> loss.loss(inputs.getFirst(), target),
        List.of(random(3, Shape.of(1, 4, 6, 3), 0, 1)));
  }
}
