package io.github.taipan.vmambair.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.autograd.Losses;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ablations of the paper's Table 4, in networks of width 4 with first values of seed 7. */
class VariantTest {
  private final Device device = new ReferenceDevice();

  private static Configuration configuration(Task task, Variant variant) {
    return new Configuration(task, 4, List.of(1, 1, 1, 1), 1, variant);
  }

  private Variable image() {
    CounterRandom random = CounterRandom.seeded(7).split("image");
    double[] values = new double[8 * 16 * 3];
    Arrays.setAll(values, random::uniform);
    return Variable.constant(device.tensor(Shape.of(1, 8, 16, 3), values));
  }

  @ParameterizedTest
  @EnumSource(Variant.class)
  void computesAndLearnsWithAllItsParameters(Variant variant) {
    Configuration configuration = configuration(Task.REALSR4, variant);
    Parameters parameters = Parameters.initialized(device, 7);
    VmambaIR network = new VmambaIR(configuration, parameters);
    assertEquals(configuration, Configuration.of(parameters.shapes()));
    Variable output = network.forward(image());
    assertEquals(Shape.of(1, 32, 64, 3), output.shape());
    assertTrue(Arrays.stream(output.value().toDoubles()).allMatch(Double::isFinite));
    Losses.l1Loss(output, Variable.constant(device.zeros(output.shape()))).backward();
    parameters.named().forEach((name, variable) -> assertNotNull(variable.gradient(), name));
  }

  @ParameterizedTest
  @EnumSource(Variant.class)
  void hasTheParametersOfItsParts(Variant variant) {
    Parameters parameters = Parameters.zeros(device);
    var network = new VmambaIR(configuration(Task.SR4, variant), parameters);
    assertEquals(variant, network.configuration().variant());
    Map<String, Shape> shapes = parameters.shapes();
    String block = "encoder_level1.0.";
    int directions = variant == Variant.ONE_DIRECTION ? 1 : 4;
    assertEquals(directions, shapes.get(block + "attn.x_proj_weight").size(0));
    boolean scansChannels = variant != Variant.ONE_DIRECTION && variant != Variant.NO_CHANNEL_SCAN;
    assertEquals(scansChannels, shapes.containsKey(block + "attn.channel_norm.body.weight"));
    boolean feedsForward = variant != Variant.NO_EFFN;
    assertEquals(feedsForward, shapes.containsKey(block + "norm2.body.weight"));
    assertEquals(feedsForward, shapes.containsKey(block + "ffn.dwconv.weight"));
    boolean linear = variant == Variant.LINEAR_LAYERS;
    assertEquals(linear, shapes.containsKey(block + "attn.in_proj.weight"));
    assertEquals(!linear, shapes.containsKey(block + "attn.in_conv.bias"));
  }

  /** Linear layers are 1x1 convolutions: with the same weights, and no bias, they give the same. */
  @Test
  void linearLayersEqualConvolutionsWithoutBias() {
    Parameters full = Parameters.initialized(device, 7);
    VmambaIR network = new VmambaIR(configuration(Task.SR4, Variant.FULL), full);
    full.named()
        .forEach(
            (name, variable) -> {
              if (name.endsWith("in_conv.bias") || name.endsWith("out_conv.bias")) {
                device.write(variable.value(), new double[variable.shape().elements()]);
              }
            });
    Parameters linear = Parameters.zeros(device);
    VmambaIR ablation = new VmambaIR(configuration(Task.SR4, Variant.LINEAR_LAYERS), linear);
    linear
        .named()
        .forEach(
            (name, variable) -> {
              String source = name.replace("in_proj", "in_conv").replace("out_proj", "out_conv");
              device.write(variable.value(), full.value(source).toDoubles());
            });
    assertFalse(linear.named().containsKey("latent.0.attn.in_proj.bias"));
    assertArrayEquals(
        network.forward(image()).value().toDoubles(),
        ablation.forward(image()).value().toDoubles());
  }

  /** Without its channel scan a network is still another than with one direction only. */
  @Test
  void ablationsDifferInWhatTheyCompute() {
    List<double[]> outputs =
        Arrays.stream(Variant.values())
            .map(variant -> configuration(Task.REALSR4, variant))
            .map(c -> new VmambaIR(c, Parameters.initialized(device, 7)))
            .map(network -> network.forward(image()).value().toDoubles())
            .toList();
    for (int i = 0; i < outputs.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertFalse(Arrays.equals(outputs.get(i), outputs.get(j)), i + " equals " + j);
      }
    }
  }
}
