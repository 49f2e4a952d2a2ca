package io.github.taipan.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Resampling.Filter;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.testing.ConformanceSuite;
import io.github.taipan.tensor.testing.FixtureFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Element-wise functions, layouts and resampling against PyTorch, forward and backward. */
class CpuOracleTest {
  private static final List<Integer> TO_NHWC = List.of(0, 2, 3, 1);

  static Stream<Kernels> kernels() {
    return Stream.of(Kernels.vector(), Kernels.scalar("test"));
  }

  /** The cases checked and their largest errors, by kind. */
  private static final class Tally {
    private final Device device;
    private final FixtureFile file;
    private final double tolerance;
    private final Map<String, Double> errors = new TreeMap<>();
    private int checked;

    Tally(Device device, String file, double tolerance) {
      this.device = device;
      this.file = FixtureFile.load(file);
      this.tolerance = tolerance;
    }

    /** A stored tensor on the device; a map becomes NHWC. */
    Tensor tensor(String name) {
      Tensor tensor = device.tensor(Shape.of(file.shape(name)), file.values(name));
      return tensor.shape().rank() == 4 ? device.run(new Layout.Permute(TO_NHWC), tensor) : tensor;
    }

    void check(String expected, Tensor actual) {
      Tensor stored = tensor(expected);
      assertEquals(stored.shape(), actual.shape(), expected);
      double error = ConformanceSuite.error(stored.toDoubles(), actual.toDoubles());
      assertTrue(error <= tolerance, expected + ": error " + error);
      errors.merge(expected.split("[_.]")[0], error, Math::max);
      checked++;
    }

    /** Checks a linear primitive and its transpose, which takes only the upstream gradient. */
    void check(String name, Primitive forward, Primitive backward) {
      check(name + ".out", device.run(forward, tensor(name + ".x")));
      check(name + ".d_x", device.run(backward, tensor(name + ".dout")));
    }

    void print() {
      System.out.printf("%s: %d tensors, %s%n", device.description(), checked, errors);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void interpolationIsPyTorchs(Kernels kernels) {
    try (Device device = new CpuDevice(2, kernels)) {
      Tally tally = new Tally(device, "op_interp.safetensors", 1e-5);
      for (String stored : tally.file.names()) {
        if (stored.endsWith(".x")) {
          String name = stored.substring(0, stored.length() - 2);
          Shape x = tally.tensor(stored).shape();
          Resampling.Resize resize = resize(name, x, tally.tensor(name + ".out").shape());
          tally.check(name, resize, new Resampling.ResizeGradient(resize, x.size(1), x.size(2)));
        }
      }
      tally.print();
      assertEquals(40, tally.checked);
    }
  }

  private static Resampling.Resize resize(String name, Shape x, Shape y) {
    String filter = name.endsWith("antialias") ? "bicubic_antialias" : name.split("_")[0];
    Resampling.Resize resize =
        Resampling.Resize.to(
            Filter.valueOf(filter.toUpperCase(Locale.ROOT)), x, y.size(1), y.size(2));
    int mark = name.indexOf("_scale");
    if (mark < 0) {
      return resize;
    }
    double step = 1 / Double.parseDouble(name.substring(mark + "_scale".length()));
    return new Resampling.Resize(resize.filter(), y.size(1), y.size(2), step, step);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void functionsLayoutsAndPoolsArePyTorchs(Kernels kernels) {
    try (Device device = new CpuDevice(2, kernels)) {
      Tally tally = new Tally(device, "op_misc.safetensors", 2e-6);
      Map<String, Unary> functions =
          Map.of(
              "act_gelu", new Unary.Gelu(),
              "act_leaky_relu02", new Unary.LeakyRelu(0.2),
              "act_sigmoid", new Unary.Sigmoid(),
              "act_silu", new Unary.Silu(),
              "act_softplus", new Unary.Softplus());
      for (Map.Entry<String, Unary> function : functions.entrySet()) {
        Tensor x = tally.tensor(function.getKey() + ".x");
        Tensor dy = tally.tensor(function.getKey() + ".dout");
        tally.check(function.getKey() + ".out", device.run(function.getValue(), x));
        tally.check(
            function.getKey() + ".d_x", device.run(new UnaryGradient(function.getValue()), x, dy));
      }
      checkChain(tally, "act_exp_neg", new Unary.Abs(), new Unary.Affine(-1, 0), new Unary.Exp());
      for (int factor : new int[] {2, 3}) {
        tally.check(
            "pixel_shuffle" + factor,
            new Resampling.PixelShuffle(factor),
            new Resampling.PixelUnshuffle(factor));
      }
      tally.check(
          "pixel_unshuffle2", new Resampling.PixelUnshuffle(2), new Resampling.PixelShuffle(2));
      Resampling.MaxPool pool = new Resampling.MaxPool(2, 2);
      Tensor x = tally.tensor("max_pool2.x");
      tally.check("max_pool2.out", device.run(pool, x));
      tally.check(
          "max_pool2.d_x",
          device.run(new Resampling.MaxPoolGradient(pool), x, tally.tensor("max_pool2.dout")));
      checkPad(tally, "reflect_pad", new int[] {0, 5}, new int[] {0, 3});
      checkPad(tally, "reflect_pad_all", new int[] {4, 4}, new int[] {4, 4});
      tally.print();
      assertEquals(24, tally.checked);
    }
  }

  /** Checks functions applied one after the other. */
  private static void checkChain(Tally tally, String name, Unary... chain) {
    List<Tensor> values = new ArrayList<>(List.of(tally.tensor(name + ".x")));
    for (Unary function : chain) {
      values.add(tally.device.run(function, values.getLast()));
    }
    Tensor gradient = tally.tensor(name + ".dout");
    for (int i = chain.length - 1; i >= 0; i--) {
      gradient = tally.device.run(new UnaryGradient(chain[i]), values.get(i), gradient);
    }
    tally.check(name + ".out", values.getLast());
    tally.check(name + ".d_x", gradient);
  }

  private static void checkPad(Tally tally, String name, int[] rows, int[] columns) {
    Layout.Pad vertical = new Layout.Pad(1, rows[0], rows[1], Layout.Border.REFLECT);
    Layout.Pad horizontal = new Layout.Pad(2, columns[0], columns[1], Layout.Border.REFLECT);
    Tensor y = tally.tensor(name + ".x");
    Tensor dx = tally.tensor(name + ".dout");
    List<Primitive> backward = new ArrayList<>();
    for (Layout.Pad pad : List.of(vertical, horizontal)) {
      y = tally.device.run(pad, y);
      backward.addFirst(new Layout.PadGradient(pad));
    }
    for (Primitive gradient : backward) {
      dx = tally.device.run(gradient, dx);
    }
    tally.check(name + ".out", y);
    tally.check(name + ".d_x", dx);
  }
}
