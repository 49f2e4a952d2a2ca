package io.github.taipan.tensor.reference;

import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Primitive;
import io.github.taipan.tensor.Reduction;
import io.github.taipan.tensor.Resampling;
import io.github.taipan.tensor.Scan;
import io.github.taipan.tensor.Shape;
import io.github.taipan.tensor.ShapeException;
import io.github.taipan.tensor.Tensor;
import io.github.taipan.tensor.Unary;
import io.github.taipan.tensor.UnaryGradient;
import io.github.taipan.tensor.Update;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The executable specification: each primitive as plain loops in float64 on one thread, slow and
 * obviously right. The other devices are tested against it, and gradients are checked on it.
 */
public final class ReferenceDevice implements Device {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "reference: plain loops, float64, 1 thread";
  }

  @Override
  public Tensor zeros(Shape shape) {
    return new Tensor(this, shape, new double[shape.elements()]);
  }

  @Override
  public void write(Tensor tensor, float[] values) {
    double[] storage = storage(tensor, values.length);
    Arrays.setAll(storage, i -> values[i]);
  }

  @Override
  public void write(Tensor tensor, double[] values) {
    double[] storage = storage(tensor, values.length);
    Arrays.setAll(storage, i -> values[i]);
  }

  @Override
  public float[] readFloats(Tensor tensor) {
    double[] values = values(tensor);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Override
  public double[] readDoubles(Tensor tensor) {
    return values(tensor).clone();
  }

  @Override
  public void execute(Primitive primitive, List<Tensor> inputs, List<Tensor> outputs) {
    if (!(primitive instanceof Update)) {
      outputs.forEach(output -> Arrays.fill(values(output), 0)); // kernels may add into outputs
    }
    switch (primitive) {
      case Unary unary -> ReferencePointwise.run(unary, inputs, outputs);
      case UnaryGradient gradient -> ReferencePointwise.run(gradient, inputs, outputs);
      case Binary binary -> ReferencePointwise.run(binary, inputs, outputs);
      case Reduction reduction -> ReferenceReduction.run(reduction, inputs, outputs);
      case MatrixProduct product -> ReferenceMatrixProduct.run(product, inputs, outputs);
      case Convolution convolution -> ReferenceConvolution.run(convolution, inputs, outputs);
      case Normalization normalization ->
          ReferenceNormalization.run(normalization, inputs, outputs);
      case Resampling resampling -> ReferenceResampling.run(resampling, inputs, outputs);
      case Layout layout -> ReferenceLayout.run(layout, inputs, outputs);
      case Scan.ProjectedScan scan -> runProjected(scan, inputs, outputs);
      case Scan scan -> ReferenceScan.run(scan, inputs, outputs);
      case Update update -> ReferenceUpdate.run(update, inputs, outputs);
      case Fused fused -> runParts(fused, inputs, outputs);
    }
  }

  private void runProjected(Scan.ProjectedScan scan, List<Tensor> inputs, List<Tensor> outputs) {
    List<Tensor> scanned = new ArrayList<>(inputs.subList(1, 8));
    scanned.set(0, inputs.getFirst());
    scanned.set(1, run(scan.projection(), inputs.subList(1, 3)).getFirst());
    execute(scan.scan(), scanned, outputs);
  }

  private void runParts(Fused fused, List<Tensor> inputs, List<Tensor> outputs) {
    List<Tensor> values = new ArrayList<>(inputs);
    for (Fused.Part part : fused.parts()) {
      values.addAll(run(part.primitive(), part.operands().stream().map(values::get).toList()));
    }
    for (int i = 0; i < outputs.size(); i++) {
      write(outputs.get(i), values(values.get(fused.results().get(i))));
    }
  }

  private static double[] storage(Tensor tensor, int length) {
    double[] storage = values(tensor);
    if (storage.length != length) {
      throw new ShapeException(
          "%s takes %d values, got %d".formatted(tensor, storage.length, length));
    }
    return storage;
  }

  /** The storage itself, row-major. */
  static double[] values(Tensor tensor) {
    return (double[]) tensor.storage();
  }
}
