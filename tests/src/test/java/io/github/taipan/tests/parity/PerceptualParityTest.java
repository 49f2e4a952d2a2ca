package io.github.taipan.tests.parity;

import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.checkpoint.CheckpointException;
import io.github.taipan.nn.perceptual.Dists;
import io.github.taipan.nn.perceptual.Lpips;
import io.github.taipan.nn.perceptual.PerceptualLoss;
import io.github.taipan.nn.perceptual.Vgg;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.testing.FixtureFile;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The perceptual loss and measures beside PyTorch's in float64, with hash-filled networks.
 * Deviations are relative to a tensor's maximum.
 */
class PerceptualParityTest {
  private final FixtureFile file = FixtureFile.load("op_perceptual.safetensors");

  private static final double FLOAT64 = 1e-7; // what the fixture itself was rounded by
  private static final double FLOAT32 = 2e-5;

  private void check(Deviations errors, String kind, String key, Tensor actual) {
    double tolerance = isReference(actual.device()) ? FLOAT64 : FLOAT32;
    double[] values = Layouts.channelsFirst(actual);
    errors.check(kind, key, Deviations.relativeToMaximum(file.values(key), values), tolerance);
  }

  private static boolean isReference(Device device) {
    return device.name().equals("reference");
  }

  /**
   * Of the gradient the distance is compared, relative to its length: in float32 some of the many
   * absolute values, rectifiers and maxima lie on the other side of their kink.
   */
  @ParameterizedTest
  @CsvSource({"cpu, EAGER", "cpu, RECORDED", "reference, EAGER"})
  void loss(String deviceName, Execution execution) throws CheckpointException {
    Deviations errors = new Deviations("perceptual loss on " + deviceName + ", " + execution);
    try (Device device = Execution.open(deviceName)) {
      PerceptualLoss perceptual = new PerceptualLoss(HashVgg.of(Vgg.Depth.VGG19, device));
      List<Tensor> outputs =
          execution.run(
              device,
              List.of(Layouts.map(device, file, "x"), Layouts.map(device, file, "y")),
              inputs -> {
                Variable x = Variable.parameter(inputs.get(0));
                Variable loss = perceptual.loss(x, Variable.constant(inputs.get(1)));
                loss.backward();
                return List.of(loss.value(), Objects.requireNonNull(x.gradient()));
              });
      check(errors, "loss", "perceptual.loss", outputs.get(0));
      float[] gradient = file.values("perceptual.d_x");
      double distance = Deviations.distance(gradient, Layouts.channelsFirst(outputs.get(1)));
      errors.check(
          "gradient",
          "perceptual.d_x",
          distance / Deviations.norm(gradient),
          isReference(device) ? FLOAT64 : 2e-3);
    }
    errors.report();
  }

  @Test
  void layers() throws CheckpointException {
    Deviations errors = new Deviations("layers of VGG-19 on cpu");
    try (Device device = Execution.open("cpu")) {
      Vgg vgg = HashVgg.of(Vgg.Depth.VGG19, device);
      List<String> names = PerceptualLoss.LAYERS.stream().map(PerceptualLoss.Layer::name).toList();
      List<Variable> x = vgg.features(normalized(device, "x"), names);
      List<Variable> y = vgg.features(normalized(device, "y"), names);
      for (int i = 0; i < names.size(); i++) {
        Variable distance = Losses.l1Loss(x.get(i), y.get(i));
        check(errors, "L1", "vgg19." + names.get(i) + ".l1", distance.value());
      }
      check(errors, "last map", "vgg19.conv5_4.x", x.getLast().value());
    }
    errors.report();
  }

  /** Restated here, so that the network is held to the fixture by itself. */
  private Variable normalized(Device device, String name) {
    Tensor map = Layouts.map(device, file, name);
    double[] mean = {0.485, 0.456, 0.406};
    double[] deviation = {0.229, 0.224, 0.225};
    double[] values = map.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] - mean[i % 3]) / deviation[i % 3];
    }
    return Variable.constant(device.tensor(map.shape(), values));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void measures(String deviceName) throws CheckpointException {
    Deviations errors = new Deviations("perceptual measures on " + deviceName);
    try (Device device = Execution.open(deviceName)) {
      Vgg vgg = HashVgg.of(Vgg.Depth.VGG16, device);
      Variable x = Variable.constant(Layouts.map(device, file, "x"));
      Variable y = Variable.constant(Layouts.map(device, file, "y"));
      check(errors, "LPIPS", "lpips", new Lpips(vgg).distance(x, y).value());
      check(errors, "DISTS", "dists", new Dists(vgg).distance(x, y).value());
    }
    errors.report();
  }
}
