package io.github.taipan.tests.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.taipan.autograd.Functions;
import io.github.taipan.autograd.Variable;
import io.github.taipan.nn.Observation;
import io.github.taipan.nn.Parameters;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.FixtureFile;
import io.github.taipan.vmambair.model.Configuration;
import io.github.taipan.vmambair.model.Task;
import io.github.taipan.vmambair.model.Variant;
import io.github.taipan.vmambair.model.VmambaIR;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What goes into the scans of the first block. PyTorch's code copies the map once per direction, in
 * that direction's order; ours leaves the map as it lies. So each stored sequence tells whether a
 * direction's weights and its path belong together.
 */
class ScanParityTest {
  private static final String MODULE = "encoder_level1.0.attn";
  private static final List<ScanPath> PLANE =
      List.of(ScanPath.ROWS, ScanPath.COLUMNS, ScanPath.ROWS_REVERSED, ScanPath.COLUMNS_REVERSED);
  private static final List<ScanPath> CHANNELS = List.of(ScanPath.ROWS, ScanPath.ROWS_REVERSED);
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "cpu, DERAIN, derain", "cpu, SR4, sisr", "cpu, REALSR4, realsr",
    "reference, DERAIN, derain", "reference, SR4, sisr", "reference, REALSR4, realsr"
  })
  void inputsOfTheScans(String deviceName, Task task, String name) {
    FixtureFile weights = FixtureFile.load("tiny8_" + name + "_weights.safetensors");
    FixtureFile io = FixtureFile.load("tiny8_" + name + "_io.safetensors");
    Deviations errors = new Deviations(name + " scans on " + deviceName);
    try (Device device = deviceName.equals("cpu") ? new CpuDevice() : new ReferenceDevice()) {
      Parameters parameters = Parameters.zeros(device);
      VmambaIR network =
          new VmambaIR(
              new Configuration(task, 8, List.of(1, 1, 1, 1), 1, Variant.FULL), parameters);
      parameters.named().forEach((key, v) -> device.write(v.value(), weights.values(key)));
      Variable input = Variable.constant(Layouts.map(device, io, "input"));
      Map<String, Variable> seen = new HashMap<>();
      Observation.observe(seen::put, () -> network.forward(input));

      Tensor planeInput = value(seen, MODULE + "#dwconv_silu");
      check(errors, io, seen, MODULE, planeInput, PLANE);
      check(errors, io, seen, MODULE + "#chan", channelInput(seen, task), CHANNELS);
    }
    errors.report();
  }

  /** The sequence of pooled channels, lifted where the network lifts it. */
  private static Tensor channelInput(Map<String, Variable> seen, Task task) {
    if (task.channelWidth() > 1) {
      return value(seen, MODULE + ".conv_cin");
    }
    Variable pooled =
        Functions.globalAveragePool(Objects.requireNonNull(seen.get(MODULE + "#gated")));
    Shape shape = pooled.shape();
    return Functions.reshape(pooled, shape.size(0), 1, shape.size(3), 1).value();
  }

  private static void check(
      Deviations errors,
      FixtureFile io,
      Map<String, Variable> seen,
      String scan,
      Tensor input,
      List<ScanPath> paths) {
    compare(errors, io, scan + "#scan_u", sequences(input, paths, true));
    for (String part : List.of("delta", "B", "C")) {
      compare(
          errors,
          io,
          scan + "#scan_" + part,
          sequences(value(seen, scan + "#scan_" + part), paths, false));
    }
    Tensor a = value(seen, scan + "#scan_A");
    assertArrayEquals(io.shape("act:" + scan + "#scan_A"), a.shape().toArray());
    compare(errors, io, scan + "#scan_A", a.toDoubles());
  }

  private static void compare(Deviations errors, FixtureFile io, String name, double[] actual) {
    float[] expected = io.values("act:" + name);
    errors.check(
        "input of a scan", name, Deviations.relativeToMaximum(expected, actual), TOLERANCE);
  }

  private static Tensor value(Map<String, Variable> seen, String name) {
    return Objects.requireNonNull(seen.get(name), name).value();
  }

  /**
   * A map {@code [batch, height, width, K·rows]} as PyTorch's {@code [batch, K·rows, length]},
   * every path's rows in the path's order; a map that all paths share is repeated for each.
   */
  private static double[] sequences(Tensor map, List<ScanPath> paths, boolean shared) {
    Shape shape = map.shape();
    int height = shape.size(1);
    int width = shape.size(2);
    int length = height * width;
    int channels = shape.size(3);
    int rows = shared ? channels : channels / paths.size();
    double[] values = map.toDoubles();
    double[] sequences = new double[shape.size(0) * paths.size() * rows * length];
    int to = 0;
    for (int batch = 0; batch < shape.size(0); batch++) {
      for (int path = 0; path < paths.size(); path++) {
        for (int row = 0; row < rows; row++) {
          int channel = shared ? row : path * rows + row;
          for (int step = 0; step < length; step++) {
            int pixel = paths.get(path).pixel(step, height, width);
            sequences[to++] = values[(batch * length + pixel) * channels + channel];
          }
        }
      }
    }
    assertEquals(sequences.length, to);
    return sequences;
  }
}
