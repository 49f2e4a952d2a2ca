package io.github.taipan.vmambair.cli;

import io.github.taipan.nn.image.FloatImage;
import io.github.taipan.nn.image.Image;
import io.github.taipan.nn.image.Picture;
import io.github.taipan.tensor.CounterRandom;
import io.github.taipan.vmambair.ImageFiles;
import io.github.taipan.vmambair.degradation.Degradation;
import io.github.taipan.vmambair.degradation.DegradationKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taipan degrade}. */
@Command(
    name = "degrade",
    description = "Spoils pictures as a network is trained to restore them, and shows how.",
    sortOptions = false,
    footer = {
      "",
      "The results are PNG files named like the pictures, so that both folders pair; with --count,"
          + " NAME_1.png, NAME_2.png and so on. Each depends on its name, its number and the seed"
          + " alone.",
      "",
      "Examples:",
      "  taipan degrade --out low photos/*.png",
      "  taipan degrade --out low --truths high --crop 256 --count 4 --sheet sheet.png photo.png",
      "  taipan degrade --print-settings > real.yaml"
    })
final class DegradeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PICTURE", arity = "0..*", description = "true pictures")
  private List<Path> inputs = List.of();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      completionCandidates = Kinds.class,
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private String kind = "real-world";

  @Option(names = "--out", paramLabel = "DIR", description = "folder of the results")
  private @Nullable Path out;

  @Option(names = "--truths", paramLabel = "DIR", description = "write the true pictures as well")
  private @Nullable Path truths;

  @Option(names = "--seed", description = "of all that is drawn (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "versions of each picture (default: ${DEFAULT-VALUE})")
  private int count = 1;

  @Option(
      names = "--crop",
      paramLabel = "N",
      description = "take a square of so many pixels, anywhere (default: all)")
  private int crop;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description = "YAML with what is drawn otherwise; --print-settings shows the names")
  private @Nullable Path settings;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "draw the middles of all pictures beside each other, and what was drawn")
  private @Nullable Path sheet;

  @Option(names = "--print-settings", description = "print the settings in force, and do no more")
  private boolean printSettings;

  @Mixin private CommonOptions common = new CommonOptions();

  /** The names of all kinds. */
  static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return DegradationKind.named().keySet().iterator();
    }
  }

  @Override
  public Integer call() throws IOException {
    DegradationKind<?> named = DegradationKind.named().get(kind);
    if (named == null) {
      throw common.misuse(
          "--kind is %s, got %s"
              .formatted(String.join(" or ", DegradationKind.named().keySet()), kind));
    }
    return run(named);
  }

  private <S extends Record> int run(DegradationKind<S> named) throws IOException {
    S inForce = settings == null ? named.defaults() : SettingsFile.read(settings, named.defaults());
    if (printSettings) {
      common.out().print(SettingsFile.text(inForce));
      return 0;
    }
    Degradation degradation = named.maker().apply(inForce);
    Path folder = requireOptions(degradation.scale());
    int exitCode = 0;
    List<List<ContactSheet.Cell>> rows = new ArrayList<>();
    for (var job : names(inputs).entrySet()) {
      try {
        rows.add(degrade(job.getValue(), job.getKey(), folder, degradation));
      } catch (IOException | IllegalArgumentException e) {
        exitCode = common.report(e); // and goes on with the other pictures
      }
    }
    if (sheet != null && !rows.isEmpty()) {
      ImageFiles.write(Picture.opaque(ContactSheet.draw(rows)), sheet);
    }
    return exitCode;
  }

  private Path requireOptions(int scale) throws IOException {
    if (inputs.isEmpty()) {
      throw common.misuse("Missing required parameter: 'PICTURE'");
    }
    if (out == null) {
      throw common.misuse("Missing required option: '--out=DIR'");
    }
    if (count < 1 || count > 1000) {
      throw common.misuse("--count is from 1 to 1000, got " + count);
    }
    if (crop < 0 || crop % scale != 0) {
      throw common.misuse("--crop is a multiple of %d, got %d".formatted(scale, crop));
    }
    if (sheet != null) {
      ImageFiles.checkTarget(sheet, false);
    }
    return out;
  }

  /** Every picture by its name, without extension. */
  private static SequencedMap<String, Path> names(List<Path> inputs) throws IOException {
    SequencedMap<String, Path> names = new LinkedHashMap<>();
    for (Path input : inputs) {
      String file = String.valueOf(input.getFileName());
      int dot = file.lastIndexOf('.');
      String name = dot > 0 ? file.substring(0, dot) : file;
      Path other = names.put(name, input);
      if (other != null) {
        throw new IOException(
            "%s and %s would both be written to %s.png".formatted(other, input, name));
      }
    }
    return names;
  }

  /** Writes all versions of a picture; the row of the sheet that shows them. */
  private List<ContactSheet.Cell> degrade(
      Path input, String name, Path folder, Degradation degradation) throws IOException {
    CounterRandom random = CounterRandom.seeded(seed).split("degrade").split(name);
    Image picture = ImageFiles.read(input).colour();
    int scale = degradation.scale();
    int side = Math.max(crop, scale);
    if (Math.min(picture.height(), picture.width()) < side) {
      throw new IOException(
          "%s is %dx%d, smaller than %dx%d pixels"
              .formatted(input, picture.width(), picture.height(), side, side));
    }
    Image truth = cut(picture, scale, random.split("crop"));
    List<ContactSheet.Cell> row = new ArrayList<>();
    row.add(new ContactSheet.Cell(truth, 1, List.of(name)));
    for (int i = 1; i <= count; i++) {
      String file = count == 1 ? name + ".png" : name + "_" + i + ".png";
      CounterRandom draws = random.split(i);
      Image spoilt = degradation.degrade(FloatImage.of(truth), draws).toImage();
      write(spoilt, folder, file, input);
      if (truths != null) {
        write(truth, truths, file, input);
      }
      List<String> caption = degradation.describe(draws);
      row.add(new ContactSheet.Cell(spoilt, scale, caption));
      if (!common.quiet()) {
        common
            .out()
            .printf(
                "%s: %dx%d to %dx%d; %s%n",
                folder.resolve(file),
                truth.width(),
                truth.height(),
                spoilt.width(),
                spoilt.height(),
                String.join("; ", caption));
      }
    }
    return row;
  }

  private Image cut(Image picture, int scale, CounterRandom random) {
    return crop == 0
        ? picture.cropToMultiple(scale)
        : picture.crop(
            random.below(picture.height() - crop + 1, 0),
            random.below(picture.width() - crop + 1, 1),
            crop,
            crop);
  }

  private static void write(Image image, Path folder, String name, Path input) throws IOException {
    Files.createDirectories(folder);
    Path target = folder.resolve(name);
    if (Files.exists(target) && Files.isSameFile(input, target)) {
      throw new IOException(target + " cannot be written: it is the picture to degrade");
    }
    ImageFiles.write(Picture.opaque(image), target);
  }
}
