package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.image.Score;
import io.github.taipan.vmambair.training.Trainer;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how a run goes on: as a live bar on a terminal, as plain lines where
 * standard error goes elsewhere, and not at all when that is not wanted.
 */
final class TrainingProgress implements Trainer.Listener, AutoCloseable {
  private final PrintWriter err;
  private final boolean quiet;
  private final long steps;
  private final long start;
  private final long lineEvery;
  private final @Nullable ProgressBar bar;
  private final long startNanos = System.nanoTime();
  private final SequencedMap<String, Double> smoothed = new LinkedHashMap<>();

  /** Progress of a run that goes from one step to another, told every so many steps. */
  TrainingProgress(CommonOptions common, long start, long steps, long lineEvery) {
    this.err = common.err();
    this.quiet = common.quiet();
    this.start = start;
    this.steps = steps;
    this.lineEvery = lineEvery;
    this.bar = !quiet && isTerminal() ? bar(start, steps) : null;
  }

  private static ProgressBar bar(long start, long steps) {
    return ProgressBar.builder()
        .setTaskName("steps")
        .setInitialMax(steps)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(1000)
        .startsFrom(start, Duration.ZERO)
        .build();
  }

  /** Java tells of standard input and output alone; of standard error, Linux does. */
  static boolean isTerminal() {
    if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
      return false;
    }
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).startsWith("/dev");
    } catch (IOException | UnsupportedOperationException e) {
      return true;
    }
  }

  @Override
  public void step(
      long step,
      SequencedMap<String, Double> losses,
      double rate,
      double imagesPerSecond,
      double waited) {
    losses.forEach(
        (name, loss) -> smoothed.merge(name, loss, (old, now) -> 0.98 * old + 0.02 * now));
    String state =
        "%s, rate %.2e, %.1f images/s, waited %.0f s"
            .formatted(
                smoothed.entrySet().stream()
                    .map(loss -> "%s %.5f".formatted(loss.getKey(), loss.getValue()))
                    .collect(Collectors.joining(", ")),
                rate,
                imagesPerSecond,
                waited);
    if (bar != null) {
      bar.stepTo(step);
      bar.setExtraMessage(state);
    } else if (!quiet && (step % lineEvery == 0 || step == steps)) {
      err.printf("step %d of %d: %s, %s left%n", step, steps, state, left(step));
    }
  }

  private String left(long step) {
    double seconds = (System.nanoTime() - startNanos) * 1e-9 / (step - start) * (steps - step);
    long rounded = Math.round(seconds);
    return "%d:%02d:%02d".formatted(rounded / 3600, rounded / 60 % 60, rounded % 60);
  }

  @Override
  public void validated(long step, Score score, boolean best) {
    if (!quiet) {
      err.printf(
          "%sstep %d: validation PSNR %.3f dB, SSIM %.4f%s%n",
          bar == null ? "" : System.lineSeparator(),
          step,
          score.psnr(),
          score.ssim(),
          best ? " (best so far)" : "");
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
