package io.github.taipan.autograd;

import static io.github.taipan.autograd.Functions.concat;
import static io.github.taipan.autograd.Functions.flip;
import static io.github.taipan.autograd.Functions.nchwToNhwc;
import static io.github.taipan.autograd.Functions.nhwcToNchw;
import static io.github.taipan.autograd.Functions.permute;
import static io.github.taipan.autograd.Functions.reshape;
import static io.github.taipan.autograd.Functions.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Layout.Border;
import io.github.taipan.tensor.Resampling.Filter;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.cpu.CpuDevice;
import io.github.taipan.tensor.reference.ReferenceDevice;
import io.github.taipan.tensor.testing.FixtureFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Outputs and gradients against PyTorch. Fixtures are in PyTorch's layouts, and layout changes are
 * part of the differentiated function, so all numbers are compared as stored.
 */
class FixtureParityTest {
  /** The devices, and what their precision allows, relative to the largest value of a tensor. */
  enum On {
    /** Compared with float64 results that were rounded to float32. */
    REFERENCE(new ReferenceDevice(), 2e-7),
    CPU(new CpuDevice(2), 2e-6);

    final Device device;
    final double tolerance;

    On(Device device, double tolerance) {
      this.device = device;
      this.tolerance = tolerance;
    }
  }

  /** The named inputs of a case; {@code get} is null for an absent one. */
  private interface Case {
    Variable apply(Map<String, Variable> in);
  }

  private static Case map(UnaryOperator<Variable> function) {
    return in -> nhwcToNchw(function.apply(nchwToNhwc(in(in, "x"))));
  }

  private static Variable in(Map<String, Variable> inputs, String name) {
    return Objects.requireNonNull(inputs.get(name), name);
  }

  @ParameterizedTest
  @EnumSource
  void convolutions(On on) {
    Report report = new Report(on, "op_conv2d");
    for (String name : report.cases()) {
      int stride = name.contains("_s2") ? 2 : name.contains("_s3") ? 3 : 1;
      int padding =
          name.contains("1x1") || name.startsWith("c14") ? 0 : name.contains("5x5") ? 2 : 1;
      report.check(
          name,
          in -> {
            Variable x = in(in, "x");
            Variable w = in(in, "w");
            int groups = x.shape().size(1) / w.shape().size(1);
            Variable y = Functions.conv2d(nchwToNhwc(x), w, in.get("b"), stride, padding, groups);
            return nhwcToNchw(y);
          });
    }
    report.print(14);
  }

  @ParameterizedTest
  @EnumSource
  void scans(On on) {
    for (String file : List.of("op_scan", "op_scan_dim48")) {
      Report report = new Report(on, file);
      for (String name : report.cases()) {
        report.check(name, in -> scan(in, !name.equals("s06_plain")));
      }
      report.print(file.equals("op_scan") ? 11 : 1);
    }
  }

  /** A scan over (batch, channel, length), as a map of height 1. */
  private static Variable scan(Map<String, Variable> in, boolean softplus) {
    Variable b = in(in, "B");
    int groups = b.shape().rank() == 4 ? b.shape().size(1) : 1;
    Variable y =
        Functions.selectiveScan(
            sequence(in(in, "u")),
            sequence(in(in, "delta")),
            in(in, "A"),
            sequence(b),
            sequence(in(in, "C")),
            in.get("D"),
            in.get("bias"),
            List.of(ScanPath.ROWS),
            groups,
            softplus);
    Shape u = in(in, "u").shape();
    return reshape(nhwcToNchw(y), u);
  }

  /** (batch, ..., length) to (batch, 1, length, ...). */
  private static Variable sequence(Variable x) {
    Shape shape = x.shape();
    int channels = shape.elements(1, shape.rank() - 1);
    return nchwToNhwc(reshape(x, shape.size(0), channels, 1, shape.size(-1)));
  }

