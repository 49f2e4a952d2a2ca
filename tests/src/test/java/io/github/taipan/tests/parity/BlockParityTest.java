package io.github.taipan.tests.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.OssBlock;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One OSS block of width 48: its output and the gradients of its input and all its parameters.
 * Deviations are relative to a tensor's maximum; tolerances are those of the fixtures' README.
 */
class BlockParityTest {
  private static final int WIDTH = 48;

  @ParameterizedTest
  @CsvSource({
    "cpu, DERAIN, derain", "cpu, SR4, sisr", "cpu, REALSR4, realsr",
    "reference, DERAIN, derain", "reference, SR4, sisr", "reference, REALSR4, realsr"
  })
  void outputAndGradients(String deviceName, Task task, String name) {
    FixtureFile file = FixtureFile.load("block48_" + name + ".safetensors");
    Deviations errors = new Deviations(name + " block on " + deviceName);
    try (Device device = deviceName.equals("cpu") ? new CpuDevice() : new ReferenceDevice()) {
      Parameters parameters = Parameters.zeros(device);
      OssBlock block =
          new OssBlock(
              parameters.scope(""),
              WIDTH,
              new Configuration(task, WIDTH, List.of(1, 1, 1, 1), 1, Variant.FULL));
      assertEquals(named(file, "w:"), parameters.named().keySet());
      assertEquals(named(file, "g:"), parameters.named().keySet());
      parameters.named().forEach((key, v) -> device.write(v.value(), file.values("w:" + key)));

      Variable x = Variable.parameter(Layouts.map(device, file, "x"));
      Variable out = block.forward(x);
      check(errors, "output", file, "out", out.value(), 5e-6);
      out.backward(Layouts.map(device, file, "dout"));
      check(errors, "input gradient", file, "d_x", gradient(x), 1e-5);
      parameters
          .named()
          .forEach((key, variable) -> checkGradient(errors, file, key, gradient(variable)));
    }
    errors.report();
  }

  private static void checkGradient(
      Deviations errors, FixtureFile file, String key, Tensor actual) {
    switch (key.substring(key.indexOf('.') + 1)) {
      // The channel norm removes any constant, so this one is zero but for rounding (PyTorch's own:
      // 1.4e-4).
      case "conv_cout.bias" ->
          errors.check(
              "zero gradient (absolute)",
              key,
              Deviations.maximumDifference(new float[1], actual.toDoubles()),
              2e-4);
      case "conv_cin.bias" -> check(errors, "gradient, cancelling", file, "g:" + key, actual, 2e-3);
      case "Dsc" -> check(errors, "gradient of Dsc", file, "g:" + key, actual, 1e-3);
      case "xc_proj_weight",
          "dtc_projs_weight",
          "dtc_projs_bias",
          "Ac_logs",
          "conv_cin.weight",
          "conv_cout.weight",
          "channel_norm.body.weight",
          "channel_norm.body.bias" ->
          check(errors, "gradient, channel branch", file, "g:" + key, actual, 2e-4);
      default -> check(errors, "gradient", file, "g:" + key, actual, 1e-5);
    }
  }

  private static void check(
      Deviations errors,
      String kind,
      FixtureFile file,
      String key,
      Tensor actual,
      double tolerance) {
    double[] values = key.startsWith("g:") ? actual.toDoubles() : Layouts.channelsFirst(actual);
    errors.check(kind, key, Deviations.relativeToMaximum(file.values(key), values), tolerance);
  }

  private static Set<String> named(FixtureFile file, String prefix) {
    return file.names().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .collect(Collectors.toSet());
  }

  private static Tensor gradient(Variable variable) {
    Tensor gradient = variable.gradient();
    assertTrue(gradient != null, "no gradient");
    return gradient;
  }
}
