package io.github.taipan.gpu;

import io.github.taipan.gpu.KernelQueue.Sequence;
import io.github.taipan.tensor.WarmUp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One execution plan of TornadoVM, whose task graphs share the memory: one graph for each kernel,
 * for the copies from and to the host, and for each part of a sequence.
 */
final class ResidentPlan implements AutoCloseable {
  private static final String OWNER = "memory";

  /** The sizes of the arrays through which values come and go: a copy moves the whole array. */
  private static final int[] STAGING = {1 << 8, 1 << 14, 1 << 21};

  /** How many tasks of a sequence go into one graph: TornadoVM's buffers hold no hundred. */
  private static final int TASKS = 50;

  private static final Set<TornadoVMBackendType> RECORDING =
      EnumSet.of(TornadoVMBackendType.CUDA, TornadoVMBackendType.PTX);

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
  private final IdentityHashMap<Sequence, List<Integer>> sequences = new IdentityHashMap<>();

  /** Whether the backend records what a graph does when it first runs, as a CUDA graph. */
  private final boolean recording;

  private final Set<Integer> recorded = new HashSet<>();
  private final TornadoExecutionPlan plan;
  private final TornadoExecutionResult first;

  /**
   * Gives the memory its place on the device, with the values that it has on the host.
   *
   * @param printing whether TornadoVM writes the code that it makes to {@link GeneratedCode}'s
   *     place
   */
  ResidentPlan(
      TornadoDevice device, FloatArray memory, List<Sequence> sequences, boolean printing) {
    this.memory = memory;
    recording = RECORDING.contains(device.getTornadoVMBackend());
    Graph owner = owner();
    for (Kernel kernel : Kernel.values()) {
      kernels.add(kernel(kernel));
    }
    for (int size : STAGING) {
      FloatArray array = new FloatArray(size);
      staging.add(array);
      stores.add(store(array));
      loads.add(load(array));
    }
    for (Sequence sequence : sequences) {
      this.sequences.put(sequence, parts(sequence.launches()));
    }
    plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
    plan.withDevice(device);
    plan.withGridScheduler(scheduler);
    if (printing) {
      plan.withPrintKernel();
    }
    first = plan.withGraph(owner.number).execute();
  }

  boolean has(Sequence sequence) {
    return sequences.containsKey(sequence);
  }

  void run(KernelLaunch launch) {
    Kernel kernel = launch.kernel();
    Graph graph = kernels.get(kernel.ordinal());
    setGlobalWork(graph.grid, launch);
    run(graph, launch.arguments());
  }

  void run(Sequence sequence, WarmUp warmUp) {
    List<Integer> parts = sequences.getOrDefault(sequence, List.of());
    warmUp.step(0, parts.size());
    for (int i = 0; i < parts.size(); i++) {
      TornadoExecutionPlan part = plan.withGraph(parts.get(i));
      if (recording && recorded.add(parts.get(i))) {
        part = part.withCUDAGraph(); // once, before it first runs
      }
      part.execute();
      warmUp.step(i + 1, parts.size());
    }
  }

  void write(int at, float[] values) {
    for (int done = 0; done < values.length; ) {
      int size = stagingFor(values.length - done);
      FloatArray array = staging.get(size);
      int count = Math.min(values.length - done, array.getSize());
      for (int i = 0; i < count; i++) {
        array.set(i, values[done + i]);
      }
      run(stores.get(size), at + done, count);
      done += count;
    }
  }

  float[] read(int at, int length) {
    float[] values = new float[length];
    for (int done = 0; done < length; ) {
      int size = stagingFor(length - done);
      FloatArray array = staging.get(size);
      int count = Math.min(length - done, array.getSize());
      run(loads.get(size), at + done, count);
      for (int i = 0; i < count; i++) {
        values[done + i] = array.get(i);
      }
      done += count;
    }
    return values;
  }

  /** Copies the whole memory to the host. */
  void retrieve() {
    first.transferToHost(memory);
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

  private void run(Graph graph, int... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      graph.launch.set(i, arguments[i]);
    }
    plan.withGraph(graph.number).execute();
  }

  /** The graph that brings the memory to the device; all others take it from there. */
  private Graph owner() {
    IntArray launch = new IntArray(1);
    TaskGraph graph =
        new TaskGraph(OWNER).transferToDevice(DataTransferMode.FIRST_EXECUTION, memory, launch);
    graph.task("task", TransferKernels::touchMemory, context, memory, launch);
    return add(graph, launch, grid(graph, "task", 1, 1));
  }

  private Graph kernel(Kernel kernel) {
    IntArray launch = new IntArray(Kernel.ARGUMENTS);
    TaskGraph graph = graph(kernel.name());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, launch);
    graph.task("task", kernel.code(), context, memory, launch);
    return add(graph, launch, grid(graph, "task", kernel.groupX(), kernel.groupY()));
  }

  private Graph store(FloatArray array) {
    IntArray launch = new IntArray(2);
    TaskGraph graph = graph("store" + array.getSize());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, launch, array);
    graph.task("task", TransferKernels::storeStaging, context, memory, array, launch);
    return add(graph, launch, copyGrid(graph, array));
  }

  private Graph load(FloatArray array) {
    IntArray launch = new IntArray(2);
    TaskGraph graph = graph("load" + array.getSize());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, launch);
    graph.task("task", TransferKernels::loadStaging, context, memory, array, launch);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, array);
    return add(graph, launch, copyGrid(graph, array));
  }

  private WorkerGrid copyGrid(TaskGraph graph, FloatArray array) {
    WorkerGrid grid = grid(graph, "task", 64, 1);
    grid.setGlobalWork(array.getSize(), 1, 1);
    return grid;
  }

  /** The numbers of the graphs that run these launches, whose arrays are uploaded once. */
  private List<Integer> parts(List<KernelLaunch> launches) {
    List<Integer> parts = new ArrayList<>();
    for (int from = 0; from < launches.size(); from += TASKS) {
      TaskGraph graph = graph("part" + graphs.size());
      for (int i = from; i < Math.min(from + TASKS, launches.size()); i++) {
        KernelLaunch launch = launches.get(i);
        Kernel kernel = launch.kernel();
        IntArray arguments = IntArray.fromArray(launch.arguments());
        graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, arguments);
        graph.task("task" + i, kernel.code(), context, memory, arguments);
        setGlobalWork(grid(graph, "task" + i, kernel.groupX(), kernel.groupY()), launch);
      }
      parts.add(graphs.size());
      graphs.add(graph.persistOnDevice(memory).snapshot());
    }
    return parts;
  }

  private TaskGraph graph(String name) {
    return new TaskGraph(name).consumeFromDevice(OWNER, memory);
  }

  private WorkerGrid grid(TaskGraph graph, String task, int groupX, int groupY) {
    WorkerGrid grid = new WorkerGrid3D(groupX, groupY, 1);
    grid.setLocalWork(groupX, groupY, 1);
    scheduler.addWorkerGrid(graph.getTaskGraphName() + "." + task, grid);
    return grid;
  }

  private static void setGlobalWork(WorkerGrid grid, KernelLaunch launch) {
    grid.setGlobalWork(
        (long) launch.groupsX() * launch.kernel().groupX(),
        (long) launch.groupsY() * launch.kernel().groupY(),
        launch.groupsZ());
  }

  private Graph add(TaskGraph graph, IntArray launch, WorkerGrid grid) {
    Graph added = new Graph(graphs.size(), launch, grid);
    graphs.add(graph.persistOnDevice(memory).snapshot());
    return added;
  }
}
