package io.github.taipan.gpu;

import io.github.taipan.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** Finds and opens TornadoVM's devices. */
final class TornadoBackend implements Backend {
  /** The system property that says how much memory to take, as in {@code 6g}. */
  static final String MEMORY = "taipan.gpu.memory";

  /**
   * The system property that says how programs are launched: {@code shared}, as usual, on kernels
   * that are compiled once, or {@code baked}, with a task of its own for each launch.
   */
  static final String LAUNCHES = "taipan.gpu.launches";

  private static final long LARGEST_ARRAY = 4L * Integer.MAX_VALUE;

  /** An array has a header, and has to be smaller than the largest allocation. */
  private static final long HEADER = 4096;

  /** The kinds of driver, the best for these kernels first. */
  private static final List<TornadoVMBackendType> PREFERENCE =
      List.of(
          TornadoVMBackendType.CUDA,
          TornadoVMBackendType.PTX,
          TornadoVMBackendType.OPENCL,
          TornadoVMBackendType.SPIRV,
          TornadoVMBackendType.METAL);

  static {
    // A kernel that fails to compile must not run as Java instead, and TornadoVM's default flags
    // for OpenCL give up what IEEE 754 says of infinities, divisions and signed zeros.
    setDefault("tornado.recover.bailout", "False");
    setDefault("tornado.opencl.compiler.flags", "-w");
    GeneratedCode.choosePlace();
    setDefault("tornado.tvm.maxbytecodesize", "65536"); // else its buffer is too small for 50 tasks
    setDefault("tornado.device.memory", "64GB"); // a limit of its own, not what it takes
  }

  private final List<TornadoDevice> devices = new ArrayList<>();

  /** Asks all drivers. */
  TornadoBackend() {
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    for (TornadoVMBackendType type : PREFERENCE) {
      for (int i = 0; i < runtime.getNumBackends(); i++) {
        if (runtime.getBackendType(i) == type) {
          devices.addAll(runtime.getBackend(i).getAllDevices());
        }
      }
    }
  }

  @Override
  public List<Found> devices() {
    return devices.stream()
        .map(
            device ->
                new Found(
                    device.getPhysicalDevice().getDeviceName().strip(),
                    device.getTornadoVMBackend().name(),
                    device.getPlatformName().strip(),
                    device.getDeviceType() != TornadoDeviceType.CPU,
                    device.getMaxGlobalMemory()))
        .toList();
  }

  @Override
  public Device open(int number) {
    String launches = System.getProperty(LAUNCHES, "shared");
    if (!launches.equals("shared") && !launches.equals("baked")) {
      throw new IllegalArgumentException(
          "-D%s is shared or baked, not %s".formatted(LAUNCHES, launches));
    }
    return open(number, launches.equals("baked"));
  }

  /** Opens a device that launches programs in one of the two ways. */
  GpuDevice open(int number, boolean baked) {
    TornadoDevice device = devices.get(number);
    Found found = devices().get(number);
    long bytes = memory(device);
    String description =
        "gpu:%d: %s (%s, %s), %s of memory"
            .formatted(number, found.name(), found.driver(), found.platform(), size(bytes));
    return new GpuDevice(description, device, bytes, baked);
  }

  /**
   * Half of what there is: others may want some, and a driver's compiler does. The host has as much
   * outside its heap, where Java allows no more than the heap's limit.
   */
  private static long memory(TornadoDevice device) {
    String wanted = System.getProperty(MEMORY, "");
    long most = Math.min(device.getMaxAllocMemory() - HEADER, LARGEST_ARRAY);
    if (!wanted.isEmpty()) {
      return Math.min(bytes(wanted), most);
    }
    boolean shared = device.getDeviceType() == TornadoDeviceType.CPU;
    long part = device.getMaxGlobalMemory() / (shared ? 4 : 2);
    return Math.min(Math.min(part, most), Runtime.getRuntime().maxMemory() / 4 * 3);
  }

  private static long bytes(String text) {
    int unit = "kmg".indexOf(text.toLowerCase(Locale.ROOT).charAt(text.length() - 1));
    try {
      return unit < 0
          ? Long.parseLong(text)
          : Long.parseLong(text.substring(0, text.length() - 1)) << (10 * (unit + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "-D%s=%s is no size; write 512m or 6g".formatted(MEMORY, text), e);
    }
  }

  private static String size(long bytes) {
    return "%.1f GB".formatted(bytes / 1e9);
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
