package io.github.taipan.gpu;

import io.github.taipan.gpu.KernelQueue.Sequence;
import io.github.taipan.tensor.Binary;
import io.github.taipan.tensor.Constants;
import io.github.taipan.tensor.Convolution;
import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.Fused;
import io.github.taipan.tensor.KernelSource;
import io.github.taipan.tensor.Launch;
import io.github.taipan.tensor.Layout;
import io.github.taipan.tensor.MatrixProduct;
import io.github.taipan.tensor.Normalization;
import io.github.taipan.tensor.Prepared;
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
import io.github.taipan.tensor.WarmUp;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * A GPU, or whatever else TornadoVM has a driver for: float32 values in one array that stays on the
 * device. A primitive comes to one or more kernel launches, whose work follows from the shapes
 * alone and which add in a fixed order: results are the same bits in each run. Threads may use it
 * at the same time; their launches take turns.
 */
public final class GpuDevice implements Device {
  private static final Cleaner CLEANER = Cleaner.create();

  private final String description;
  private final boolean baked;
  private final KernelQueue queue;
  private final DeviceMemory memory;
  private final Tables tables;
  private Block scratch;

  /**
   * Opens a device.
   *
   * @param bytes how much of the device's memory to take
   * @param baked whether each launch of a program is compiled for itself, to be started with others
   */
  GpuDevice(String description, TornadoDevice device, long bytes, boolean baked) {
    int capacity = (int) Math.min(bytes / 4, Integer.MAX_VALUE - 64);
    this.description = description;
    this.baked = baked;
    this.queue = new KernelQueue(device, capacity);
    this.memory = new DeviceMemory(KernelQueue.FIRST, capacity);
    this.tables = new Tables(memory, queue::write);
    this.scratch = allocate(0);
  }

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Tensor zeros(Shape shape) {
    Tensor tensor = allocate(shape);
    synchronized (queue) {
      LaunchList list = new LaunchList(this, tables, 0);
      int count = shape.elements();
      list.add(Kernel.FILL.over(count, list.at(tensor), count, list.number(0)));
      queue.run(list.launches());
    }
    return tensor;
  }

  @Override
  public Tensor tensor(Shape shape, float... values) {
    requireElements(shape, values.length);
    Tensor tensor = allocate(shape);
    write(tensor, values);
    return tensor;
  }

  @Override
  public void write(Tensor tensor, float[] values) {
    requireElements(tensor.shape(), values.length);
    synchronized (queue) {
      queue.write(block(tensor).offset(), values);
    }
  }

  @Override
  public void write(Tensor tensor, double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    write(tensor, floats);
  }

  @Override
  public float[] readFloats(Tensor tensor) {
    synchronized (queue) {
      return queue.read(block(tensor).offset(), tensor.shape().elements());
    }
  }

