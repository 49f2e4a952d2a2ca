package io.github.taipan.tensor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Convolution.Conv2d;
import io.github.taipan.tensor.Convolution.Conv2dInputGradient;
import io.github.taipan.tensor.Convolution.Conv2dWeightGradient;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Normalization.LayerNorm;
import io.github.taipan.tensor.Normalization.LayerNormGradient;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Resampling.Filter;
import io.github.taipan.tensor.Resampling.MaxPool;
import io.github.taipan.tensor.Resampling.MaxPoolGradient;
import io.github.taipan.tensor.Resampling.PixelShuffle;
import io.github.taipan.tensor.Resampling.PixelUnshuffle;
import io.github.taipan.tensor.Resampling.Resize;
import io.github.taipan.tensor.Resampling.ResizeGradient;
import io.github.taipan.tensor.Scan.SelectiveScan;
import io.github.taipan.tensor.Scan.SelectiveScanGradient;
import io.github.taipan.tensor.ScanPath;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A device's primitives against outputs and gradients that PyTorch computed in float64. Subclasses
 * say which device, and how near it has to be.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FixtureParity {
  private final Device device;
  private final Map<String, List<Double>> errors = new TreeMap<>();

  protected FixtureParity(Device device) {
    this.device = device;
  }

  /** The largest error allowed in a case, relative to the largest value of the tensor. */
  protected abstract double limit(String testedCase);

  @AfterAll
  void printErrors() {
    System.out.println("Parity with PyTorch on " + device.description());
    errors.forEach(
        (kind, all) ->
            System.out.printf(
                "  %-16s %3d tensors, largest error %.2g%n",
                kind, all.size(), all.stream().mapToDouble(e -> e).max().orElseThrow()));
    device.close();
  }

  /** One case of a fixture file, whose maps are NCHW there and NHWC here. */
  private final class Case {
    private final FixtureFile file;
    private final String name;
    private final String kind;

    Case(FixtureFile file, String name, String kind) {
      this.file = file;
      this.name = name;
      this.kind = kind;
    }

    boolean has(String tensor) {
      return file.names().contains(name + "." + tensor);
    }

    Tensor tensor(String tensor) {
      Shape shape = Shape.of(file.shape(name + "." + tensor));
      return device.tensor(shape, file.values(name + "." + tensor));
    }

    Tensor map(String tensor) {
      return toMap(tensor(tensor));
    }

    void same(String tensor, Tensor actual) {
      Tensor expected = tensor(tensor);
      assertEquals(expected.shape(), actual.shape(), name + "." + tensor);
      double error = ConformanceSuite.error(expected.toDoubles(), actual.toDoubles());
      errors.computeIfAbsent(kind, _ -> new ArrayList<>()).add(error);
      assertTrue(error <= limit(name), () -> "%s.%s: error %.3g".formatted(name, tensor, error));
    }

    void sameMap(String tensor, Tensor actual) {
      same(tensor, fromMap(actual));
    }
  }

  private Tensor toMap(Tensor nchw) {
    return device.run(new Layout.Permute(List.of(0, 2, 3, 1)), nchw);
  }

  private Tensor fromMap(Tensor nhwc) {
    return device.run(new Layout.Permute(List.of(0, 3, 1, 2)), nhwc);
  }

  /** The cases of a file whose names start with a prefix; at least one. */
  private List<Case> cases(String fileName, String prefix, String kind) {
    FixtureFile file = FixtureFile.load(fileName);
    List<Case> cases =
        file.names().stream()
            .filter(tensor -> tensor.startsWith(prefix) && tensor.endsWith(".out"))
            .map(tensor -> new Case(file, tensor.substring(0, tensor.length() - 4), kind))
            .toList();
    assertTrue(!cases.isEmpty(), prefix);
    return cases;
  }

  @Test
  void convolutions() {
    for (Case c : cases("op_conv2d.safetensors", "c", "convolution")) {
      Tensor x = c.map("x");
      Tensor w = c.tensor("w");
      Tensor dout = c.map("dout");
      Conv2d convolution =
          switch (c.name.substring(0, 3)) {
            case "c01", "c02", "c13" -> new Conv2d(1, 1, 1);
            case "c03", "c04", "c11", "c12", "c14" -> new Conv2d(1, 0, 1);
            case "c05", "c06" -> new Conv2d(1, 1, x.shape().size(3));
            case "c07", "c08" -> new Conv2d(2, 1, 1);
            case "c09" -> new Conv2d(1, 1, 2);
            case "c10" -> new Conv2d(3, 2, 1);
            default -> throw new AssertionError(c.name);
          };
      int stride = convolution.stride();
      int padding = convolution.padding();
      int groups = convolution.groups();
      c.sameMap(
          "out",
          c.has("b")
              ? device.run(convolution, x, w, c.tensor("b"))
              : device.run(convolution, x, w));
      c.sameMap(
          "d_x",
          device.run(
              new Conv2dInputGradient(
                  stride, padding, groups, x.shape().size(1), x.shape().size(2)),
              dout,
              w));
      c.same(
          "d_w",
          device.run(
              new Conv2dWeightGradient(
                  stride, padding, groups, w.shape().size(2), w.shape().size(3)),
              x,
              dout));
      if (c.has("b")) {
        Tensor sum = device.run(new Reduction.Sum(List.of(0, 1, 2)), dout);
        c.same("d_b", sum.reshape(Shape.of(w.shape().size(0))));
      }
    }
  }

  @Test
  void scans() {
    for (String file : List.of("op_scan.safetensors", "op_scan_dim48.safetensors")) {
      for (Case c : cases(file, "s", "scan")) {
        for (ScanPath path : ScanPath.values()) {
          scan(c, path);
        }
      }
    }
  }

  /** Lays the sequence out so that the path visits it in order, on a map as square as it can be. */
  private void scan(Case c, ScanPath path) {
    Shape u = c.tensor("u").shape();
    Sequence sequence = Sequence.on(path, u.size(2));
    int channels = u.size(1);
    boolean grouped = c.tensor("B").shape().rank() == 4;
    int groups = grouped ? c.tensor("B").shape().size(1) : 1;
    boolean softplus = !c.name.equals("s06_plain");
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(sequence.toMap(c.tensor("u")));
    inputs.add(sequence.toMap(c.tensor("delta")));
    inputs.add(c.tensor("A"));
    inputs.add(sequence.toMap(c.tensor("B")));
    inputs.add(sequence.toMap(c.tensor("C")));
    inputs.add(c.has("D") ? c.tensor("D") : device.zeros(Shape.of(channels)));
    inputs.add(c.has("bias") ? c.tensor("bias") : device.zeros(Shape.of(channels)));
    Tensor out = device.run(new SelectiveScan(List.of(path), groups, softplus), inputs).getFirst();
    c.same("out", sequence.fromMap(out, c.tensor("out").shape()));
    inputs.add(sequence.toMap(c.tensor("dout")));
    List<Tensor> gradients =
        device.run(new SelectiveScanGradient(List.of(path), groups, softplus), inputs);
    String[] names = {"d_u", "d_delta", "d_A", "d_B", "d_C", "d_D", "d_bias"};
    for (int i = 0; i < names.length; i++) {
      if (c.has(names[i])) {
        Tensor gradient = gradients.get(i);
        Shape shape = c.tensor(names[i]).shape();
        c.same(
            names[i], gradient.shape().rank() == 4 ? sequence.fromMap(gradient, shape) : gradient);
      }
    }
  }

  /** Where the positions of a sequence lie on a map: {@code pixels[l]} for position l. */
  private record Sequence(int height, int width, int[] pixels) {
    static Sequence on(ScanPath path, int length) {
      int height = (int) Math.sqrt(length);
      while (length % height != 0) {
        height--;
      }
      int width = length / height;
      int[] pixels = new int[length];
      for (int l = 0; l < length; l++) {
        pixels[l] = path.pixel(l, height, width);
      }
      return new Sequence(height, width, pixels);
    }

    /** From {@code [batch, channels ..., length]} to {@code [batch, height, width, channels]}. */
    Tensor toMap(Tensor sequence) {
      Shape shape = sequence.shape();
      int batch = shape.size(0);
      int channels = shape.elements(1, shape.rank() - 1);
      double[] from = sequence.toDoubles();
      double[] to = new double[from.length];
      for (int row = 0; row < batch * channels; row++) {
        for (int l = 0; l < pixels.length; l++) {
          int pixel = row / channels * pixels.length + pixels[l];
          to[pixel * channels + row % channels] = from[row * pixels.length + l];
        }
      }
      return sequence.device().tensor(Shape.of(batch, height, width, channels), to);
    }

    /** The inverse of {@link #toMap}. */
    Tensor fromMap(Tensor map, Shape shape) {
      int channels = map.shape().size(3);
      double[] from = map.toDoubles();
      double[] to = new double[from.length];
      for (int row = 0; row < map.shape().size(0) * channels; row++) {
        for (int l = 0; l < pixels.length; l++) {
          int pixel = row / channels * pixels.length + pixels[l];
          to[row * pixels.length + l] = from[pixel * channels + row % channels];
        }
      }
      return map.device().tensor(shape, to);
    }
  }

  @Test
  void layerNorms() {
    for (Case c : cases("op_misc.safetensors", "ln_", "layer norm")) {
      Tensor x = c.map("x");
      Tensor w = c.tensor("w");
      boolean bias = c.has("b");
      c.sameMap(
          "out",
          bias
              ? device.run(new LayerNorm(1e-5), x, w, c.tensor("b"))
              : device.run(new LayerNorm(1e-5), x, w));
      List<Tensor> gradients =
          device.run(new LayerNormGradient(1e-5, bias), List.of(x, w, c.map("dout")));
      c.sameMap("d_x", gradients.get(0));
      c.same("d_w", gradients.get(1));
      if (bias) {
        c.same("d_b", gradients.get(2));
      }
    }
  }

  @Test
  void pixelShuffles() {
    for (Case c : cases("op_misc.safetensors", "pixel_", "pixel shuffle")) {
      int factor = c.name.endsWith("3") ? 3 : 2;
      PixelShuffle shuffle = new PixelShuffle(factor);
      PixelUnshuffle unshuffle = new PixelUnshuffle(factor);
      boolean forward = c.name.startsWith("pixel_shuffle");
      c.sameMap("out", device.run(forward ? shuffle : unshuffle, c.map("x")));
      c.sameMap("d_x", device.run(forward ? unshuffle : shuffle, c.map("dout")));
    }
  }

  @Test
  void activations() {
    for (Case c : cases("op_misc.safetensors", "act_", "activation")) {
      List<Unary> functions =
          switch (c.name) {
            case "act_exp_neg" ->
                List.of(new Unary.Abs(), new Unary.Affine(-1, 0), new Unary.Exp());
            case "act_gelu" -> List.of(new Unary.Gelu());
            case "act_leaky_relu02" -> List.of(new Unary.LeakyRelu(0.2));
            case "act_sigmoid" -> List.of(new Unary.Sigmoid());
            case "act_silu" -> List.of(new Unary.Silu());
            case "act_softplus" -> List.of(new Unary.Softplus());
            default -> throw new AssertionError(c.name);
          };
      List<Tensor> values = new ArrayList<>(List.of(c.tensor("x")));
      for (Unary function : functions) {
        values.add(device.run(function, values.getLast()));
      }
      c.same("out", values.getLast());
      Tensor gradient = c.tensor("dout");
      for (int i = functions.size() - 1; i >= 0; i--) {
        gradient = device.run(new UnaryGradient(functions.get(i)), values.get(i), gradient);
      }
      c.same("d_x", gradient);
    }
  }

  @Test
  void pools() {
    for (Case c : cases("op_misc.safetensors", "max_pool2", "pool")) {
      MaxPool pool = new MaxPool(2, 2);
      c.sameMap("out", device.run(pool, c.map("x")));
      c.sameMap("d_x", device.run(new MaxPoolGradient(pool), c.map("x"), c.map("dout")));
    }
    for (Case c : cases("op_misc.safetensors", "global_avg_pool", "pool")) {
      Tensor x = c.map("x");
      Unary mean = new Unary.Affine(1.0 / x.shape().elements(1, 3), 0);
      c.sameMap("out", device.run(mean, device.run(new Reduction.Sum(List.of(1, 2)), x)));
      Tensor spread = device.run(new Layout.Broadcast(x.shape()), c.map("dout"));
      c.sameMap("d_x", device.run(mean, spread));
    }
  }

  /** Products of one matrix per direction with a batch: w [k, m, n] · x [b, k, n, l]. */
  @Test
  void matrixProducts() {
    for (Case c : cases("op_misc.safetensors", "einsum_", "matrix product")) {
      String name = c.has("xs") ? "xs" : "t";
      Tensor x = c.tensor(name);
      Tensor w = c.tensor("w");
      Tensor dout = c.tensor("dout");
      c.same("out", device.run(new MatrixProduct(false, false), w, x));
      c.same("d_" + name, device.run(new MatrixProduct(true, false), w, dout));
      Tensor perImage = device.run(new MatrixProduct(false, true), dout, x);
      c.same("d_w", device.run(new Reduction.Sum(List.of(0)), perImage).reshape(w.shape()));
    }
  }

  @Test
  void reflectedPadding() {
    for (Case c : cases("op_misc.safetensors", "reflect_pad", "padding")) {
      Tensor x = c.map("x");
      boolean allSides = c.name.endsWith("all");
      Shape padded = c.map("out").shape();
      int bottom = padded.size(1) - x.shape().size(1);
      int right = padded.size(2) - x.shape().size(2);
      int top = allSides ? bottom / 2 : 0;
      int left = allSides ? right / 2 : 0;
      Layout.Pad rows = new Layout.Pad(1, top, bottom - top, Layout.Border.REFLECT);
      Layout.Pad columns = new Layout.Pad(2, left, right - left, Layout.Border.REFLECT);
      c.sameMap("out", device.run(columns, device.run(rows, x)));
      Tensor narrow = device.run(new Layout.PadGradient(columns), c.map("dout"));
      c.sameMap("d_x", device.run(new Layout.PadGradient(rows), narrow));
    }
  }

  @Test
  void interpolations() {
    for (Case c : cases("op_interp.safetensors", "", "interpolation")) {
      Tensor x = c.map("x");
      Shape out = c.map("out").shape();
      Filter filter =
          c.name.endsWith("antialias")
              ? Filter.BICUBIC_ANTIALIAS
              : Filter.valueOf(c.name.substring(0, c.name.indexOf('_')).toUpperCase(Locale.ROOT));
      int scaled = c.name.indexOf("_scale");
      double step = scaled < 0 ? 0 : 1 / Double.parseDouble(c.name.substring(scaled + 6));
      Resize resize =
          scaled < 0
              ? Resize.to(filter, x.shape(), out.size(1), out.size(2))
              : new Resize(filter, out.size(1), out.size(2), step, step);
      c.sameMap("out", device.run(resize, x));
      Resampling gradient = new ResizeGradient(resize, x.shape().size(1), x.shape().size(2));
      c.sameMap("d_x", device.run(gradient, c.map("dout")));
    }
  }
}
