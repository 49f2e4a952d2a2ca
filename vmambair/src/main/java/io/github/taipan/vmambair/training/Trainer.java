package io.github.taipan.vmambair.training;

import io.github.taipan.nn.checkpoint.AtomicFile;
import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.nn.data.BatchSource;
import io.github.taipan.nn.data.Prefetcher;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Score;
import io.github.taipan.vmambair.Model;
import io.github.taipan.vmambair.Restorer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a recipe to its end, or until it is interrupted, and keeps in a folder what came of it:
 *
 * <pre>
 * state.safetensors    everything, to resume from
 * weights.safetensors  the averaged weights
 * best.safetensors     the averaged weights of the best validation
 * log.jsonl            losses and validations
 * curve.svg            the same as a picture
 * index.html           a page with curves, recipe and the pictures in validation/
 * events/              the same for TensorBoard
 * </pre>
 */
public final class Trainer {
  private static final String STATE = "state.safetensors";

  /**
   * How often what is done, in steps.
   *
   * @param log between lines of the log
   * @param validation between validations
   * @param checkpoint between saves of the state
   */
  public record Intervals(long log, long validation, long checkpoint) {
    /** Checks the numbers. */
    public Intervals {
      if (log < 1 || validation < 1 || checkpoint < 1) {
        throw new IllegalArgumentException("training: intervals are positive");
      }
    }
  }

  /** Told what happens, for a progress bar. */
  public interface Listener {
    /**
     * After each step.
     *
     * @param losses by name, the one that is minimised first
     * @param rate the step's learning rate
     * @param imagesPerSecond the mean speed so far
     * @param waited seconds spent waiting for data so far
     */
    void step(
        long step,
        SequencedMap<String, Double> losses,
        double rate,
        double imagesPerSecond,
        double waited);

    /** After each validation. */
    void validated(long step, Score score, boolean best);
  }

  private final Recipe recipe;
  private final TrainingState state;
  private final ValidationSet validation;
  private final Path folder;
  private final Intervals intervals;
  private final TrainingLog log;

  /**
   * A run in a folder, which is made where it is missing.
   *
   * @param state the first one of the run; it is overwritten where the run is resumed
   * @param resume whether to continue from the folder's state rather than to start anew
   * @throws IOException when there is nothing to resume from, or a run that would be overwritten
   */
  public Trainer(
      TrainingState state,
      ValidationSet validation,
      Path folder,
      Intervals intervals,
      boolean resume)
      throws IOException {
    this.recipe = state.recipe();
    this.state = state;
    this.validation = validation;
    this.folder = folder;
    this.intervals = intervals;
    Path saved = folder.resolve(STATE);
    if (!resume && Files.exists(saved)) {
      throw new IOException(
          "%s holds a run already: resume it or choose another".formatted(folder));
    }
    if (resume && !Files.exists(saved)) {
      throw new IOException("there is no run to resume in %s".formatted(folder));
    }
    if (resume) {
      state.load(saved);
      AtomicFile.sweep(folder);
    }
    Files.createDirectories(folder);
    log = new TrainingLog(folder.resolve("log.jsonl"), state.step());
  }

  /** The number of steps made so far. */
  public long step() {
    return state.step();
  }

  /**
   * Trains to the recipe's end.
   *
   * @param workers threads that make batches ahead
   * @throws IOException when something cannot be written; the last saved state is kept
   * @throws DivergedException when a loss or gradient is no number; the last saved state is kept
   * @throws InterruptedException when the thread is interrupted, after the state was saved
   */
  public void run(BatchSource batches, int workers, Listener listener)
      throws IOException, DivergedException, InterruptedException {
    long start = System.nanoTime();
    long images = 0;
    try (Prefetcher prefetcher = new Prefetcher(batches, state.step(), 1 + workers, workers);
        TensorBoardLog events = new TensorBoardLog(folder.resolve("events"), state.step())) {
      while (state.step() < recipe.steps()) {
        double rate = state.nextRate();
        SequencedMap<String, Double> losses = state.step(prefetcher.next());
        long step = state.step();
        double seconds = (System.nanoTime() - start) * 1e-9;
        images += recipe.stage(step - 1).batch();
        double speed = images / seconds;
        listener.step(step, losses, rate, speed, prefetcher.waited().toNanos() * 1e-9);
        boolean last = step == recipe.steps();
        if (last || step % intervals.log == 0) {
          SequencedMap<String, Double> means = state.takeMeanLosses();
          log.losses(step, means, rate, speed);
          for (var mean : means.entrySet()) {
            events.scalar("loss/" + mean.getKey(), step, mean.getValue());
          }
          events.scalar("learning_rate", step, rate);
          events.scalar("images_per_second", step, speed);
          RunPage.write(folder, log, recipe.describe(), last);
        }
        if (last || step % intervals.validation == 0) {
          validate(listener, events);
          RunPage.write(folder, log, recipe.describe(), last);
        }
        if (last || step % intervals.checkpoint == 0) {
          save();
        }
      }
    } catch (InterruptedException e) {
      save();
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "%s: step %d cannot be kept: %s".formatted(folder, state.step(), reason(e)), e);
    }
  }

  private static @Nullable String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e -> "the folder is not there any more";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> failure.getMessage();
    };
  }

  private void validate(Listener listener, TensorBoardLog events) throws IOException {
    long step = state.step();
    List<Image> restored = validation.restore(new Restorer(state.averaged()));
    Score score = validation.measure(restored);
    boolean best = log.series("psnr_y").stream().allMatch(point -> point.value() < score.psnr());
    log.validation(state.step(), score);
    if (best) {
      weights(score).write(folder.resolve("best.safetensors"));
    }
    events.scalar("validation/psnr_y", step, score.psnr());
    events.scalar("validation/ssim_y", step, score.ssim());
    events.image("validation/1", step, restored.getFirst());
    ValidationPictures.write(folder, step, validation, restored);
    listener.validated(step, score, best);
  }

  private Checkpoint weights(Score score) {
    return Model.checkpoint(
        state.averaged().parameters(),
        Map.of(
            "step",
            Long.toString(state.step()),
            "validation_psnr_y",
            Double.toString(score.psnr())));
  }

  /** The state comes last: who resumes from it makes no step whose weights are missing. */
  private void save() throws IOException {
    Model.checkpoint(state.averaged().parameters(), Map.of("step", Long.toString(state.step())))
        .write(folder.resolve("weights.safetensors"));
    AtomicFile.write(folder.resolve("curve.svg"), CurvePlot.svg(log));
    state.save(folder.resolve(STATE));
  }
}
