package io.github.taipan.gpu;

import io.github.taipan.tensor.Device;
import io.github.taipan.tensor.DeviceProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Looks for a TornadoVM SDK, in {@code TORNADOVM_HOME} or else where SDKMAN puts it, and reports
 * why there is no GPU. This version has no GPU kernels, so it never opens one.
 */
public final class GpuProvider implements DeviceProvider {
  private static final String VARIABLE = "TORNADOVM_HOME";

  /** The file of JVM options that every TornadoVM SDK has at its top. */
  private static final String MARK = "tornado-argfile";

  private final Map<String, String> environment;
  private final Path home;

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
    return new Availability.Unavailable(reason());
  }

  @Override
  public Device open(int threads) {
    throw new IllegalStateException(reason());
  }

  private String reason() {
    String named = environment.getOrDefault(VARIABLE, "");
    Path sdk =
        named.isBlank() ? home.resolve(".sdkman/candidates/tornadovm/current") : Path.of(named);
    if (Files.exists(sdk.resolve(MARK))) {
      return "the TornadoVM SDK in %s was found, but this version of Taipan has no GPU kernels yet; use the cpu device"
          .formatted(sdk);
    }
    return named.isBlank()
        ? "no TornadoVM SDK was found; install one with SDKMAN or set %s to its folder"
            .formatted(VARIABLE)
        : "%s is %s, where no TornadoVM SDK lies (it has no %s); set it to the SDK's folder"
            .formatted(VARIABLE, sdk, MARK);
  }
}