  @ParameterizedTest
  @EnumSource
  void interpolation(On on) {
    Report report = new Report(on, "op_interp");
    for (String name : report.cases()) {
      String[] parts = name.split("_", 2);
      Filter filter =
          Filter.valueOf(
              name.endsWith("antialias") ? "BICUBIC_ANTIALIAS" : parts[0].toUpperCase(Locale.ROOT));
      String by = parts[1].replace("_antialias", "").replaceAll("[a-z_]", "");
      report.check(
          name,
          map(
              x -> {
                if (parts[1].startsWith("to_")) {
                  String[] sizes = parts[1].substring(3).split("x");
                  return Functions.resize(
                      x, filter, Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
                }
                double scale = by.equals("025") ? 0.25 : Double.parseDouble(by);
                return Functions.resize(x, filter, scale);
              }));
    }
    report.print(20);
  }

  @ParameterizedTest
  @EnumSource
  void theRest(On on) {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("act_exp_neg", in -> Functions.exp(Functions.negate(Functions.abs(in(in, "x")))));
    cases.put("act_gelu", in -> Functions.gelu(in(in, "x")));
    cases.put("act_leaky_relu02", in -> Functions.leakyRelu(in(in, "x"), 0.2));
    cases.put("act_sigmoid", in -> Functions.sigmoid(in(in, "x")));
    cases.put("act_silu", in -> Functions.silu(in(in, "x")));
    cases.put("act_softplus", in -> Functions.softplus(in(in, "x")));
    cases.put("bce_logits_0", in -> reshape(Losses.bceWithLogits(in(in, "x"), 0), 1));
    cases.put("bce_logits_1", in -> reshape(Losses.bceWithLogits(in(in, "x"), 1), 1));
    cases.put("l1_mean", in -> reshape(Losses.l1Loss(in(in, "p"), in(in, "t")), 1));
    cases.put("cross_scan", in -> crossScan(in(in, "x")));
    cases.put("cross_merge_h4_w5", in -> crossMerge(in(in, "y"), 4, 5));
    cases.put("einsum_dt", in -> Functions.matmul(in(in, "w"), in(in, "t")));
    cases.put("einsum_xproj", in -> Functions.matmul(in(in, "w"), in(in, "xs")));
    cases.put("global_avg_pool", map(Functions::globalAveragePool));
    cases.put("max_pool2", map(x -> Functions.maxPool(x, 2, 2)));
    cases.put("pixel_shuffle2", map(x -> Functions.pixelShuffle(x, 2)));
    cases.put("pixel_shuffle3", map(x -> Functions.pixelShuffle(x, 3)));
    cases.put("pixel_unshuffle2", map(x -> Functions.pixelUnshuffle(x, 2)));
    cases.put("reflect_pad", map(x -> reflect(reflect(x, 1, 0, 5), 2, 0, 3)));
    cases.put("reflect_pad_all", map(x -> reflect(reflect(x, 1, 4, 4), 2, 4, 4)));
    for (String name : List.of("biasfree", "c1x1", "tiny_variance", "withbias")) {
      cases.put(
          "ln_" + name,
          in ->
              nhwcToNchw(
                  Functions.layerNorm(nchwToNhwc(in(in, "x")), in(in, "w"), in.get("b"), 1e-5)));
    }
    Report report = new Report(on, "op_misc");
    assertEquals(new TreeSet<>(cases.keySet()), report.cases());
    cases.forEach(report::check);
    report.print(24);
  }

  private static Variable reflect(Variable x, int axis, int before, int after) {
    return Functions.pad(x, axis, before, after, Border.REFLECT);
  }

  /** (batch, channel, height, width) to its four walks (batch, 4, channel, height · width). */
  private static Variable crossScan(Variable x) {
    Shape s = x.shape();
    int[] walk = {s.size(0), 1, s.size(1), s.size(2) * s.size(3)};
    Variable both = concat(1, reshape(x, walk), reshape(permute(x, 0, 1, 3, 2), walk));
    return concat(1, both, flip(both, 3));
  }

  /** The transpose of {@link #crossScan}, to (batch, channel, height · width). */
  private static Variable crossMerge(Variable y, int height, int width) {
    Variable both = Functions.add(slice(y, 1, 0, 2), flip(slice(y, 1, 2, 4), 3));
    Shape s = y.shape();
    Variable columns = reshape(slice(both, 1, 1, 2), s.size(0), s.size(2), width, height);
    Shape flat = Shape.of(s.size(0), s.size(2), s.size(3));
    return Functions.add(
        reshape(slice(both, 1, 0, 1), flat), reshape(permute(columns, 0, 1, 3, 2), flat));
  }

  /** Compares all outputs and gradients of a fixture file and counts them. */
  private static final class Report {
    private final On on;
    private final String name;
    private final FixtureFile file;
    private final Map<String, Double> errors = new LinkedHashMap<>();
    private final TreeSet<String> checked = new TreeSet<>();
    private long values;

    Report(On on, String name) {
      this.on = on;
      this.name = name;
      this.file = FixtureFile.load(name + ".safetensors");
    }

    TreeSet<String> cases() {
      TreeSet<String> cases = new TreeSet<>();
      file.names().forEach(tensor -> cases.add(tensor.substring(0, tensor.lastIndexOf('.'))));
      return cases;
    }

    void check(String test, Case function) {
      Map<String, Variable> inputs = new LinkedHashMap<>();
      for (String tensor : file.names()) {
        String input = tensor.substring(tensor.lastIndexOf('.') + 1);
        if (tensor.startsWith(test + ".") && !input.equals("out") && !input.startsWith("d_")) {
          inputs.put(input, Variable.parameter(read(tensor)));
        }
      }
      Variable upstream = Objects.requireNonNull(inputs.remove("dout"));
      Variable result = function.apply(inputs);
      result.backward(upstream.value());
      compare(test + ".out", result.value());
      inputs.forEach(
          (input, variable) ->
              compare(test + ".d_" + input, Objects.requireNonNull(variable.gradient(), input)));
      checked.add(test);
    }

    private Tensor read(String tensor) {
      return on.device.tensor(Shape.of(file.shape(tensor)), file.values(tensor));
    }

    private void compare(String tensor, Tensor actual) {
      assertEquals(Shape.of(file.shape(tensor)), actual.shape(), tensor);
      float[] expected = file.values(tensor);
      double[] values = actual.toDoubles();
      double largest = 0;
      double difference = 0;
      for (int i = 0; i < values.length; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        difference = Math.max(difference, Math.abs(expected[i] - values[i]));
        assertTrue(Double.isFinite(values[i]), tensor);
      }
      double error = difference / Math.max(largest, Float.MIN_NORMAL);
      assertTrue(error <= on.tolerance, tensor + " is off by " + error + " of its largest value");
      errors.put(tensor, error);
      this.values += values.length;
    }

    void print(int expectedCases) {
      assertEquals(cases(), checked);
      assertEquals(expectedCases, checked.size());
      var worst = errors.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
      System.out.printf(
          "%s on %s: %d cases, %d tensors, %d values, largest error %.2g of the tensor's maximum"
              + " (%s)%n",
          name,
          on.device.name(),
          checked.size(),
          errors.size(),
          values,
          worst.getValue(),
          worst.getKey());
    }
  }
}
