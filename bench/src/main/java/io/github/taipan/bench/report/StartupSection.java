package io.github.taipan.bench.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** A whole cold process that restores one small picture, beside Python's. */
final class StartupSection {
  private final int threads;
  private final int rounds;
  private final @Nullable String python;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  StartupSection(int threads, int rounds, @Nullable String python) {
    this.threads = threads;
    this.rounds = rounds;
    this.python = python;
  }

  Map<String, Double> figures() {
    return figures;
  }

  String run() {
    Report.progress("start-up");
    try {
      Path folder = Files.createTempDirectory("taipan-startup");
      Path picture = folder.resolve("picture.png");
      BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 64 * 64; i++) {
        image.setRGB(i % 64, i / 64, i * 0x12345);
      }
      ImageIO.write(image, "png", picture.toFile());
      String count = Integer.toString(threads);
      List<String> taipan =
          List.of(
              "./taipan",
              "restore",
              "--quiet",
              "--threads",
              count,
              "-o",
              folder.resolve("restored.png").toString(),
              picture.toString());
      Map<String, Sample> contenders = new LinkedHashMap<>();
      contenders.put("`./taipan restore`, sr4-light", () -> process(taipan));
      if (python != null) {
        String script = "bench/pytorch/vmambair.py";
        List<String> peer = List.of(python, script, "--startup", "--threads", count);
        contenders.put("Python: import torch, the same network", () -> process(peer));
      }
      Map<String, Times> times = Times.of(rounds, contenders);
      Table table = new Table(List.of("cold process, 64x64", "median, s", "least"));
      times.forEach(
          (name, time) -> {
            table.row(List.of(name, Table.figure(time.median()), Table.figure(time.minimum())));
            figures.put("start-up, " + name.replaceAll("[`:,].*", ""), time.median());
          });
      return table.markdown();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double process(List<String> command) {
    try {
      long start = System.nanoTime();
      Process process =
          Child.started(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IllegalStateException(command + " ended with " + exit);
      }
      return (System.nanoTime() - start) * 1e-9;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
