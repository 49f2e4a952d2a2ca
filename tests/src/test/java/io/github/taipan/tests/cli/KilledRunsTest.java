package io.github.taipan.tests.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.taipan.nn.checkpoint.Checkpoint;
import io.github.taipan.tensor.CounterRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end against their will go on as if nothing had happened. */
class KilledRunsTest {
  private static final int KILLS = 15;
  private static final int TERMINATIONS = 5;
  private static final int SAVED_EVERY = 3;
  private static final String STEPS = "20,30"; // of two stages
  private static final Pattern STEP = Pattern.compile("step (\\d+) of \\d+: loss.*");
  private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData");

  @TempDir Path folder;

  private List<Object> command(Path run, Object... more) throws IOException {
    return commandOf(STEPS, run, more);
  }

  private List<Object> commandOf(String steps, Path run, Object... more) throws IOException {
    List<Object> words =
        new TinyTraining(folder)
            .command("derain-light", run, "--steps", steps, "--patch", "8,16", "--batch", "2,1");
    words.addAll(List.of("--checkpoint-every", SAVED_EVERY, "--validate-every", 7));
    words.addAll(List.of(more));
    return words;
  }

  /**
   * Twenty times in a row a run is ended: fifteen times by SIGKILL, which it cannot hear of, five
   * times by SIGTERM. Most come at a random moment after a step that was chosen before, so that
   * they hit steps, logs, validations and saves; some while the program starts.
   */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void whereverItIsKilledItGoesOnBitForBit() throws Exception {
    long start = System.nanoTime();
    Path whole = folder.resolve("whole");
    assertEquals(0, Taipan.run(command(whole).toArray()).exitCode());
    CounterRandom random = CounterRandom.seeded(3);
    Path run = folder.resolve("run");
    List<Long> lost = new ArrayList<>();
    int starting = 0;
    int writing = 0;
    for (int i = 0; i < KILLS + TERMINATIONS; i++) {
      boolean terminate = i % 4 == 3;
      boolean early = i % 5 == 1 && !terminate;
      long saved = savedStep(run);
      int pause = random.below(early ? 1500 : 60, 2 * i);
      long wanted = saved + 1 + random.below(5, 2 * i + 1);
      long seen = endAfter(wanted, pause, early, terminate, run);
      checkFiles(run);
      long kept = savedStep(run);
      starting += seen == 0 ? 1 : 0;
      writing += hasUnfinished(run) ? 1 : 0;
      long reached = Math.max(saved, seen);
      lost.add(reached - kept);
      assertTrue(kept >= reached - (terminate ? 0 : SAVED_EVERY), reached + ", but kept " + kept);
    }
    long before = savedStep(run);
    Taipan last = Taipan.run(command(run, "--resume").toArray());
    assertEquals(0, last.exitCode(), last.err());
    System.out.printf(
        "%d kills, %d before a step, %d while a file was written; steps lost %s; step %d before the last resume; %.0f s%n",
        lost.size(), starting, writing, lost, before, (System.nanoTime() - start) * 1e-9);
    TinyTraining.assertSame(whole, run);
  }

  /**
   * Ends a child at a step and some milliseconds, or so long after its start; the last step seen.
   */
  private long endAfter(long wanted, int pause, boolean early, boolean terminate, Path run)
      throws Exception {
    List<Object> command =
        Files.exists(run.resolve("state.safetensors")) ? command(run, "--resume") : command(run);
    Process child = new ProcessBuilder(ChildJava.taipan(OPTIONS, command)).start();
    long seen = 0;
    boolean ended = false;
    List<String> lines = new ArrayList<>();
    if (early) {
      Thread.sleep(pause);
      child.toHandle().destroyForcibly();
    }
    try (BufferedReader err = child.errorReader(UTF_8)) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        lines.add(line);
        Matcher step = STEP.matcher(line);
        seen = step.matches() ? Long.parseLong(step.group(1)) : seen;
        if (!early && !ended && seen >= wanted) {
          Thread.sleep(pause);
          if (terminate) {
            child.toHandle().destroy();
          } else {
            child.toHandle().destroyForcibly();
          }
          ended = true;
        }
      }
    }
    assertEquals(terminate ? 143 : 137, child.waitFor(), lines.toString());
    return seen;
  }

  private static void checkFiles(Path run) throws IOException {
    if (Files.exists(run)) {
      try (Stream<Path> files = Files.list(run)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
          Checkpoint.read(file);
        }
      }
    }
  }

  /** Whether a file lies there that was not whole yet; the next run sweeps it away. */
  private static boolean hasUnfinished(Path run) throws IOException {
    if (Files.notExists(run)) {
      return false;
    }
    try (Stream<Path> files = Files.list(run)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("."));
    }
  }

  private static long savedStep(Path run) throws IOException {
    Path state = run.resolve("state.safetensors");
    return Files.exists(state)
        ? Long.parseLong(Checkpoint.read(state).metadata().getOrDefault("step", ""))
        : 0;
  }

  /**
   * A folder that goes away: it is moved, and a file put in its place. The steps until then are
   * kept where it was moved to.
   */
  @Test
  void aFolderThatVanishesEndsTheRunInASentence() throws IOException {
    Path run = folder.resolve("run");
    Path moved = folder.resolve("moved");
    for (boolean replaced : List.of(false, true)) {
      Taipan failed =
          Taipan.run(
              last -> {
                if (last.startsWith("step 5 of ") && Files.notExists(moved)) {
                  move(run, moved, replaced);
                }
              },
              command(run).toArray());
      assertEquals(1, failed.exitCode(), failed.err());
      assertEquals(
          "taipan: %s: step 5 cannot be kept: %s"
              .formatted(run, replaced ? "Not a directory" : "the folder is not there any more"),
          failed.err().lines().toList().getLast());
      assertEquals(SAVED_EVERY, savedStep(moved));
      Files.deleteIfExists(run);
      Taipan resumed = Taipan.run(commandOf("4,4", moved, "--resume").toArray());
      assertEquals(0, resumed.exitCode(), resumed.err());
      Files.move(moved, folder.resolve("done" + replaced));
    }
  }

  private static void move(Path run, Path to, boolean replaced) {
    try {
      Files.move(run, to);
      if (replaced) {
        Files.createFile(run);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A disk that is full: the system refuses the child any file above 64 KiB, as a full disk would,
   * so that logs can be written, but no state.
   */
  @Test
  void aFullDiskKeepsTheLastState() throws Exception {
    Path shell = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(shell));
    Path run = folder.resolve("run");
    assertEquals(0, Taipan.run(commandOf("2,1", run).toArray()).exitCode());
    byte[] state = Files.readAllBytes(run.resolve("state.safetensors"));
    List<String> limited =
        new ArrayList<>(List.of(shell.toString(), "-c", "ulimit -f 64; exec \"$@\"", "limited"));
    limited.addAll(ChildJava.taipan(OPTIONS, command(run, "--resume")));
    Process child = new ProcessBuilder(limited).start();
    List<String> err;
    try (BufferedReader reader = child.errorReader(UTF_8)) {
      err = reader.lines().toList();
    }
    assertEquals(1, child.waitFor(), err.toString());
    assertEquals("taipan: %s: step 6 cannot be kept: File too large".formatted(run), err.getLast());
    assertTrue(Arrays.equals(state, Files.readAllBytes(run.resolve("state.safetensors"))));
    Taipan resumed = Taipan.run(commandOf("4,4", run, "--resume").toArray());
    assertEquals(0, resumed.exitCode(), resumed.err());
  }
}
