package io.github.taipan.gpu;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.DeviceProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * GPUs through TornadoVM. Its SDK is looked for in {@code TORNADOVM_HOME}, or else where SDKMAN
 * puts it; each thing that is missing is named with the step that brings it.
 */
public final class GpuProvider implements DeviceProvider {
  /** In the JVM only when it was started with the SDK's options. */
  private static final String MODULE = "tornado.runtime";

  /** Compiled only where an SDK was found. */
  private static final String BACKEND = "io.github.taipan.gpu.TornadoBackend";

  private static final Path NVIDIA = Path.of("/proc/driver/nvidia/gpus");
  private static final Path AMD = Path.of("/dev/kfd");

  private final Map<String, String> environment;
  private final Path home;
  private @Nullable Backend backend;

  /** Looks in this process's environment and home folder. */
  public GpuProvider() {
    this(System.getenv(), Path.of(System.getProperty("user.home", "")));
  }

  GpuProvider(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public Availability availability() {
    try {
      backend();
      return new Availability.Available();
    } catch (IllegalStateException e) {
      return new Availability.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Device open(int threads) {
    return open(0, threads);
  }

  @Override
  public Device open(int number, int threads) {
    Backend found = backend();
    int count = found.devices().size();
    if (number >= count) {
      throw new IllegalArgumentException(
          "there is no gpu:%d: TornadoVM has %d device%s, from gpu:0"
              .formatted(number, count, count == 1 ? "" : "s"));
    }
    return found.open(number);
  }

  @Override
  public Optional<String> hardware() {
    if (Files.isDirectory(NVIDIA)) {
      try (Stream<Path> gpus = Files.list(NVIDIA)) {
        return gpus.map(GpuProvider::model).findFirst();
      } catch (IOException e) {
        return Optional.of("an NVIDIA GPU");
      }
    }
    return Files.exists(AMD) ? Optional.of("an AMD GPU") : Optional.empty();
  }

  private static String model(Path gpu) {
    try (Stream<String> lines = Files.lines(gpu.resolve("information"))) {
      return lines
          .filter(line -> line.startsWith("Model:"))
          .map(line -> "an " + line.substring("Model:".length()).strip())
          .findFirst()
          .orElse("an NVIDIA GPU");
    } catch (IOException e) {
      return "an NVIDIA GPU";
    }
  }

  @Override
  public List<String> report() {
    List<String> lines = new ArrayList<>();
    lines.add("gpu hardware: " + hardware().orElse("none seen"));
    Sdk sdk = Sdk.expected(environment, home);
    lines.add(
        sdk.exists()
            ? "TornadoVM SDK: %s, in %s".formatted(sdk.version().orElse("?"), sdk.folder())
            : "TornadoVM SDK: none in " + sdk.folder());
    try {
      List<Backend.Found> devices = backend().devices();
      for (int i = 0; i < devices.size(); i++) {
        Backend.Found device = devices.get(i);
        lines.add(
            "gpu:%d: %s, %s driver (%s), %.1f GB%s"
                .formatted(
                    i,
                    device.name(),
                    device.driver(),
                    device.platform(),
                    device.memory() / 1e9,
                    device.accelerator() ? "" : ": the CPU, for tests rather than for speed"));
      }
    } catch (IllegalStateException e) {
      lines.add("gpu: unavailable: " + e.getMessage());
    }
    return lines;
  }

  /**
   * What opens devices.
   *
   * @throws IllegalStateException with one sentence: what is missing and what to do
   */
  private Backend backend() {
    if (backend == null) {
      backend = load();
    }
    return backend;
  }

  private Backend load() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new IllegalStateException(missing());
    }
    try {
      Backend loaded =
          Class.forName(BACKEND).asSubclass(Backend.class).getDeclaredConstructor().newInstance();
      if (loaded.devices().isEmpty()) {
        throw new IllegalStateException(
            "TornadoVM found no device; install its driver (for OpenCL on the CPU: apt install pocl-opencl-icd)");
      }
      return loaded;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "this build of Taipan has no GPU kernels, since it found no TornadoVM SDK; build it again (./mvnw package)",
          e);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException(drivers(e), e);
    }
  }

  /** Why TornadoVM is not in this JVM. */
  private String missing() {
    Sdk sdk = Sdk.expected(environment, home);
    if (sdk.exists()) {
      return "Java runs without the options of the TornadoVM SDK in %s; ./taipan adds them for --device gpu, other programs take them from its %s"
          .formatted(sdk.folder(), Sdk.OPTIONS);
    }
    return environment.getOrDefault(Sdk.VARIABLE, "").isBlank()
        ? "no TornadoVM SDK was found; install one with SDKMAN (sdk install tornadovm) or set %s to its folder"
            .formatted(Sdk.VARIABLE)
        : "%s is %s, where no TornadoVM SDK lies (it has no %s); set it to the SDK's folder"
            .formatted(Sdk.VARIABLE, sdk.folder(), Sdk.OPTIONS);
  }

  /** Why TornadoVM's own start failed: the first sentence of what lies deepest, without colours. */
  private static String drivers(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String sentence = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return "TornadoVM could not start (%s); install the driver of its backend (for OpenCL on the CPU: apt install pocl-opencl-icd)"
        .formatted(
            sentence.replaceAll("\\e\\[[0-9;]*m", "").replaceAll("^\\[\\w+] |\\. .*", "").strip());
  }
}
