package io.github.taipan.autograd;

import static io.github.taipan.autograd.Functions.add;
import static io.github.taipan.autograd.Functions.affine;
import static io.github.taipan.autograd.Functions.exp;
import static io.github.taipan.autograd.Functions.multiply;
import static io.github.taipan.autograd.Functions.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeException;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.reference.ReferenceDevice;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VariableTest {
  private final Device device = new ReferenceDevice();

  private Variable parameter(double... values) {
    return Variable.parameter(device.tensor(Shape.of(values.length), values));
  }

  private static double[] gradient(Variable parameter) {
    return Objects.requireNonNull(parameter.gradient()).toDoubles();
  }

  @Test
  void gradientsOfSeveralPassesAddUpUntilCleared() {
    Variable x = parameter(2, 3);
    sum(multiply(x, x)).backward();
    assertArrayEquals(new double[] {4, 6}, gradient(x));
    sum(affine(x, 10, 0)).backward();
    assertArrayEquals(new double[] {14, 16}, gradient(x));
    x.clearGradient();
    assertNull(x.gradient());
    sum(x).backward();
    assertArrayEquals(new double[] {1, 1}, gradient(x));
  }

  @Test
  void bothWaysThroughADiamondCount() {
    Variable x = parameter(2);
    Variable middle = multiply(x, x);
    Variable left = affine(middle, 3, 0);
    Variable right = multiply(middle, left);
    sum(add(left, right)).backward(); // 3x² + 3x⁴
    assertArrayEquals(new double[] {6 * 2 + 12 * 8}, gradient(x));
    assertNull(middle.gradient(), "gradients on the way are not kept");
  }

  @Test
  void theUpstreamGradientWeighs() {
    Variable x = parameter(1, 2, 3);
    multiply(x, x).backward(device.tensor(Shape.of(3), 1, 0, -1));
    assertArrayEquals(new double[] {2, 0, -6}, gradient(x));
    x.backward(device.tensor(Shape.of(3), 1, 1, 1));
    assertArrayEquals(new double[] {3, 1, -5}, gradient(x));
  }

  @Test
  void constantsAndDetachedValuesGetNoGradient() {
    Variable x = parameter(3);
    Variable constant = Variable.constant(device.tensor(Shape.of(1), 5));
    sum(multiply(multiply(x, x.detach()), constant)).backward();
    assertArrayEquals(new double[] {15}, gradient(x));
    assertNull(constant.gradient());
    assertFalse(multiply(constant, constant).requiresGradient());
    String message =
        assertThrows(IllegalStateException.class, () -> sum(constant).backward()).toString();
    assertTrue(message.contains("nothing here requires a gradient"), message);
  }

  @Test
  void nothingIsRecordedInsideNoGradient() {
    Variable x = parameter(3);
    Variable inside = NoGradient.call(() -> multiply(x, x));
    assertFalse(inside.requiresGradient());
    NoGradient.run(() -> assertTrue(NoGradient.active()));
    assertFalse(NoGradient.active());
    sum(add(inside, x)).backward();
    assertArrayEquals(new double[] {1}, gradient(x));
  }

  @Test
  void manyThreadsMayComputeWithTheSameParameters() throws Exception {
    Variable x = parameter(1, 2, 3);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<double[]>> results = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int scale = i;
        results.add(
            threads.submit(
                () -> NoGradient.call(() -> affine(multiply(x, x), scale, 0).value().toDoubles())));
      }
      for (int i = 0; i < 64; i++) {
        assertArrayEquals(new double[] {i, 4 * i, 9 * i}, results.get(i).get());
      }
    }
    assertNull(x.gradient());
  }

  @Test
  void aSecondPassNeedsTheGraphRetained() {
    Variable x = parameter(2);
    Variable loss = sum(multiply(x, x));
    loss.backward(true);
    loss.backward();
    assertArrayEquals(new double[] {8}, gradient(x));
    String message = assertThrows(IllegalStateException.class, loss::backward).toString();
    assertTrue(message.contains("freed"), message);
    assertArrayEquals(new double[] {8}, gradient(x));
  }

  @Test
  void aBackwardPassStartsAtANumberOrWithItsShape() {
    Variable x = parameter(1, 2);
    assertThrows(ShapeException.class, () -> multiply(x, x).backward());
    Tensor wrong = device.zeros(Shape.of(3));
    assertThrows(ShapeException.class, () -> multiply(x, x).backward(wrong));
  }

  @Test
  void gradientPrimitivesSayThatTheyHaveNoGradient() {
    Variable x = parameter(1, 2);
    UnaryGradient primitive = new UnaryGradient(new Unary.Silu());
    String message =
        assertThrows(
                UnsupportedOperationException.class, () -> Variable.apply(primitive, x, x.detach()))
            .toString();
    assertTrue(message.contains("SiluGradient has no vector-Jacobian product"), message);
    assertEquals(2, Variable.apply(primitive, x.detach(), x.detach()).shape().elements());
  }

  @Test
  void gradientsThatNobodyWantsAreNotComputed() {
    CountingDevice counting = new CountingDevice();
    Variable image = Variable.constant(counting.zeros(Shape.of(1, 4, 4, 2)));
    Variable frozen = Variable.constant(counting.zeros(Shape.of(3, 2, 3, 3)));
    Variable trained = Variable.parameter(counting.zeros(Shape.of(1, 3, 1, 1)));
    Variable features = Functions.conv2d(image, frozen, null, 1, 1, 1);
    Variable result = Functions.conv2d(features, trained, null, 1, 0, 1);
    counting.names.clear();
    result.backward(counting.zeros(result.shape()));
    assertEquals(List.of("Conv2dWeightGradient"), counting.names);
  }

  /** The reference device with a list of what it executed. */
  private static final class CountingDevice implements Device {
    private final ReferenceDevice reference = new ReferenceDevice();
    private final List<String> names = new ArrayList<>();

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public String description() {
      return reference.description();
    }

    @Override
    public Tensor zeros(Shape shape) {
      return new Tensor(this, shape, reference.zeros(shape).storage());
    }

    @Override
    public void write(Tensor tensor, float[] values) {
      reference.write(tensor, values);
    }

    @Override
    public void write(Tensor tensor, double[] values) {
      reference.write(tensor, values);
    }

    @Override
    public float[] readFloats(Tensor tensor) {
      return reference.readFloats(tensor);
    }

    @Override
    public double[] readDoubles(Tensor tensor) {
      return reference.readDoubles(tensor);
    }

    @Override
    public void execute(Primitive primitive, List<Tensor> inputs, List<Tensor> outputs) {
      names.add(primitive.name());
      reference.execute(primitive, inputs, outputs);
    }
  }

  @Test
  void longChainsNeedNoStack() {
    Variable x = parameter(1);
    Variable y = x;
    for (int i = 0; i < 10_000; i++) {
      y = affine(add(y, x), 0.5, 0);
    }
    sum(y).backward();
    assertArrayEquals(new double[] {1}, gradient(x), 1e-12);
  }

  @Test
  void onlyWhatTheBackwardPassReadsIsKept() {
    Variable x = parameter(1, 2, 3);
    // The sum needs no values; exp needs its argument.
    Variable unread = affine(x, 2, 0);
    Variable read = affine(x, 3, 0);
    Variable loss = sum(add(unread, exp(read)));
    WeakReference<Tensor> unreadValue = new WeakReference<>(unread.value());
    WeakReference<Tensor> readValue = new WeakReference<>(read.value());
    unread = null;
    read = null;
    assertTrue(collected(unreadValue));
    assertNotNull(readValue.get());
    loss.backward();
    assertTrue(collected(readValue), "the pass frees the graph");
    assertNotNull(loss.value());
  }

  private static boolean collected(WeakReference<Tensor> reference) {
    return IntStream.range(0, 50)
        .anyMatch(
            _ -> {
              System.gc();
              return reference.get() == null;
            });
  }
}
