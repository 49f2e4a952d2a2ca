package io.github.taipan.tests.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.NoGradient;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.nn.SpectralConv2d;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.vmambair.adversarial.UNetDiscriminator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Spectral normalisation and the discriminator beside PyTorch's, executed at once and as programs.
 * Deviations are relative to a tensor's maximum; the tolerance of float32 is PyTorch's own.
 */
class DiscriminatorParityTest {
  private static final int FORWARDS = 3;

  private final FixtureFile file = FixtureFile.load("op_spectral_disc.safetensors");

  private void check(Deviations errors, String kind, String key, Tensor actual) {
    double[] values = isMap(key) ? Layouts.channelsFirst(actual) : actual.toDoubles();
    double tolerance = actual.device().name().equals("reference") ? 1e-7 : 2e-6;
    errors.check(kind, key, Deviations.relativeToMaximum(file.values(key), values), tolerance);
  }

  /** Weights are OIHW here as there. */
  private static boolean isMap(String key) {
    return key.matches("(disc|snconv)\\.(out|d_?x).*");
  }

  private static Tensor copy(Tensor tensor) {
    return tensor.device().run(new Unary.Affine(1, 0), tensor);
  }

  private static Tensor gradient(Variable variable) {
    return Objects.requireNonNull(variable.gradient());
  }

  /** The three iterations are launches of one program, each with a forward and a backward pass. */
  @ParameterizedTest
  @CsvSource({"cpu, EAGER", "cpu, RECORDED", "reference, EAGER", "reference, RECORDED"})
  void convolution(String deviceName, Execution execution) {
    Deviations errors = new Deviations("spectral norm on " + deviceName + ", " + execution);
    try (Device device = Execution.open(deviceName)) {
      Parameters parameters = Parameters.zeros(device);
      SpectralConv2d conv = SpectralConv2d.of(parameters.scope(""), 5, 7, 4, 2);
      device.write(parameters.value("weight_orig"), file.values("snconv.w"));
      device.write(parameters.value("weight_u"), file.values("snconv.u0"));
      device.write(parameters.value("weight_v"), file.values("snconv.v0"));
      List<String> names = new ArrayList<>();
      Tensor x = Layouts.map(device, file, "snconv.x");
      List<Tensor> outputs =
          execution.run(
              device,
              List.of(x, Layouts.map(device, file, "snconv.dout")),
              inputs -> {
                List<Tensor> made = new ArrayList<>();
                names.clear();
                for (int i = 0; i < FORWARDS; i++) {
                  parameters.clearGradients();
                  Variable input = Variable.parameter(inputs.get(0));
                  conv.norm().iterate();
                  Variable out = conv.forward(input);
                  out.backward(inputs.get(1));
                  Map<String, Tensor> named = new TreeMap<>();
                  named.put("weight" + i, conv.norm().normalized().value());
                  named.put("out" + i, out.value());
                  named.put("dx" + i, gradient(input));
                  named.put("dw" + i, gradient(conv.norm().weight()));
                  named.put("u" + (i + 1), copy(conv.norm().u().value()));
                  named.put("v" + (i + 1), copy(conv.norm().v().value()));
                  names.addAll(named.keySet());
                  made.addAll(named.values());
                }
                return made;
              });
      for (int i = 0; i < names.size(); i++) {
        String kind = names.get(i).replaceAll("\\d", "");
        check(errors, kind, "snconv." + names.get(i), outputs.get(i));
      }
      Variable out = NoGradient.call(() -> conv.forward(Variable.constant(x)));
      check(errors, "out of evaluation", "snconv.out_eval", out.value());
    }
    errors.report();
  }

  @ParameterizedTest
  @CsvSource({"cpu, EAGER", "cpu, RECORDED", "reference, EAGER", "reference, RECORDED"})
  void discriminator(String deviceName, Execution execution) {
    Deviations errors = new Deviations("discriminator on " + deviceName + ", " + execution);
    try (Device device = Execution.open(deviceName)) {
      Parameters parameters = Parameters.zeros(device);
      UNetDiscriminator discriminator = new UNetDiscriminator(4, parameters);
      assertEquals(inOrder("disc.sd0:"), parameters.state().keySet().stream().sorted().toList());
      parameters
          .state()
          .forEach((name, tensor) -> device.write(tensor, file.values("disc.sd0:" + name)));
      Tensor x = Layouts.map(device, file, "disc.x");
      List<Tensor> outputs =
          execution.run(
              device,
              List.of(x),
              inputs -> {
                Variable image = Variable.parameter(inputs.getFirst());
                Variable out = discriminator.trainingForward(image);
                Variable loss = Losses.bceWithLogits(out, 1);
                loss.backward();
                List<Tensor> made =
                    new ArrayList<>(List.of(out.value(), loss.value(), gradient(image)));
                parameters.named().values().forEach(weight -> made.add(gradient(weight)));
                return made;
              });
      check(errors, "output", "disc.out", outputs.get(0));
      check(errors, "loss", "disc.loss", outputs.get(1));
      check(errors, "input gradient", "disc.d_x", outputs.get(2));
      List<String> trained = List.copyOf(parameters.named().keySet());
      assertEquals(inOrder("disc.g:"), trained.stream().sorted().toList());
      for (int i = 0; i < trained.size(); i++) {
        check(errors, "gradient", "disc.g:" + trained.get(i), outputs.get(3 + i));
      }
      for (String name : inOrder("disc.sd1:")) {
        check(errors, "u and v", "disc.sd1:" + name, parameters.value(name));
      }
      Variable evaluated = NoGradient.call(() -> discriminator.forward(Variable.constant(x)));
      check(errors, "output of evaluation", "disc.out_eval", evaluated.value());
    }
    errors.report();
  }

  private List<String> inOrder(String prefix) {
    return file.names().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .sorted()
        .toList();
  }
}
