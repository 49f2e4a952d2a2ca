package io.github.taipan.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/**
 * A device that computes nothing and holds no values: it notes the launches that a network makes,
 * from which follow its cost and the memory it needs. A network of any size costs next to nothing
 * here.
 */
public final class RecordingDevice implements Device {
  private final List<Launch> launches = new ArrayList<>();

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public String description() {
    return "recording: notes launches, computes nothing";
  }

  /** The launches so far, in order. */
  public List<Launch> launches() {
    return Collections.unmodifiableList(launches);
  }

  @Override
  public Tensor zeros(Shape shape) {
    return new Tensor(this, shape, new Object());
  }

  @Override
  public boolean sharesStorage() {
    return true;
  }

  @Override
  public void write(Tensor tensor, float[] values) {}

  @Override
  public void write(Tensor tensor, double[] values) {}

  @Override
  public Tensor full(Shape shape, double value) {
    return zeros(shape);
  }

  @Override
  public float[] readFloats(Tensor tensor) {
    throw noValues();
  }

  @Override
  public double[] readDoubles(Tensor tensor) {
    throw noValues();
  }

  private static IllegalStateException noValues() {
    return new IllegalStateException("a recording device holds no values");
  }

  @Override
  public void execute(Primitive primitive, List<Tensor> inputs, List<Tensor> outputs) {
    launches.add(new Launch(primitive, List.copyOf(inputs), List.copyOf(outputs)));
  }

  /**
   * The largest number of bytes that the results of launches occupy at once, at four bytes a value,
   * when each is freed after its last use. What was there before the first launch (parameters, the
   * input) does not count.
   */
  public long peakBytes() {
    IdentityHashMap<Object, Integer> lastUse = new IdentityHashMap<>();
    for (int i = 0; i < launches.size(); i++) {
      for (Tensor tensor : launches.get(i).inputs()) {
        lastUse.put(tensor.storage(), i);
      }
    }
    IdentityHashMap<Object, Long> live = new IdentityHashMap<>();
    long bytes = 0;
    long peak = 0;
    for (int i = 0; i < launches.size(); i++) {
      for (Tensor tensor : launches.get(i).outputs()) {
        long size = 4L * tensor.shape().elements();
        if (live.putIfAbsent(tensor.storage(), size) == null) {
          bytes += size;
        }
      }
      peak = Math.max(peak, bytes);
      for (Tensor tensor : launches.get(i).inputs()) {
        if (Objects.equals(lastUse.get(tensor.storage()), i)) {
          Long size = live.remove(tensor.storage());
          bytes -= size == null ? 0 : size;
        }
      }
    }
    return peak;
  }
}
