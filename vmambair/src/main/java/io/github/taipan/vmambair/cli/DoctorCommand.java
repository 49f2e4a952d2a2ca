package io.github.taipan.vmambair.cli;

import io.github.taipan.tensor.DeviceProvider;
import io.github.taipan.tensor.Devices;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taipan doctor}. */
@Command(
    name = "doctor",
    description = "Says which devices this machine has, and what the others would need.",
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    PrintWriter out = common.out();
    Runtime runtime = Runtime.getRuntime();
    out.printf(
        "%s, %d processors, heap of at most %.1f GB%n",
        new Version().getVersion()[0], runtime.availableProcessors(), runtime.maxMemory() / 1e9);
    for (DeviceProvider provider : Devices.providers()) {
      provider.report().forEach(out::println);
    }
    return 0;
  }
}
