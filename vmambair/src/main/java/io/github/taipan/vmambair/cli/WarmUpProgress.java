package io.github.taipan.vmambair.cli;

import io.github.taipan.tensor.WarmUp;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how a device compiles its kernels: a bar on a terminal, else one line.
 */
final class WarmUpProgress implements WarmUp {
  private final PrintWriter err;
  private final boolean terminal;
  private @Nullable ProgressBar bar;
  private long startNanos;

  WarmUpProgress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public void step(int done, int all) {
    if (done == 0) {
      startNanos = System.nanoTime();
      if (terminal && all > 1) {
        bar =
            ProgressBar.builder()
                .setTaskName("compiling kernels")
                .setInitialMax(all)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
      }
    }
    if (bar != null) {
      bar.stepTo(done);
      if (done == all) {
        bar.close();
        bar = null;
      }
    } else if (done == all && all > 1) {
      err.printf("compiled %d kernels in %.1f s%n", all, (System.nanoTime() - startNanos) * 1e-9);
    }
  }
}