  @Override
  public double[] readDoubles(Tensor tensor) {
    float[] floats = readFloats(tensor);
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** Collects the values on the device, so that one copy brings them all. */
  @Override
  public double[] readItems(List<Tensor> tensors) {
    Tensor items = allocate(Shape.of(tensors.size()));
    int most = Kernel.ARGUMENTS - 2;
    synchronized (queue) {
      LaunchList list = new LaunchList(this, tables, 0);
      for (int from = 0; from < tensors.size(); from += most) {
        int count = Math.min(most, tensors.size() - from);
        int[] arguments = new int[2 + count];
        arguments[0] = list.at(items) + from;
        arguments[1] = count;
        for (int i = 0; i < count; i++) {
          arguments[2 + i] = list.at(tensors.get(from + i));
        }
        list.add(Kernel.GATHER_SCALARS.over(count, arguments));
      }
      queue.run(list.launches());
    }
    return readDoubles(items);
  }

  @Override
  public boolean sharesStorage() {
    return true;
  }

  @Override
  public void execute(Primitive primitive, List<Tensor> inputs, List<Tensor> outputs) {
    synchronized (queue) {
      List<Launch> launches = List.of(new Launch(primitive, inputs, outputs));
      LaunchList list = list(launches, scratch.offset(), new int[1]);
      if (list.scratchValues() > scratch.length()) {
        scratch = allocate(list.scratchValues());
        list = list(launches, scratch.offset(), new int[1]);
      }
      queue.run(list.launches());
    }
    Reference.reachabilityFence(inputs); // launches know places alone
    Reference.reachabilityFence(outputs);
  }

  @Override
  public Prepared prepare(List<Launch> launches, @Nullable Constants constants) {
    synchronized (queue) {
      int[] ends = new int[launches.size()];
      Block room = allocate(list(launches, 0, ends).scratchValues());
      List<KernelLaunch> kernels = list(launches, room.offset(), ends).launches();
      Sequence sequence = baked ? queue.add(kernels) : null;
      PreparedLaunches prepared =
          new PreparedLaunches(queue, kernels, ends, List.of(launches, room), sequence);
      if (sequence != null) {
        KernelQueue owner = queue;
        CLEANER.register(prepared, () -> forget(owner, sequence));
      }
      return prepared;
    }
  }

  @Override
  public void onWarmUp(WarmUp listener) {
    synchronized (queue) {
      queue.onWarmUp(listener);
    }
  }

  @Override
  public long freeMemory() {
    return 4 * memory.free();
  }

  @Override
  public List<KernelSource> kernels(Primitive primitive, List<Tensor> inputs) {
    List<Shape> shapes = primitive.outputs(inputs.stream().map(Tensor::shape).toList());
    List<Tensor> outputs =
        primitive instanceof Update update
            ? update.updated(inputs)
            : shapes.stream().map(this::allocate).toList();
    synchronized (queue) {
      List<Launch> launches = List.of(new Launch(primitive, inputs, outputs));
      Block room = allocate(list(launches, 0, new int[1]).scratchValues());
      List<KernelSource> sources =
          queue.sources(list(launches, room.offset(), new int[1]).launches());
      Reference.reachabilityFence(room);
      Reference.reachabilityFence(launches);
      return sources;
    }
  }

  /** Runs kernels, for tests. */
  void run(List<KernelLaunch> launches) {
    synchronized (queue) {
      queue.run(launches);
    }
  }

  private static void forget(KernelQueue queue, Sequence sequence) {
    synchronized (queue) {
      queue.remove(sequence);
    }
  }

  /** What the launches come to; afterwards ends[i] kernel launches finish launch i. */
  private LaunchList list(List<Launch> launches, int scratchAt, int[] ends) {
    LaunchList list = new LaunchList(this, tables, scratchAt);
    for (int i = 0; i < ends.length; i++) {
      Launch launch = launches.get(i);
      list.next();
      add(list, launch.primitive(), launch.inputs(), launch.outputs());
      ends[i] = list.size();
    }
    return list;
  }

  static void add(LaunchList list, Primitive primitive, List<Tensor> inputs, List<Tensor> outputs) {
    switch (primitive) {
      case Unary p -> PointwiseLaunches.add(list, p, inputs.getFirst(), outputs.getFirst());
      case UnaryGradient p -> PointwiseLaunches.add(list, p, inputs, outputs.getFirst());
      case Binary p -> PointwiseLaunches.add(list, p, inputs, outputs.getFirst());
      case Update p -> PointwiseLaunches.add(list, p, inputs);
      case Reduction p -> ReductionLaunches.add(list, p, inputs, outputs.getFirst());
      case MatrixProduct p -> MatrixLaunches.add(list, p, inputs, outputs.getFirst());
      case Convolution p -> ConvolutionLaunches.add(list, p, inputs, outputs.getFirst());
      case Normalization p -> NormalizationLaunches.add(list, p, inputs, outputs);
      case Resampling p -> ResamplingLaunches.add(list, p, inputs, outputs.getFirst());
      case Layout p -> LayoutLaunches.add(list, p, inputs, outputs.getFirst());
      case Scan p -> ScanLaunches.add(list, p, inputs, outputs);
      case Fused p -> FusedLaunches.add(list, p, inputs, outputs);
    }
  }

  private Tensor allocate(Shape shape) {
    return new Tensor(this, shape, allocate(shape.elements()));
  }

  /** A block that is given back when nobody holds it any more. */
  private Block allocate(int length) {
    Block block = memory.allocateOrCollect(length);
    Block same = new Block(block.offset(), block.length()); // must not hold what it waits for
    DeviceMemory owner = memory;
    CLEANER.register(block, () -> owner.release(same));
    return block;
  }

  @Override
  public void close() {
    synchronized (queue) {
      queue.close();
    }
  }

  private static Block block(Tensor tensor) {
    return (Block) tensor.storage();
  }

  private static void requireElements(Shape shape, int values) {
    if (shape.elements() != values) {
      throw new ShapeException(
          "shape %s holds %d values, got %d".formatted(shape, shape.elements(), values));
    }
  }
}
