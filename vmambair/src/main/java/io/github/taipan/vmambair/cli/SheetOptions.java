package io.github.taipan.vmambair.cli;

import io.github.taipan.vmambair.Comparison.Region;
import io.github.taipan.vmambair.evaluation.Measure;
import io.github.taipan.vmambair.evaluation.Sheets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and how pictures are shown beside each other. */
final class SheetOptions {
  @Option(
      names = "--sheet",
      paramLabel = "DIR",
      description = "write a sheet for each picture into a folder: enlarged parts side by side")
  private @Nullable Path folder;

  @Option(
      names = "--sheet-pictures",
      paramLabel = "N",
      description =
          "only those of the N pictures that gain most over the baseline and the N that gain least")
  private @Nullable Integer each;

  @Option(
      names = "--region",
      paramLabel = "LEFT,TOP,WIDTH,HEIGHT",
      description =
          "what sheets enlarge, in pixels of the true picture (default: where models help most)")
  private @Nullable String region;

  void check(CommonOptions common) {
    if (folder == null && (each != null || region != null)) {
      throw common.misuse(
          (each != null ? "--sheet-pictures" : "--region")
              + " says what --sheet shows, which is not given");
    }
    if (each != null && each < 1) {
      throw common.misuse("--sheet-pictures is at least 1, got " + each);
    }
    try {
      region();
    } catch (IllegalArgumentException e) {
      throw common.misuse("--region: " + e.getMessage());
    }
  }

  private @Nullable Region region() {
    return region == null ? null : Region.parse(region);
  }

  /** The sheets to write, or null for none. */
  @Nullable Sheets open(List<String> methods, Measure measure, @Nullable Path... pictures)
      throws IOException {
    if (folder == null) {
      return null;
    }
    for (Path taken : pictures) { // whose pictures sheets of their names would replace
      if (taken != null && Files.exists(folder) && Files.isSameFile(taken, folder)) {
        throw new IOException(
            "--sheet needs a folder of its own: %s has pictures".formatted(taken));
      }
    }
    return new Sheets(folder, methods, measure, region(), each == null ? 0 : each);
  }
}
