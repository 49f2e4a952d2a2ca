package io.github.taipan.gpu;

import io.github.taipan.tensor.KernelSource;
import io.github.taipan.tensor.WarmUp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Runs kernels on one device, one after the other, on tensors that all live in one array, which
 * stays on the device. There are two ways:
 *
 * <ul>
 *   <li>launch by launch: each kernel is compiled once, and a run uploads its small launch array;
 *   <li>as a sequence: each launch is a task of its own, compiled for itself, and many tasks are
 *       handed to the device at once.
 * </ul>
 *
 * <p>TornadoVM takes all that it will run when a plan is made. A sequence that comes later needs
 * another plan: the memory then travels once to the host and back.
 *
 * <p>Not thread-safe.
 */
final class KernelQueue implements AutoCloseable {
  /** The first value that may be used: arrays have a header, and blocks begin on 128 bytes. */
  static final int FIRST =
      (int) (DeviceMemory.ALIGNMENT - TornadoNativeArray.ARRAY_HEADER / 4 % DeviceMemory.ALIGNMENT);

  private final TornadoDevice device;
  private final FloatArray memory;
  private final List<Sequence> sequences = new ArrayList<>();

  /** What the plan has run before. */
  private final Set<Kernel> compiled = EnumSet.noneOf(Kernel.class);

  private final Set<Sequence> warm = Collections.newSetFromMap(new IdentityHashMap<>());
  private WarmUp warmUp = WarmUp.UNHEARD;
  private @Nullable ResidentPlan plan;

  /** Launches that are run together. */
  record Sequence(List<KernelLaunch> launches) {}

  /** A queue of a device that has an array of so many values. */
  KernelQueue(TornadoDevice device, int capacity) {
    this.device = device;
    memory = new FloatArray(capacity);
  }

  /** Runs kernels, each to its end. A kernel is compiled when it first runs. */
  void run(List<KernelLaunch> launches) {
    Set<Kernel> missing = EnumSet.noneOf(Kernel.class);
    for (KernelLaunch launch : launches) {
      missing.add(launch.kernel());
    }
    missing.removeAll(compiled);
    int all = missing.size();
    if (all > 0) {
      warmUp.step(0, all);
    }
    for (KernelLaunch launch : launches) {
      plan().run(launch);
      if (missing.remove(launch.kernel())) {
        warmUp.step(all - missing.size(), all);
        compiled.add(launch.kernel());
      }
    }
  }

  void onWarmUp(WarmUp listener) {
    warmUp = listener;
  }

  /** Takes launches to be run together later. */
  Sequence add(List<KernelLaunch> launches) {
    Sequence sequence = new Sequence(launches);
    sequences.add(sequence);
    return sequence;
  }

  /** Forgets a sequence. */
  void remove(Sequence sequence) {
    sequences.removeIf(other -> other == sequence);
    warm.remove(sequence);
  }

  /** Runs a sequence to its end. */
  void run(Sequence sequence) {
    if (plan != null && !plan.has(sequence)) {
      stop();
    }
    plan().run(sequence, warm.add(sequence) ? warmUp : WarmUp.UNHEARD);
  }

  /**
   * Runs launches on kernels that are compiled anew, and gives the Java source of each kernel and
   * what TornadoVM made of it.
   */
  List<KernelSource> sources(List<KernelLaunch> launches) {
    stop();
    GeneratedCode generated = new GeneratedCode(device.getTornadoVMBackend());
    List<KernelSource> sources = new ArrayList<>();
    Set<Kernel> seen = EnumSet.noneOf(Kernel.class);
    ResidentPlan printing = new ResidentPlan(device, memory, List.of(), true);
    for (KernelLaunch launch : launches) {
      generated.forget();
      printing.run(launch);
      if (seen.add(launch.kernel())) {
        sources.add(GeneratedCode.java(launch.kernel()));
        sources.add(generated.source(launch.kernel()));
      }
    }
    printing.retrieve();
    printing.close();
    return sources;
  }

  /** Takes the memory back to the host, and forgets the plan. */
  private void stop() {
    if (plan != null) {
      plan.retrieve();
      plan.close();
      plan = null;
      compiled.clear();
      warm.clear();
    }
  }

  /** Copies values from the host to a place in the memory. */
  void write(int at, float[] values) {
    if (plan == null) {
      for (int i = 0; i < values.length; i++) {
        memory.set(at + i, values[i]);
      }
    } else {
      plan.write(at, values);
    }
  }

  /** Copies values from a place in the memory to the host. */
  float[] read(int at, int length) {
    return plan().read(at, length);
  }

  private ResidentPlan plan() {
    if (plan == null) {
      plan = new ResidentPlan(device, memory, sequences, false);
    }
    return plan;
  }

  @Override
  public void close() {
    if (plan != null) {
      plan.close();
    }
  }
}
