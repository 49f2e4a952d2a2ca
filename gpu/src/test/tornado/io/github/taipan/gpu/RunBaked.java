package io.github.taipan.gpu;

import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Prepared;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import java.util.List;

/** Runs a program of three launches three times, as a sequence. */
final class RunBaked {
  private RunBaked() {}

  /** {@code CUDA}, {@code PTX} or {@code OPENCL}. */
  public static void main(String[] arguments) {
    try (GpuDevice device = CompileAll.open(arguments[0])) {
      Unary increment = new Unary.Affine(1, 1);
      Tensor a = device.zeros(Shape.of(1000));
      Tensor b = device.zeros(Shape.of(1000));
      Prepared program =
          device.prepare(
              List.of(
                  new Launch(increment, List.of(a), List.of(b)),
                  new Launch(increment, List.of(b), List.of(a)),
                  new Launch(increment, List.of(a), List.of(a))),
              null);
      for (int i = 0; i < 3; i++) {
        program.run();
      }
      System.out.println("value " + a.toFloats()[999]);
    }
  }
}
