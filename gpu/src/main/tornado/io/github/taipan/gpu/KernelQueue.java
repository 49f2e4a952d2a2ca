package io.github.taipan.gpu;

import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Runs kernels on one device, one after the other. All tensors live in one array that stays on the
 * device. Every kernel is a task graph of its own in one execution plan, compiled when it first
 * runs; a run uploads its small launch array and sets its number of work-groups, so that one
 * compiled kernel serves all launches.
 *
 * <p>Not thread-safe.
 */
final class KernelQueue implements AutoCloseable {
  /** The first value that may be used: arrays have a header, and blocks begin on 128 bytes. */
  static final int FIRST = (int) (32 - TornadoNativeArray.ARRAY_HEADER / 4 % 32);

  private static final String MEMORY_OWNER = "memory";

  /** The sizes of the arrays through which values come and go: a copy moves the whole array. */
  private static final int[] STAGING = {1 << 8, 1 << 14, 1 << 21};

  /** A task graph of one task, and what is set before it is run. */
  private record Graph(int number, IntArray launch, WorkerGrid grid) {}

  private final FloatArray memory;
  private final KernelContext context = new KernelContext();
  private final GridScheduler scheduler = new GridScheduler();
  private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
  private final List<Graph> kernels = new ArrayList<>(); // in the order of Kernel
  private final List<FloatArray> staging = new ArrayList<>();
  private final List<Graph> stores = new ArrayList<>();
  private final List<Graph> loads = new ArrayList<>();
  private final TornadoExecutionPlan plan;

  /** A queue of a device that has an array of so many values. */
  KernelQueue(TornadoDevice device, int capacity) {
    memory = new FloatArray(capacity);
    for (Kernel kernel : Kernel.values()) {
      kernels.add(kernel(kernel));
    }
    for (int size : STAGING) {
      FloatArray array = new FloatArray(size);
      staging.add(array);
      stores.add(store(array));
      loads.add(load(array));
    }
    plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
    plan.withDevice(device);
    plan.withGridScheduler(scheduler);
    // Gives the memory its place on the device, from where all other graphs take it.
    run(Kernel.values()[0].groups(1, 1, 1, 0, 0, 0));
  }

  /** Runs a kernel to its end. */
  void run(KernelLaunch launch) {
    run(
        kernels.get(launch.kernel().ordinal()),
        (long) launch.groupsX() * launch.kernel().groupX(),
        (long) launch.groupsY() * launch.kernel().groupY(),
        launch.groupsZ(),
        launch.arguments());
  }

  /** Copies values from the host to a place in the memory. */
  void write(int at, float[] values) {
    for (int done = 0; done < values.length; ) {
      int size = stagingFor(values.length - done);
      FloatArray array = staging.get(size);
      int count = Math.min(values.length - done, array.getSize());
      for (int i = 0; i < count; i++) {
        array.set(i, values[done + i]);
      }
      run(stores.get(size), array.getSize(), 1, 1, at + done, count);
      done += count;
    }
  }

  /** Copies values from a place in the memory to the host. */
  float[] read(int at, int length) {
    float[] values = new float[length];
    for (int done = 0; done < length; ) {
      int size = stagingFor(length - done);
      FloatArray array = staging.get(size);
      int count = Math.min(length - done, array.getSize());
      run(loads.get(size), array.getSize(), 1, 1, at + done, count);
      for (int i = 0; i < count; i++) {
        values[done + i] = array.get(i);
      }
      done += count;
    }
    return values;
  }

  @Override
  public void close() {
    try {
      plan.freeDeviceMemory();
      plan.close();
    } catch (TornadoExecutionPlanException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int stagingFor(int values) {
    int size = 0;
    while (size < STAGING.length - 1 && STAGING[size] < values) {
      size++;
    }
    return size;
  }

  private void run(Graph graph, long x, long y, long z, int... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      graph.launch.set(i, arguments[i]);
    }
    graph.grid.setGlobalWork(x, y, z);
    plan.withGraph(graph.number).execute();
  }

  private Graph kernel(Kernel kernel) {
    IntArray launch = new IntArray(Kernel.ARGUMENTS);
    TaskGraph graph = graph(kernel.name());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, launch);
    graph.task("task", kernel.code(), context, memory, launch);
    return add(graph, launch, kernel.groupX(), kernel.groupY());
  }

  private Graph store(FloatArray array) {
    IntArray launch = new IntArray(2);
    TaskGraph graph = graph("store" + array.getSize());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, launch, array);
    graph.task("task", TransferKernels::storeStaging, context, memory, array, launch);
    return add(graph, launch, 64, 1);
  }

  private Graph load(FloatArray array) {
    IntArray launch = new IntArray(2);
    TaskGraph graph = graph("load" + array.getSize());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, launch);
    graph.task("task", TransferKernels::loadStaging, context, memory, array, launch);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, array);
    return add(graph, launch, 64, 1);
  }

  private TaskGraph graph(String name) {
    if (graphs.isEmpty()) {
      return new TaskGraph(MEMORY_OWNER).transferToDevice(DataTransferMode.FIRST_EXECUTION, memory);
    }
    return new TaskGraph(name).consumeFromDevice(MEMORY_OWNER, memory);
  }

  private Graph add(TaskGraph graph, IntArray launch, int groupX, int groupY) {
    WorkerGrid grid = new WorkerGrid3D(groupX, groupY, 1);
    grid.setLocalWork(groupX, groupY, 1);
    scheduler.addWorkerGrid(graph.getTaskGraphName() + ".task", grid);
    Graph added = new Graph(graphs.size(), launch, grid);
    graphs.add(graph.persistOnDevice(memory).snapshot());
    return added;
  }
}
